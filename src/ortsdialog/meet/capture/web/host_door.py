"""The door of the host's pages: who leads this table from this device, and who did until it was handed over."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.queries import has_handed_over
from ortsdialog.meet.capture.web.cookies import host_actor, host_device_mark
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import table_by_code


def led_table(request: HttpRequest, code: str) -> tuple[Table, Actor]:
    """The table that this device leads or led; 404 for everybody else, without a hint."""
    table = table_by_code(code)
    actor = host_actor(request, table) if table is not None else None
    if table is None or actor is None:
        raise Http404
    return table, actor


def leads(request: HttpRequest, table: Table) -> bool:
    """Whether the device leads it still. Its town is open."""
    return not has_handed_over(table, host_device_mark(request))


def host_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the host alone. The view gets `table` and `actor`, and the table's town is open."""

    @public
    @functools.wraps(view)
    def entering(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        table, actor = led_table(request, code)
        request.place = table.place  # type: ignore[attr-defined]
        with open_place(table.place):
            if not leads(request, table):
                return handed_over(request, table)
            return view(request, table=table, actor=actor, **kwargs)

    return entering


def handed_over(request: HttpRequest, table: Table) -> HttpResponse:
    """What a device sees that has given the table to another one. What it still keeps is sent from here."""
    return private(render(request, "capture/host_ended.html", {"table": table}, status=410))


def private(response: HttpResponse) -> HttpResponse:
    # Not no-store: going back must find the page, and with it what was typed.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def host_address(table: Table) -> str:
    return reverse("capture:host-table", kwargs={"code": table.code})
