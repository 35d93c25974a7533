"""The dialogue's desk page as a hub: what registers itself is found there, as far as the right goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.process import queries, workplaces
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import NextStep
from ortsdialog.ground.process.workplaces import Doorway, Workplace, open_workplaces, register_workplace
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> list[Workplace]:
    """An empty list of workplaces."""
    found: list[Workplace] = []
    monkeypatch.setattr(workplaces, "_workplaces", found)
    return found


def workplace(label: str, order: int = 1, permission: str = "process.see_draft", **more: Any) -> Workplace:
    lines = more.pop("lines", [Doorway(f"{label}-Zeile", "/x/")])
    return Workplace(label, permission, order, describe=lambda process: lines, **more)


def test_workplaces_stand_in_their_order_and_once(only: list[Workplace], dialogue: Process, as_alma: Actor) -> None:
    second, first = workplace("Zwei", 2), workplace("Eins", 1)
    for each in (second, first, second):
        register_workplace(each)
    assert [each.label for each in open_workplaces(as_alma, dialogue)] == ["Eins", "Zwei"]


def test_right_decides_about_a_workplace_and_about_a_line(
    only: list[Workplace], dialogue: Process, as_alma: Actor, as_kim: Actor, as_nils: Actor
) -> None:
    lines = [Doorway("Lesen", "/a/"), Doorway("Schreiben", "/b/", permission="process.edit_process")]
    register_workplace(workplace("Offen", lines=lines))
    register_workplace(workplace("Eng", permission="process.edit_process"))
    register_workplace(workplace("Leer", lines=[]))
    seen = {
        actor: [(each.label, [line.text for line in each.doorways]) for each in open_workplaces(actor, dialogue)]
        for actor in (as_alma, as_kim, as_nils)
    }
    assert seen == {
        as_alma: [("Offen", ["Lesen", "Schreiben"]), ("Eng", ["Eng-Zeile"])],
        as_kim: [("Offen", ["Lesen"])],
        as_nils: [],
    }


def test_step_of_a_workplace_stands_among_the_next_steps(only: list[Workplace], dialogue: Process) -> None:
    register_workplace(workplace("A", steps=lambda process, blocks: [NextStep(f"{len(blocks)} Bausteine", "/x/")]))
    with open_place(dialogue.place):
        assert "6 Bausteine" in [str(step.text) for step in queries.next_steps(dialogue)]


@pytest.mark.parametrize(("who", "may_prepare"), [("alma", True), ("kim", False)])
def test_desk_page_leads_to_events_statements_clusters_and_plan(
    sign_in: Any, dialogue: Process, request: pytest.FixtureRequest, who: str, may_prepare: bool
) -> None:
    person: User = request.getfixturevalue(who)
    page = sign_in(person).get(f"/schreibtisch/altdorf/dialoge/{dialogue.pk}/").content.decode()
    for address in ("dialoge/dialog/cluster/", "plan/dialog/"):
        assert f"/schreibtisch/altdorf/{address}" in page
    assert (f"/schreibtisch/altdorf/veranstaltungen/neu/{dialogue.pk}/" in page) == may_prepare
    assert (f"/schreibtisch/altdorf/dialoge/{dialogue.pk}/sprachen/" in page) == may_prepare


def test_archived_dialogue_offers_no_new_event(sign_in: Any, alma: User, dialogue: Process) -> None:
    with open_place(dialogue.place):
        Process.objects.filter(pk=dialogue.pk).update(state="closed", ends_on=date(2026, 1, 1))
    page = sign_in(alma).get(f"/schreibtisch/altdorf/dialoge/{dialogue.pk}/").content.decode()
    assert "veranstaltungen/neu/" not in page
    assert "dialoge/dialog/cluster/" in page
