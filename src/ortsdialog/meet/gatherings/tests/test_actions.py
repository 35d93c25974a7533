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
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import Format, GatheringState
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.signals import gathering_closed, gathering_published, gathering_started
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def town(dialogue: Process):
    with open_place(dialogue.place):
        yield dialogue.place


@pytest.fixture
def draft(town: Place, dialogue: Process, as_alma: Actor) -> Gathering:
    return actions.create_gathering(
        actor=as_alma,
        process=dialogue,
        title="Auftakt in der Stadthalle",
        format=Format.THEME_TABLES,
        starts_at=timezone.now() + timedelta(days=30),
        venue="Stadthalle",
        languages=["de", "ar"],
        tables=[TableDraft("Wohnen", "Tessa"), TableDraft("Arbeit")],
        rounds=[RoundDraft("Was läuft gut?", 35), RoundDraft("Was braucht es?", 40)],
    )


@pytest.fixture
def running(draft: Gathering, as_alma: Actor) -> Gathering:
    actions.publish_gathering(actor=as_alma, gathering=draft)
    return actions.start_gathering(actor=as_alma, gathering=draft)


def tables_of(gathering: Gathering) -> list[tuple[int, str, str]]:
    return [(t.number, str(t.theme), t.host_name) for t in gathering.tables.order_by("number")]


def rounds_of(gathering: Gathering) -> list[tuple[int, str, int]]:
    return [
        (r.number, r.question.text.original_text, r.duration_minutes)
        for r in gathering.rounds.select_related("question").order_by("number")
    ]


def drafts_of(gathering: Gathering) -> tuple[list[TableDraft], list[RoundDraft]]:
    return (
        [TableDraft(t.theme, t.host_name, pk=t.pk) for t in gathering.tables.order_by("number")],
        [
            RoundDraft(r.question.text.original_text, r.duration_minutes, pk=r.pk)
            for r in gathering.rounds.select_related("question").order_by("number")
        ],
    )


def put_statement(table: Table, *, with_round: bool = False) -> None:
    """A row of the floor above that holds on to the table or to its first round (reached from below: no import)."""
    round = table.gathering.rounds.order_by("number").first() if with_round else None
    table.gathering.statements.create(  # type: ignore[attr-defined]
        place=table.place,
        process=table.gathering.process,
        table=None if with_round else table,
        round=round,
        question=round.question if round else None,
        text=MultilingualText.written("Mehr Bänke"),
        receipt_code=f"probe-{table.pk}",
    )


def live_events(gathering: Gathering) -> list[str]:
    return list(LiveEvent.objects.filter(topic=f"gathering:{gathering.pk}").values_list("name", flat=True))


def heard(bell: Any) -> list[int]:
    calls: list[int] = []

    def listen(*, gathering_id: int, place_id: int, **_: Any) -> None:
        calls.append(gathering_id)

    bell.connect(listen, weak=False)
    return calls


def test_create_gathering_makes_tables_rounds_and_questions(draft: Gathering) -> None:
    assert (draft.slug, draft.state) == ("auftakt-in-der-stadthalle", GatheringState.DRAFT)
    assert tables_of(draft) == [(1, "Wohnen", "Tessa"), (2, "Arbeit", "")]
    assert rounds_of(draft) == [(1, "Was läuft gut?", 35), (2, "Was braucht es?", 40)]
    codes = set(draft.tables.values_list("code", "host_key"))
    assert len(codes) == 2
    entry = AuditEntry.objects.get(code="gatherings.create_gathering")
    assert entry.detail == {"tables": 2, "rounds": 2}


def test_rounds_with_the_same_question_share_it(town: Place, dialogue: Process, as_alma: Actor) -> None:
    gathering = actions.create_gathering(
        actor=as_alma,
        process=dialogue,
        title="X",
        format="world_cafe",
        starts_at=timezone.now(),
        rounds=[RoundDraft("Was?"), RoundDraft("Was?"), RoundDraft("Wer?")],
    )
    assert gathering.questions.count() == 2
    assert [r.question.number for r in gathering.rounds.select_related("question")] == [1, 1, 2]


