"""Reads of processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process import actions, queries
from ortsdialog.ground.process.choices import BlockState, ProcessState
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.rules import may_see_process
from ortsdialog.ground.process.slugs import free_slug, slug_of
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place


@pytest.fixture
def town(altdorf: Place):
    with open_place(altdorf):
        yield altdorf


@pytest.fixture
def full(town: Place, programme: Programme, as_alma: Actor) -> Process:
    """Everything is written down; nothing is public."""
    return actions.create_process(
        actor=as_alma, place=town, programme=programme, title="Dialog", goal="Z", promise="V", intention="I"
    )


def step_texts(process: Process) -> list[str]:
    with translation.override("en"):
        return [str(step.text) for step in queries.next_steps(process)]


def test_only_public_processes_of_the_open_town_are_published(dialogue: Process, programme: Programme) -> None:
    make_process(dialogue.place, programme, title="Entwurf", slug="entwurf")
    with open_place(dialogue.place):
        assert list(queries.published_processes(dialogue.place)) == [dialogue]
        assert queries.published_process(dialogue.place, "dialog") == dialogue
        assert queries.published_process(dialogue.place, "entwurf") is None
        assert queries.processes(dialogue.place).count() == 2


def test_processes_are_newest_first_and_undated_last(town: Place, programme: Programme) -> None:
    today = timezone.localdate()
    undated = make_process(town, programme, slug="a", published=True, starts_on=None)
    old = make_process(town, programme, slug="b", published=True, starts_on=today - timedelta(days=400))
    new = make_process(town, programme, slug="c", published=True, starts_on=today)
    assert list(queries.published_processes(town)) == [new, old, undated]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_processes_takes_one_query(
    town: Place, programme: Programme, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_process(town, programme, slug=f"d-{number}")
    with django_assert_num_queries(1):
        rows = [(p.programme.slug, p.place.slug, p.blocks_done, p.blocks_all) for p in queries.processes(town)]
    assert rows == [("kommunale-dialoge", "altdorf", 0, 6)] * count


def test_block_steps_speak_the_words_of_the_line(full: Process, as_alma: Actor) -> None:
    block = full.blocks.get(number=1)
    actions.edit_block(actor=as_alma, block=block, note="Zwölf Gespräche")
    actions.set_block_state(actor=as_alma, block=block, state=BlockState.DONE)
    actions.set_block_state(actor=as_alma, block=full.blocks.get(number=2), state=BlockState.RUNNING)
    steps = queries.block_steps(full)
    assert [step.state for step in steps] == ["done", "running", *["planned"] * 4]
    assert (steps[0].ends_on, str(steps[0].text), steps[0].url) == (timezone.localdate(), "Zwölf Gespräche", "")
    assert queries.block_steps(full, urls=True)[0].url == f"/schreibtisch/altdorf/dialoge/bausteine/{block.pk}/"


def test_timeline_is_in_the_order_of_time(full: Process, as_alma: Actor) -> None:
    today = timezone.localdate()
    actions.publish_intention(actor=as_alma, process=full, on=today - timedelta(days=30))
    actions.publish_process(actor=as_alma, process=full)
    actions.edit_block(
        actor=as_alma,
        block=full.blocks.get(number=1),
        starts_on=today - timedelta(days=40),
        ends_on=today + timedelta(days=5),
    )
    actions.edit_process(actor=as_alma, process=full, ends_on=today + timedelta(days=300))
    entries = queries.timeline(full)
    assert [(entry.on - today).days for entry in entries] == [-40, -30, 0, 5, 300]
    assert [entry.is_past for entry in entries] == [True, True, False, False, False]
    assert str(entries[0].title) == "Baustein 1"


def test_next_steps_of_an_empty_draft_ask_for_texts(town: Place, programme: Programme, as_alma: Actor) -> None:
    draft = actions.create_process(actor=as_alma, place=town, programme=programme, title="Dialog")
    assert step_texts(draft)[:3] == [
        "Write down the goal",
        "Write down what happens with the results",
        "Write down what is planned",
    ]


def test_next_steps_lead_through_publication(full: Process, as_alma: Actor) -> None:
    assert step_texts(full) == ["Publish the intention", "Publish the dialogue", "Begin the next building block"]
    actions.publish_intention(actor=as_alma, process=full)
    actions.publish_process(actor=as_alma, process=full)
    assert step_texts(full) == ["Begin the next building block"]
    assert queries.waiting_until(full) == timezone.localdate() + timedelta(days=21)


def test_next_steps_without_waiting_time_do_not_ask_for_an_intention(full: Process) -> None:
    full.programme.min_days_before_invitation = 0
    assert step_texts(full) == ["Publish the dialogue", "Begin the next building block"]
    assert queries.waiting_until(full) is None


def test_next_steps_put_overdue_tasks_first_then_the_running_block(full: Process, as_alma: Actor) -> None:
    actions.publish_intention(actor=as_alma, process=full)
    actions.publish_process(actor=as_alma, process=full)
    first, second = full.blocks.get(number=1), full.blocks.get(number=2)
    actions.set_block_state(actor=as_alma, block=first, state=BlockState.RUNNING)
    late = actions.add_task(
        actor=as_alma, block=second, title="Saal buchen", due_on=timezone.localdate() - timedelta(days=1)
    )
    assert step_texts(full) == ["Saal buchen", "Eine Aufgabe"]
    actions.finish_task(actor=as_alma, task=late)
    actions.finish_task(actor=as_alma, task=first.tasks.get())
    assert step_texts(full) == ["All tasks are done: finish the block"]


def test_finished_process_has_no_next_steps(full: Process) -> None:
    full.state = ProcessState.CLOSED
    assert queries.next_steps(full) == []


def test_everybody_sees_a_public_process_and_only_the_town_a_draft(
    full: Process, as_alma: Actor, as_kim: Actor, as_nils: Actor
) -> None:
    guest = Actor.guest()
    assert [bool(may_see_process(actor, full)) for actor in (as_alma, as_kim, as_nils, guest)] == [
        True,
        True,
        False,
        False,
    ]
    full.published_at = timezone.now()
    assert may_see_process(guest, full)
    assert not may_see_process(guest, None)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Größe & Fülle", "groesse-fuelle"), ("حوار", "dialog"), ("", "dialog"), ("a" * 99, "a" * 80)],
)
def test_slug_of_a_title(text: str, slug: str) -> None:
    assert slug_of(text, otherwise="dialog") == slug


def test_free_slug_counts_up_within_its_length() -> None:
    taken = {"a" * 80, "a" * 78 + "-2"}
    assert free_slug("a" * 90, taken, otherwise="x") == "a" * 78 + "-3"


def test_a_title_in_other_languages_does_not_change_the_address(
    town: Place, programme: Programme, as_alma: Actor
) -> None:
    title = MultilingualText.of({"de": "Gespräch", "ar": "حوار"})
    process = actions.create_process(actor=as_alma, place=town, programme=programme, title=title)
    assert process.slug == "gespraech"
