"""The coordinator's buttons on the day itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.models import Gathering, Round
from ortsdialog.meet.gatherings.web.forms import CloseForm, CountForm


@desk("gatherings.run_gathering", Gathering)
@require_POST
def gathering_start(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    words = _("The tables are open. Start the first round when people are seated.")
    attempt(request, lambda: actions.start_gathering(actor=actor_of(request), gathering=gathering), words)
    return back_to(request, gathering)


@desk("gatherings.run_gathering", Gathering)
@require_POST
def round_start(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """The next round, or the one named in `round`."""
    named = request.POST.get("round", "")
    chosen: Round | None = None
    if named:
        chosen = get_object_or_404(gathering.rounds, pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
    attempt(request, lambda: actions.start_round(actor=actor_of(request), gathering=gathering, round=chosen))
    return back_to(request, gathering)


@desk("gatherings.run_gathering", Gathering)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_close(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: actions.close_gathering(actor=actor_of(request), gathering=gathering, reason=reason),
            _("The event is finished. Thank you. Now enter how many guests came."),
        )
        return back_to(request, gathering)
    context = {"place": place, "process": gathering.process, "gathering": gathering, "form": form}
    return render(request, "gatherings/desk/close.html", context)


@desk("gatherings.run_gathering", Gathering)
@require_POST
def gathering_reopen(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    words = _("The tables are open again.")
    attempt(request, lambda: actions.reopen_gathering(actor=actor_of(request), gathering=gathering), words)
    return back_to(request, gathering)


@desk("gatherings.enter_count", Gathering)
@require_POST
def count_enter(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    form = CountForm(request.POST)
    if not form.is_valid():
        for error in form.errors["counted_guests"]:
            messages.error(request, str(error))
        return back_to(request, gathering)
    count = form.cleaned_data["counted_guests"]
    attempt(
        request,
        lambda: actions.enter_count(actor=actor_of(request), gathering=gathering, counted_guests=count),
        _("The count is stored."),
    )
    return back_to(request, gathering)


def attempt(request: HttpRequest, act: Callable[[], Any], words: str = "") -> bool:
    """Do it, and say what was done or why not."""
    try:
        act()
    except NotReady as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return False
    if words:
        messages.success(request, words)
    return True


def back_to(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """The page the button was pressed on (only addresses of this site), else the event's own."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect("gatherings:desk-show", place=gathering.place.slug, pk=gathering.pk)
