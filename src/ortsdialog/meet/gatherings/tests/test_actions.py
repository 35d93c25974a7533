"""Every change of an event: done, refused, and refused for another town."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.actions import close_process
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.signals import gathering_closed, gathering_published, gathering_started
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def live_events(gathering: Gathering) -> list[str]:
    return list(LiveEvent.objects.filter(topic=f"gathering:{gathering.pk}").values_list("name", flat=True))


def heard(bell: Any) -> list[int]:
    calls: list[int] = []

    def listen(*, gathering_id: int, place_id: int, **_: Any) -> None:
        calls.append(gathering_id)

    bell.connect(listen, weak=False)
    return calls


def test_create_gathering_makes_tables_rounds_and_questions(prepared: Gathering) -> None:
    assert (prepared.slug, prepared.state) == ("auftakt-in-der-stadthalle", GatheringState.DRAFT)
    tables = [(t.number, str(t.theme), t.host_name) for t in prepared.tables.all()]
    assert tables == [(1, "Wohnen", "Tessa"), (2, "Arbeit", "")]
    rounds = [(r.number, str(r.question.text), r.duration_minutes) for r in prepared.rounds.select_related("question")]
    assert rounds == [(1, "Was läuft gut?", 35), (2, "Was braucht es?", 40)]
    codes = set(prepared.tables.values_list("code", "host_key"))
    assert len(codes) == 2
    entry = AuditEntry.objects.get(code="gatherings.create_gathering")
    assert entry.detail == {"tables": 2, "rounds": 2}


def test_create_gathering_with_a_taken_title_gets_a_number(prepared: Gathering, as_alma: Actor) -> None:
    second = actions.create_gathering(
        actor=as_alma, process=prepared.process, title=prepared.title, format="other", starts_at=timezone.now()
    )
    assert second.slug == "auftakt-in-der-stadthalle-2"


def test_create_gathering_in_another_town_is_refused(town: Place, dialogue: Process, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.create_gathering(
            actor=as_nils, process=dialogue, title="Fremd", format="other", starts_at=timezone.now()
        )


def test_create_gathering_without_title_or_with_wrong_times_is_refused(
    town: Place, dialogue: Process, as_alma: Actor
) -> None:
    now = timezone.now()
    with pytest.raises(NotReady) as refusal:
        actions.create_gathering(
            actor=as_alma, process=dialogue, title="", format="other", starts_at=now, ends_at=now - timedelta(hours=1)
        )
    assert len(refusal.value.reasons) == 2
    assert Gathering.objects.count() == 0


@pytest.mark.parametrize("name", ["as_nils", "as_kim"])
def test_event_without_right_is_refused(prepared: Gathering, name: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(name)
    table = prepared.tables.get(number=1)
    for change in (
        lambda: actions.edit_gathering(actor=actor, gathering=prepared, venue="x"),
        lambda: actions.publish_gathering(actor=actor, gathering=prepared),
        lambda: actions.start_gathering(actor=actor, gathering=prepared),
        lambda: actions.start_round(actor=actor, gathering=prepared),
        lambda: actions.close_gathering(actor=actor, gathering=prepared),
        lambda: actions.reopen_gathering(actor=actor, gathering=prepared),
        lambda: actions.enter_count(actor=actor, gathering=prepared, counted_guests=3),
        lambda: actions.renew_host_key(actor=actor, table=table),
        lambda: actions.forget_names(actor=actor, process=prepared.process),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_publish_gathering_rings_once(
    prepared: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    calls = heard(gathering_published)
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_gathering(actor=as_alma, gathering=prepared)
        actions.publish_gathering(actor=as_alma, gathering=prepared)
    assert (prepared.state, prepared.is_public) == (GatheringState.PUBLISHED, True)
    assert calls == [prepared.pk]


def test_publish_gathering_before_the_waiting_time_is_refused(
    town: Place, programme: Programme, as_alma: Actor
) -> None:
    today = timezone.localdate()
    process = make_process(
        town, programme, slug="frisch", published=True, intention_published_on=today - timedelta(days=20)
    )
    gathering = make_gathering(process, state=GatheringState.DRAFT)
    with pytest.raises(NotReady) as refusal:
        actions.publish_gathering(actor=as_alma, gathering=gathering)
    assert len(refusal.value.reasons) == 1
    process.intention_published_on = today - timedelta(days=21)
    process.save()
    gathering.process = process
    assert actions.publish_gathering(actor=as_alma, gathering=gathering).is_public


def test_publish_gathering_of_a_draft_dialogue_is_refused(town: Place, programme: Programme, as_alma: Actor) -> None:
    gathering = make_gathering(make_process(town, programme, slug="entwurf"), state=GatheringState.DRAFT)
    with pytest.raises(NotReady):
        actions.publish_gathering(actor=as_alma, gathering=gathering)


def test_publish_gathering_names_everything_that_is_missing(town: Place, dialogue: Process, as_alma: Actor) -> None:
    bare = make_gathering(dialogue, tables=0, rounds=0, state=GatheringState.DRAFT, venue="")
    with pytest.raises(NotReady) as refusal:
        actions.publish_gathering(actor=as_alma, gathering=bare)
    assert len(refusal.value.reasons) == 3


def test_start_gathering_tells_the_wall(
    prepared: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    calls = heard(gathering_started)
    with pytest.raises(NotReady):
        actions.start_gathering(actor=as_alma, gathering=prepared)
    actions.publish_gathering(actor=as_alma, gathering=prepared)
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_gathering(actor=as_alma, gathering=prepared)
        actions.start_gathering(actor=as_alma, gathering=prepared)
    assert prepared.takes_statements
    assert live_events(prepared) == ["round"]
    assert calls == [prepared.pk]


def test_rounds_follow_one_another_and_can_go_back(running: Gathering, as_alma: Actor) -> None:
    first = actions.start_round(actor=as_alma, gathering=running)
    assert actions.start_round(actor=as_alma, gathering=running, round=first) == first
    second = actions.start_round(actor=as_alma, gathering=running)
    first.refresh_from_db()
    assert (first.number, second.number, running.current_round) == (1, 2, second)
    assert first.ended_at == second.started_at
    with pytest.raises(NotReady):
        actions.start_round(actor=as_alma, gathering=running)
    back = actions.start_round(actor=as_alma, gathering=running, round=first)
    assert (back.ended_at, running.current_round) == (None, first)
    assert live_events(running) == ["round"] * 4


def test_round_before_the_start_or_of_another_event_is_refused(
    prepared: Gathering, running: Gathering, as_alma: Actor
) -> None:
    waiting = make_gathering(prepared.process, slug="spaeter", state=GatheringState.PUBLISHED)
    with pytest.raises(NotReady):
        actions.start_round(actor=as_alma, gathering=waiting)
    with pytest.raises(ValueError, match="another gathering"):
        actions.start_round(actor=as_alma, gathering=running, round=waiting.rounds.get())


def test_close_gathering_ends_the_round_and_can_be_taken_back(
    running: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    calls = heard(gathering_closed)
    round = actions.start_round(actor=as_alma, gathering=running)
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_gathering(actor=as_alma, gathering=running, reason="Feierabend")
        actions.close_gathering(actor=as_alma, gathering=running)
    round.refresh_from_db()
    assert (running.state, running.current_round, running.takes_statements) == (GatheringState.CLOSED, None, False)
    assert round.ended_at == running.closed_at
    assert calls == [running.pk]
    with pytest.raises(NotReady):
        actions.edit_gathering(actor=as_alma, gathering=running, venue="Anderswo")
    with pytest.raises(NotReady):
        actions.start_gathering(actor=as_alma, gathering=running)
    actions.reopen_gathering(actor=as_alma, gathering=running)
    assert (running.takes_statements, running.closed_at, running.current_round) == (True, None, round)
    with pytest.raises(NotReady):
        actions.reopen_gathering(actor=as_alma, gathering=running)


def test_close_gathering_that_never_began_is_refused(prepared: Gathering, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.close_gathering(actor=as_alma, gathering=prepared)


def test_enter_count_keeps_the_number_before_in_the_log(running: Gathering, as_alma: Actor) -> None:
    actions.enter_count(actor=as_alma, gathering=running, counted_guests=150)
    actions.enter_count(actor=as_alma, gathering=running, counted_guests=148)
    running.refresh_from_db()
    assert running.counted_guests == 148
    assert AuditEntry.objects.filter(code="gatherings.enter_count").latest("id").detail == {"from": 150, "to": 148}


def test_enter_count_before_the_event_is_refused(prepared: Gathering, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.enter_count(actor=as_alma, gathering=prepared, counted_guests=3)


def test_renew_host_key_ends_the_old_one(prepared: Gathering, as_alma: Actor) -> None:
    table = prepared.tables.get(number=1)
    before = table.host_key
    actions.renew_host_key(actor=as_alma, table=table)
    table.refresh_from_db()
    assert table.host_key != before


def test_with_the_end_of_the_dialogue_names_go_and_nothing_changes_any_more(
    running: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    process = running.process
    actions.close_gathering(actor=as_alma, gathering=running)
    with django_capture_on_commit_callbacks(execute=True):
        close_process(actor=as_alma, process=process)
    assert [t.host_name for t in running.tables.all()] == ["", ""]
    assert AuditEntry.objects.get(code="gatherings.forget_names").detail == {"tables": 1}
    running.process = process
    for change in (
        lambda: actions.create_gathering(
            actor=as_alma, process=process, title="X", format="other", starts_at=timezone.now()
        ),
        lambda: actions.edit_gathering(actor=as_alma, gathering=running, venue="x"),
        lambda: actions.reopen_gathering(actor=as_alma, gathering=running),
    ):
        with pytest.raises(Archived):
            change()
