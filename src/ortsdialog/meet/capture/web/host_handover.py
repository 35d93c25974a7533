"""Handing a table over to another device, and taking it over there."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import offer_table, take_over_table
from ortsdialog.meet.capture.models import HostHandover
from ortsdialog.meet.capture.queries import handover_by_token, latest_handover
from ortsdialog.meet.capture.refusals import HandoverIsOver
from ortsdialog.meet.capture.rules import HANDOVER_LINK
from ortsdialog.meet.capture.web.cookies import host_device_mark, remember_host
from ortsdialog.meet.capture.web.host_door import host_address, host_page
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import table_by_code

STOP = "stop"


@host_page
def hand_over(request: HttpRequest, *, table: Table, actor: Actor) -> HttpResponse:
    """Choose who leads from then on, and show the link for the other device."""
    mark = host_device_mark(request)
    if not mark:
        # Opened before devices had a mark: it gets one, and comes back.
        response = redirect("capture:host-handover", code=table.code)
        remember_host(response, table)
        return response
    more: dict[str, Any] = {}
    handover: HostHandover | None
    if request.method == "POST":
        stops = request.POST.get("who") == STOP
        handover, token = offer_table(actor=actor, table=table, device_mark=mark, ends_device=stops)
        link = settings.BASE_URL + reverse("capture:host-takeover", kwargs={"code": table.code, "token": token})
        more = {"link": link, "qr": _qr(link)}
    else:
        handover = latest_handover(table, mark)
    context = {"table": table, "handover": handover, "back": host_address(table), **more}
    return _secret(render(request, "capture/host_handover.html", context))


@public
def take_over(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What the link opens on the other device. Looking changes nothing: messengers look at links, too."""
    table = table_by_code(code)
    if table is None:
        raise Http404
    request.place = table.place  # type: ignore[attr-defined]
    with open_place(table.place):
        handover = handover_by_token(table, token)
        if handover is None:
            raise Http404
        context = {"table": table, "handover": handover}
        if request.method != "POST":
            status = 200 if handover.is_open else 410
            return _secret(render(request, "capture/host_takeover.html", context, status=status))
        try:
            take_over_table(actor=Actor.by_link(HANDOVER_LINK, handover.pk, label="table host"), handover=handover)
        except HandoverIsOver:
            handover.refresh_from_db()
            return _secret(render(request, "capture/host_takeover.html", context, status=410))
    response = redirect(host_address(table))
    remember_host(response, table)
    return response


def _qr(address: str) -> SafeString:
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawing)  # noqa: S308  segno draws squares; the address is not part of the markup


def _secret(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes into no cache and no other site's log."""
    patch_cache_control(response, private=True, no_store=True)
    # Not no-referrer: with it a browser hides from us, too, where the form of this page comes from.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
