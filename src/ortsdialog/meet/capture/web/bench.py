"""Where paper is worked on: the team's desk, for a whole event, or the host's page, for one table."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import actor_of, public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.web.cookies import host_actor
from ortsdialog.meet.capture.web.host_door import handed_over, leads
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.queries import table_by_code


@dataclass(frozen=True)
class Bench:
    """Who works here, on which event, and (a host) at which table alone."""

    actor: Actor
    gathering: Gathering
    table: Table | None
    address: dict[str, Any]
    layout: str

    @property
    def is_desk(self) -> bool:
        return self.table is None

    @property
    def where(self) -> Table | Gathering:
        return self.table or self.gathering

    def url(self, name: str, **more: Any) -> str:
        """The page of this name at the desk, or its sister among the host's pages."""
        return reverse(f"capture:{'desk' if self.is_desk else 'host'}-{name}", kwargs={**self.address, **more})

    def context(self) -> dict[str, Any]:
        """What the pages of both need."""
        return {
            "bench": self,
            "layout": self.layout,
            # In the desk's navigation paper belongs to the event, not to the walls.
            "room": "gatherings",
            "gathering": self.gathering,
            "table": self.table,
            "key_in_url": self.url("key-in"),
            "photos_url": self.url("photos"),
        }


def at_desk(request: HttpRequest, place: Any, gathering: Gathering) -> Bench:
    address = {"place": place.slug, "pk": gathering.pk}
    return Bench(actor_of(request), gathering, None, address, "layouts/desk.html")


def at_table(request: HttpRequest, code: str) -> Bench | None:
    """The bench of the host whose device this is; None for everybody else."""
    table = table_by_code(code)
    actor = host_actor(request, table) if table is not None else None
    if table is None or actor is None:
        return None
    request.place = table.place  # type: ignore[attr-defined]
    return Bench(actor, table.gathering, table, {"code": table.code}, "layouts/table.html")


def for_host(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """A page for the host of the table in the address; 404 for everybody else, without a hint."""

    @functools.wraps(view)
    def entering(request: HttpRequest, code: str, **rest: Any) -> HttpResponse:
        bench = at_table(request, code)
        if bench is None or bench.table is None:
            raise Http404
        with open_place(bench.table.place):
            if leads(request, bench.table):
                response = view(request, bench, **rest)
            else:
                response = handed_over(request, bench.table)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return public(entering)
