"""Parts of an event's page that floors above bring along."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import panels
from ortsdialog.meet.gatherings.panels import Panel, panels_of, register_panel
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def panel(template: str, permission: str, order: int) -> Panel:
    return Panel(template, permission, order, describe=lambda gathering: {"number": gathering.pk})


def test_panels_are_shown_in_order_to_those_who_may_see_them(
    dialogue: Process, as_alma: Actor, as_kim: Actor, as_nils: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_panels", [])
    second = Panel("second.html", "gatherings.run_gathering", 2, describe=lambda gathering: {})
    register_panel(second)
    register_panel(panel("first.html", "gatherings.see_gathering", 1))
    register_panel(second)
    gathering = make_gathering(dialogue)
    with open_place(dialogue.place):
        assert [shown.template for shown in panels_of(gathering, as_alma)] == ["first.html", "second.html"]
        assert [(shown.template, shown.content) for shown in panels_of(gathering, as_kim)] == [
            ("first.html", {"number": gathering.pk})
        ]
        assert panels_of(gathering, as_nils) == []


def test_a_panel_counts_in_the_events_page(dialogue: Process, sign_in: Any, alma: Any) -> None:
    gathering = make_gathering(dialogue)
    page = sign_in(alma).get(f"/schreibtisch/altdorf/veranstaltungen/{gathering.pk}/")
    assert 'class="counts channels"' in page.content.decode()
