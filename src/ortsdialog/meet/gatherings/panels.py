"""What floors above show on an event's desk page. They register it at start; here it is only put in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ortsdialog.kernel.access import Actor, allowed
from ortsdialog.meet.gatherings.models import Gathering


@dataclass(frozen=True)
class Panel:
    """A part of the page: a fragment, who sees it, and what it needs (a dictionary for the fragment)."""

    template: str
    permission: str
    order: int
    describe: Callable[[Gathering], dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A panel with its content, as the page includes it."""

    template: str
    content: dict[str, Any]


_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Make a part of the event's page known. Registering it again changes nothing."""
    if panel not in _panels:
        _panels.append(panel)
        _panels.sort(key=lambda one: one.order)


def panels_of(gathering: Gathering, actor: Actor) -> list[Shown]:
    """What this person sees on the event's page, in order."""
    return [
        Shown(panel.template, panel.describe(gathering))
        for panel in _panels
        if allowed(actor, panel.permission, gathering)
    ]