def test_create_gathering_with_a_taken_title_gets_a_number(draft: Gathering, as_alma: Actor) -> None:
    second = actions.create_gathering(
        actor=as_alma, process=draft.process, title=draft.title, format="other", starts_at=timezone.now()
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


def test_edit_gathering_keeps_numbers_codes_and_translations(draft: Gathering, as_alma: Actor) -> None:
    first = draft.tables.get(number=1)
    first.theme = MultilingualText.of({"de": "Wohnen", "ar": "السكن"})
    first.save()
    tables, rounds = drafts_of(draft)
    actions.edit_gathering(
        actor=as_alma,
        gathering=draft,
        title="Neuer Titel",
        tables=[TableDraft("Wohnung finden", "Tessa", pk=tables[0].pk), TableDraft("Sprache")],
    )
    assert tables_of(draft) == [(1, "Wohnung finden", "Tessa"), (3, "Sprache", "")]
    again = draft.tables.get(number=1)
    assert (again.code, again.host_key) == (first.code, first.host_key)
    assert again.theme.state_of("ar") == State.OUT_OF_DATE
    assert rounds_of(draft) == [(1, "Was läuft gut?", 35), (2, "Was braucht es?", 40)]
    assert [r.pk for r in rounds] == list(draft.rounds.values_list("pk", flat=True))


def test_edit_gathering_reorders_rounds_and_tidies_questions(draft: Gathering, as_alma: Actor) -> None:
    _tables, rounds = drafts_of(draft)
    actions.edit_gathering(
        actor=as_alma,
        gathering=draft,
        rounds=[RoundDraft("Was fehlt?", 20), RoundDraft("Was brauchen wir?", 40, pk=rounds[1].pk)],
    )
    assert rounds_of(draft) == [(1, "Was fehlt?", 20), (2, "Was brauchen wir?", 40)]
    assert sorted(q.text.original_text for q in draft.questions.all()) == ["Was brauchen wir?", "Was fehlt?"]


def test_edit_of_one_round_leaves_the_other_with_the_shared_question(
    town: Place, dialogue: Process, as_alma: Actor
) -> None:
    gathering = actions.create_gathering(
        actor=as_alma,
        process=dialogue,
        title="X",
        format="other",
        starts_at=timezone.now(),
        rounds=[RoundDraft("Was?"), RoundDraft("Was?")],
    )
    _tables, (first, second) = drafts_of(gathering)
    actions.edit_gathering(
        actor=as_alma, gathering=gathering, rounds=[first, RoundDraft("Wer?", second.minutes, pk=second.pk)]
    )
    assert rounds_of(gathering) == [(1, "Was?", 35), (2, "Wer?", 35)]


def test_question_with_versions_replaces_the_stored_ones(draft: Gathering, as_alma: Actor) -> None:
    _tables, (first, second) = drafts_of(draft)
    text = MultilingualText.of({"de": "Was läuft gut?", "ar": "ما الذي يسير جيدًا؟"})
    actions.edit_gathering(actor=as_alma, gathering=draft, rounds=[RoundDraft(text, 35, pk=first.pk), second])
    assert draft.questions.get(number=1).text.state_of("ar") == State.CHECKED


def test_table_with_statements_cannot_be_removed(draft: Gathering, as_alma: Actor) -> None:
    tables, _rounds = drafts_of(draft)
    put_statement(draft.tables.get(number=2))
    with pytest.raises(NotReady) as refusal:
        actions.edit_gathering(
            actor=as_alma, gathering=draft, tables=[TableDraft("Anderes Thema", pk=tables[0].pk)]
        )
    assert "2" in str(refusal.value.reasons[0])
    assert tables_of(draft) == [(1, "Wohnen", "Tessa"), (2, "Arbeit", "")]


def test_round_with_statements_cannot_be_removed(draft: Gathering, as_alma: Actor) -> None:
    _tables, rounds = drafts_of(draft)
    put_statement(draft.tables.get(number=1), with_round=True)
    with pytest.raises(NotReady):
        actions.edit_gathering(actor=as_alma, gathering=draft, rounds=rounds[1:])
    assert len(rounds_of(draft)) == 2


def test_round_that_has_begun_keeps_its_question(running: Gathering, as_alma: Actor) -> None:
    actions.start_round(actor=as_alma, gathering=running)
    _tables, (first, second) = drafts_of(running)
    with pytest.raises(NotReady):
        actions.edit_gathering(
            actor=as_alma, gathering=running, rounds=[RoundDraft("Etwas anderes?", 35, pk=first.pk), second]
        )
    with pytest.raises(NotReady):
        actions.edit_gathering(actor=as_alma, gathering=running, rounds=[second])
    actions.edit_gathering(
        actor=as_alma, gathering=running, rounds=[RoundDraft("Was läuft gut?", 50, pk=first.pk), second]
    )
    assert rounds_of(running)[0] == (1, "Was läuft gut?", 50)


def test_announced_event_cannot_lose_its_venue_or_tables(running: Gathering, as_alma: Actor) -> None:
    for changes in ({"venue": ""}, {"tables": []}, {"rounds": []}):
        with pytest.raises(NotReady):
            actions.edit_gathering(actor=as_alma, gathering=running, **changes)
    running.refresh_from_db()
    assert running.venue == "Stadthalle"
    assert running.tables.count() == 2


def test_drafts_of_another_event_are_an_error(draft: Gathering, as_alma: Actor) -> None:
    other = make_gathering(draft.process, slug="anderes")
    foreign = other.tables.get(number=1)
    with pytest.raises(ValueError, match="another gathering"):
        actions.edit_gathering(actor=as_alma, gathering=draft, tables=[TableDraft("X", pk=foreign.pk)])


@pytest.mark.parametrize("name", ["as_nils", "as_kim"])
def test_event_without_right_is_refused(draft: Gathering, name: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(name)
    table = draft.tables.get(number=1)
    for change in (
        lambda: actions.edit_gathering(actor=actor, gathering=draft, venue="x"),
        lambda: actions.publish_gathering(actor=actor, gathering=draft),
        lambda: actions.start_gathering(actor=actor, gathering=draft),
        lambda: actions.start_round(actor=actor, gathering=draft),
        lambda: actions.close_gathering(actor=actor, gathering=draft),
        lambda: actions.reopen_gathering(actor=actor, gathering=draft),
        lambda: actions.enter_count(actor=actor, gathering=draft, counted_guests=3),
        lambda: actions.renew_host_key(actor=actor, table=table),
        lambda: actions.forget_names(actor=actor, process=draft.process),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_publish_gathering_rings_once(
    draft: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    calls = heard(gathering_published)
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_gathering(actor=as_alma, gathering=draft)
        actions.publish_gathering(actor=as_alma, gathering=draft)
    assert (draft.state, draft.is_public) == (GatheringState.PUBLISHED, True)
    assert calls == [draft.pk]


def test_publish_gathering_before_the_waiting_time_is_refused(town: Place, programme: Programme, as_alma: Actor) -> None:
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


def test_start_gathering_tells_the_wall(draft: Gathering, as_alma: Actor, django_capture_on_commit_callbacks: Any) -> None:
    calls = heard(gathering_started)
    with pytest.raises(NotReady):
        actions.start_gathering(actor=as_alma, gathering=draft)
    actions.publish_gathering(actor=as_alma, gathering=draft)
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_gathering(actor=as_alma, gathering=draft)
        actions.start_gathering(actor=as_alma, gathering=draft)
    assert draft.takes_statements
    assert live_events(draft) == ["round"]
    assert calls == [draft.pk]


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


def test_round_before_the_start_or_of_another_event_is_refused(draft: Gathering, running: Gathering, as_alma: Actor) -> None:
    waiting = make_gathering(draft.process, slug="spaeter", state=GatheringState.PUBLISHED)
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


def test_close_gathering_that_never_began_is_refused(draft: Gathering, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.close_gathering(actor=as_alma, gathering=draft)


def test_enter_count_keeps_the_number_before_in_the_log(running: Gathering, as_alma: Actor) -> None:
    actions.enter_count(actor=as_alma, gathering=running, counted_guests=150)
    actions.enter_count(actor=as_alma, gathering=running, counted_guests=148)
    running.refresh_from_db()
    assert running.counted_guests == 148
    assert AuditEntry.objects.filter(code="gatherings.enter_count").latest("id").detail == {"from": 150, "to": 148}


def test_enter_count_before_the_event_is_refused(draft: Gathering, as_alma: Actor) -> None:
    with pytest.raises(NotReady):
        actions.enter_count(actor=as_alma, gathering=draft, counted_guests=3)


def test_renew_host_key_ends_the_old_one(draft: Gathering, as_alma: Actor) -> None:
    table = draft.tables.get(number=1)
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
