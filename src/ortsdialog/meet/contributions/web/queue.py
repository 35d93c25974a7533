"""Desk: the queue of what waits for approval, one card at a time, for several people at once."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import ngettext

from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.contributions.actions import approve_known, claim_next, pass_over, release_claims, renew_claim
from ortsdialog.meet.contributions.choices import ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.turns import burst, last_deeds, sender_of, waiting, waiting_of_known_devices
from ortsdialog.meet.gatherings.models import Gathering

LAST_DECIDED = 5
KNOWN_SHOWN = 20
_WINDOW = re.compile(r"[a-z0-9]{8,24}\Z")


@desk("contributions.moderate_statement")
def queue(request: HttpRequest, place: Any) -> HttpResponse:
    """The card whose turn it is. It is this window's alone until it is decided on, passed over, or a minute is over."""
    actor = actor_of(request)
    gathering = _gathering(request.GET.get("veranstaltung", ""))
    window = _window(request.GET.get("fenster", ""))
    statement = claim_next(actor=actor, where=gathering or place, claimant=claimant_of(request, window))
    cards = waiting(gathering)
    known = waiting_of_known_devices(gathering) if gathering is not None else None
    reworded = statement is not None and statement.version > 1
    events = list(
        Gathering.objects.filter(pk__in=waiting(None).order_by().values("gathering"))
        .annotate(number=Count("pk"))
        .order_by("starts_at", "pk")
    )
    context = {
        "gathering": gathering,
        "window": window,
        "statement": statement,
        "first_wording": statement.revisions.order_by("id").first() if statement and reworded else None,
        "sender": sender_of(statement) if statement is not None else None,
        "number": cards.count(),
        "burst": burst(cards),
        "known": known.count() if known is not None else 0,
        "known_first": known.order_by("received_at", "id")[:KNOWN_SHOWN] if known is not None else [],
        "events": events if len(events) > 1 or gathering is not None else [],
        "decided": last_deeds(gathering, LAST_DECIDED),
        "reports": Report.objects.filter(state=ReportState.OPEN).count(),
        "back": _address(place, gathering, window),
    }
    return render(request, "contributions/desk/queue.html", context)


@desk("contributions.moderate_statement")
def queue_act(request: HttpRequest, place: Any) -> HttpResponse:
    """What the page does beside deciding: keep the card, lay it back, leave, approve what known devices sent."""
    gathering = _gathering(request.POST.get("veranstaltung", ""))
    window = _window(request.POST.get("fenster", ""))
    back = redirect(_address(place, gathering, window))
    if request.method != "POST":
        return back
    actor, claimant, deed = actor_of(request), claimant_of(request, window), request.POST.get("deed", "")
    if deed == "known" and gathering is not None:
        number = len(approve_known(actor=actor, gathering=gathering))
        words = ngettext("One statement is approved.", "%(number)d statements are approved.", number)
        messages.success(request, words % {"number": number})
    elif deed == "leave":
        release_claims(actor=actor, where=place, claimant=claimant)
        return HttpResponse(status=204)
    elif deed in ("keep", "pass"):
        statement = Statement.everything.filter(handle=request.POST.get("handle", "")).first()
        if deed == "keep":
            kept = statement is not None and renew_claim(actor=actor, statement=statement, claimant=claimant)
            return JsonResponse({"kept": kept, "waiting": waiting(gathering).count()})
        if statement is not None:
            pass_over(actor=actor, statement=statement, claimant=claimant)
    return back


def _gathering(written: str) -> Gathering | None:
    """The event that the queue is narrowed to; an unknown one is 404, never ignored."""
    if not written:
        return None
    if not written.isdecimal() or len(written) > 9:
        raise Http404
    return get_object_or_404(Gathering.objects.select_related("place"), pk=int(written))


def _window(written: str) -> str:
    """The random name of this window of the browser; a new one where the address brings none."""
    return written if _WINDOW.match(written) else get_random_string(12, "abcdefghijklmnopqrstuvwxyz0123456789")


def claimant_of(request: HttpRequest, window: str) -> str:
    """This window of this person; a name that no window has is a new one."""
    return f"{actor_of(request).user_id}:{_window(window)}"


def _address(place: Any, gathering: Gathering | None, window: str) -> str:
    query = {"fenster": window} | ({"veranstaltung": str(gathering.pk)} if gathering is not None else {})
    return f"{reverse('contributions:desk-queue', kwargs={'place': place.slug})}?{urlencode(query)}"
