"""Every change of a process: done, refused, and refused for another town."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process import actions
from ortsdialog.ground.process.choices import BlockState, ProcessState
from ortsdialog.ground.process.conditions import (
    GOAL_MISSING,
    INTENTION_MISSING,
    PROMISE_MISSING,
    earliest_invitation_on,
    missing_for_invitation,
)
from ortsdialog.ground.process.models import BuildingBlock, Process, Programme
from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.ground.process.signals import process_closed, process_published
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.language.versions import OriginalChanged, Wording
from ortsdialog.kernel.tenancy import open_place


@pytest.fixture
def town(altdorf: Place):
    with open_place(altdorf):
        yield altdorf


@pytest.fixture
def draft(town: Place, programme: Programme, as_alma: Actor) -> Process:
    return actions.create_process(actor=as_alma, place=town, programme=programme, title="Wie leben wir?")


@pytest.fixture
def ready(draft: Process, as_alma: Actor) -> Process:
    return actions.edit_process(
        actor=as_alma, process=draft, goal="Zuhören.", promise="Der Rat antwortet.", intention="Thementische."
    )


@pytest.fixture
def block(ready: Process) -> BuildingBlock:
    return ready.blocks.get(number=1)


def heard(bell: Any) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    def listen(**kwargs: Any) -> None:
        calls.append({key: kwargs[key] for key in ("process_id", "place_id")})

    bell.connect(listen, weak=False)
    return calls


def last_entry(code: str) -> AuditEntry:
    return AuditEntry.objects.filter(code=code).latest("id")


def test_create_process_copies_the_template(draft: Process) -> None:
    assert (draft.slug, draft.state, draft.is_public) == ("wie-leben-wir", ProcessState.DRAFT, False)
    assert draft.blocks.count() == 6
    task = draft.blocks.get(number=1).tasks.get()
    assert (task.key, str(task.title), task.done_at) == ("a", "Eine Aufgabe", None)
    assert last_entry("process.create_process").actor_label == "Alma"


def test_create_process_with_a_taken_title_gets_a_number(draft: Process, programme: Programme, as_alma: Actor) -> None:
    second = actions.create_process(actor=as_alma, place=draft.place, programme=programme, title="Wie leben wir?")
    assert second.slug == "wie-leben-wir-2"


def test_create_process_without_title_is_refused(town: Place, programme: Programme, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.create_process(actor=as_alma, place=town, programme=programme, title="")


def test_create_process_in_another_town_is_refused(town: Place, programme: Programme, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.create_process(actor=as_nils, place=town, programme=programme, title="Fremd")


def test_edit_process_rewrites_the_original_and_marks_translations(ready: Process, as_alma: Actor) -> None:
    goal = MultilingualText.of({"de": "Alt", "ar": "قديم"})
    actions.edit_process(actor=as_alma, process=ready, goal=goal)
    actions.edit_process(actor=as_alma, process=ready, goal="Neu")
    ready.refresh_from_db()
    assert ready.goal.original_text == "Neu"
    assert ready.goal.state_of("ar") == State.OUT_OF_DATE
    assert last_entry("process.edit_process").detail == {"fields": ["goal"]}


def test_edit_process_with_the_end_before_the_beginning_is_refused(ready: Process, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.edit_process(actor=as_alma, process=ready, starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1))


def test_public_process_cannot_lose_its_promise(ready: Process, as_alma: Actor) -> None:
    actions.publish_process(actor=as_alma, process=ready)
    with pytest.raises(NotReady) as refusal:
        actions.edit_process(actor=as_alma, process=ready, promise="")
    assert refusal.value.reasons == [PROMISE_MISSING]
    ready.refresh_from_db()
    assert ready.promise.original_text == "Der Rat antwortet."


@pytest.mark.parametrize("name", ["as_nils", "as_kim"])
def test_edit_process_without_right_is_refused(ready: Process, name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        actions.edit_process(actor=request.getfixturevalue(name), process=ready, goal="x")


def test_publish_process_without_goal_and_promise_says_both(draft: Process, as_alma: Actor) -> None:
    with pytest.raises(NotReady) as refusal:
        actions.publish_process(actor=as_alma, process=draft)
    assert refusal.value.reasons == [GOAL_MISSING, PROMISE_MISSING]
    draft.refresh_from_db()
    assert not draft.is_public


def test_publish_process_rings_once(ready: Process, as_alma: Actor, django_capture_on_commit_callbacks: Any) -> None:
    calls = heard(process_published)
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_process(actor=as_alma, process=ready)
        actions.publish_process(actor=as_alma, process=ready)
    assert (ready.state, ready.is_public, ready.starts_on) == (ProcessState.RUNNING, True, timezone.localdate())
    assert calls == [{"process_id": ready.pk, "place_id": ready.place_id}]


def test_publish_process_of_another_town_is_refused(ready: Process, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.publish_process(actor=as_nils, process=ready)


def test_publish_intention_needs_what_is_planned(draft: Process, as_alma: Actor) -> None:
    with pytest.raises(NotReady) as refusal:
        actions.publish_intention(actor=as_alma, process=draft)
    assert refusal.value.reasons == [GOAL_MISSING, PROMISE_MISSING, INTENTION_MISSING]


def test_publish_intention_records_the_day_and_keeps_it(ready: Process, as_alma: Actor) -> None:
    actions.publish_intention(actor=as_alma, process=ready)
    assert ready.intention_published_on == timezone.localdate()
    with pytest.raises(NotReady):
        actions.publish_intention(actor=as_alma, process=ready)
    assert last_entry("process.publish_intention").detail == {"on": timezone.localdate().isoformat()}


def test_publish_intention_tomorrow_is_refused(ready: Process, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.publish_intention(actor=as_alma, process=ready, on=timezone.localdate() + timedelta(days=1))


def test_publish_intention_of_another_town_is_refused(ready: Process, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.publish_intention(actor=as_nils, process=ready)


@pytest.mark.parametrize(("days_ago", "reasons"), [(20, 1), (21, 0)])
def test_nobody_is_invited_before_the_waiting_time_is_over(
    town: Place, programme: Programme, days_ago: int, reasons: int
) -> None:
    today = timezone.localdate()
    process = make_process(town, programme, published=True, intention_published_on=today - timedelta(days=days_ago))
    assert len(missing_for_invitation(process)) == reasons
    assert earliest_invitation_on(process) == today + timedelta(days=21 - days_ago)


def test_nobody_is_invited_to_a_draft_or_without_intention(town: Place, programme: Programme) -> None:
    draft = make_process(town, programme)
    assert len(missing_for_invitation(draft)) == 1
    draft.published_at = timezone.now()
    assert len(missing_for_invitation(draft)) == 1
    assert earliest_invitation_on(draft) is None


def test_programme_without_waiting_time_invites_at_once(town: Place, programme: Programme) -> None:
    programme.min_days_before_invitation = 0
    process = make_process(town, programme, published=True, intention_published_on=None)
    assert missing_for_invitation(process) == []
    assert earliest_invitation_on(process) == timezone.localdate()


def test_close_process_makes_it_read_only(
    ready: Process, block: BuildingBlock, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    calls = heard(process_closed)
    task = block.tasks.get()
    actions.publish_process(actor=as_alma, process=ready)
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_process(actor=as_alma, process=ready, reason="Plan beschlossen")
    assert (ready.state, ready.ends_on) == (ProcessState.CLOSED, timezone.localdate())
    assert calls == [{"process_id": ready.pk, "place_id": ready.place_id}]
    assert last_entry("process.close_process").reason == "Plan beschlossen"
    block.process = ready
    task.block = block
    for change in (
        lambda: actions.edit_process(actor=as_alma, process=ready, goal="Neu"),
        lambda: actions.publish_process(actor=as_alma, process=ready),
        lambda: actions.publish_intention(actor=as_alma, process=ready),
        lambda: actions.close_process(actor=as_alma, process=ready),
        lambda: actions.edit_block(actor=as_alma, block=block, note="x"),
        lambda: actions.set_block_state(actor=as_alma, block=block, state=BlockState.DONE),
        lambda: actions.add_task(actor=as_alma, block=block, title="x"),
        lambda: actions.finish_task(actor=as_alma, task=task),
        lambda: actions.reopen_task(actor=as_alma, task=task),
        lambda: actions.set_due_dates(actor=as_alma, block=block, due=[]),
    ):
        with pytest.raises(Archived):
            change()


def test_close_process_that_was_never_public_is_refused(ready: Process, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.close_process(actor=as_alma, process=ready)


def test_close_process_of_another_town_is_refused(ready: Process, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.close_process(actor=as_nils, process=ready)


def test_block_states_note_their_days_and_can_be_taken_back(block: BuildingBlock, as_alma: Actor) -> None:
    today = timezone.localdate()
    actions.set_block_state(actor=as_alma, block=block, state=BlockState.RUNNING)
    assert (block.starts_on, block.done_on) == (today, None)
    actions.set_block_state(actor=as_alma, block=block, state=BlockState.DONE)
    assert (block.ends_on, block.done_on) == (today, today)
    actions.set_block_state(actor=as_alma, block=block, state=BlockState.OPEN)
    block.refresh_from_db()
    assert (block.state, block.done_on) == (BlockState.OPEN, None)


def test_block_keeps_an_earlier_beginning(block: BuildingBlock, as_alma: Actor) -> None:
    day = timezone.localdate() - timedelta(days=10)
    actions.edit_block(actor=as_alma, block=block, starts_on=day, note="Gut gelaufen")
    actions.set_block_state(actor=as_alma, block=block, state=BlockState.DONE)
    block.refresh_from_db()
    assert (block.starts_on, str(block.note)) == (day, "Gut gelaufen")


def test_edit_block_with_the_end_before_the_beginning_is_refused(block: BuildingBlock, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.edit_block(actor=as_alma, block=block, starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1))


def test_task_is_ticked_off_once_and_taken_back(block: BuildingBlock, as_alma: Actor) -> None:
    task = block.tasks.get()
    actions.finish_task(actor=as_alma, task=task)
    first = task.done_at
    actions.finish_task(actor=as_alma, task=task)
    assert task.done_at == first
    actions.reopen_task(actor=as_alma, task=task)
    actions.reopen_task(actor=as_alma, task=task)
    task.refresh_from_db()
    assert task.done_at is None
    assert AuditEntry.objects.filter(code="process.finish_task").count() == 1
    assert AuditEntry.objects.filter(code="process.reopen_task").count() == 1


def test_add_task_goes_to_the_end(block: BuildingBlock, as_alma: Actor) -> None:
    task = actions.add_task(actor=as_alma, block=block, title="Saal buchen", due_on=date(2026, 9, 1))
    assert (task.number, task.key, [str(t.title) for t in block.tasks.all()]) == (
        2,
        "",
        ["Eine Aufgabe", "Saal buchen"],
    )


def test_set_due_dates_counts_the_changes(block: BuildingBlock, as_alma: Actor) -> None:
    task = block.tasks.get()
    assert actions.set_due_dates(actor=as_alma, block=block, due=[(task, date(2026, 9, 1))]) == 1
    assert actions.set_due_dates(actor=as_alma, block=block, due=[(task, date(2026, 9, 1))]) == 0
    task.refresh_from_db()
    assert task.due_on == date(2026, 9, 1)


def test_set_due_dates_of_another_block_is_an_error(block: BuildingBlock, as_alma: Actor) -> None:
    other = block.process.blocks.get(number=2).tasks.get()
    with pytest.raises(ValueError, match="another block"):
        actions.set_due_dates(actor=as_alma, block=block, due=[(other, date(2026, 9, 1))])


def test_work_on_a_block_of_another_town_is_refused(block: BuildingBlock, as_nils: Actor) -> None:
    task = block.tasks.get()
    for change in (
        lambda: actions.edit_block(actor=as_nils, block=block, note="x"),
        lambda: actions.set_block_state(actor=as_nils, block=block, state=BlockState.DONE),
        lambda: actions.add_task(actor=as_nils, block=block, title="x"),
        lambda: actions.finish_task(actor=as_nils, task=task),
        lambda: actions.reopen_task(actor=as_nils, task=task),
        lambda: actions.set_due_dates(actor=as_nils, block=block, due=[]),
    ):
        with pytest.raises(NotAllowed):
            change()


# ---- Versions in other languages ------------------------------------------------------------------


def versions_of(process: Process, **words: str) -> dict[str, Wording]:
    return {
        f"process-{process.pk}-{name}": Wording(text, True, digest(getattr(process, name).original_text))
        for name, text in words.items()
    }


def test_translate_process_stores_checked_versions_and_one_entry(ready: Process, as_alma: Actor) -> None:
    words = versions_of(ready, title="How do we live?", goal="Listening.")
    assert actions.translate_process(actor=as_alma, process=ready, language="en", wordings=words) == 2
    ready.refresh_from_db()
    assert (ready.title.state_of("en"), ready.goal.text_in("en")) == (State.CHECKED, "Listening.")
    entry = last_entry("process.translate_process")
    assert entry.detail == {"language": "en", "texts": [f"process-{ready.pk}-title", f"process-{ready.pk}-goal"]}
    assert actions.translate_process(actor=as_alma, process=ready, language="en", wordings=words) == 0
    assert AuditEntry.objects.filter(code="process.translate_process").count() == 1


def test_translate_process_with_an_original_rewritten_meanwhile_stores_nothing(ready: Process, as_alma: Actor) -> None:
    words = versions_of(ready, title="How do we live?", goal="Listening.")
    Process.objects.filter(pk=ready.pk).update(goal=MultilingualText.written("Anders."))
    with pytest.raises(OriginalChanged):
        actions.translate_process(actor=as_alma, process=ready, language="en", wordings=words)
    ready.refresh_from_db()
    assert ready.title.state_of("en") is None


def test_translate_process_is_refused_for_observers_other_towns_and_archives(
    ready: Process, as_alma: Actor, as_kim: Actor, as_nils: Actor
) -> None:
    for actor in (as_kim, as_nils):
        with pytest.raises(NotAllowed):
            actions.translate_process(actor=actor, process=ready, language="en", wordings={})
    ready.state = ProcessState.CLOSED
    with pytest.raises(Archived):
        actions.translate_process(actor=as_alma, process=ready, language="en", wordings={})
