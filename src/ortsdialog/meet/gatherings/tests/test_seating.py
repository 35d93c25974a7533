"""Tables, rounds and questions: made from drafts, and changed while they may hold statements."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def tables_of(gathering: Gathering) -> list[tuple[int, str, str]]:
    return [(t.number, t.theme.original_text, t.host_name) for t in gathering.tables.order_by("number")]


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


def test_edit_gathering_keeps_numbers_codes_and_translations(prepared: Gathering, as_alma: Actor) -> None:
    first = prepared.tables.get(number=1)
    first.theme = MultilingualText.of({"de": "Wohnen", "ar": "السكن"})
    first.save()
    tables, rounds = drafts_of(prepared)
    actions.edit_gathering(
        actor=as_alma,
        gathering=prepared,
        title="Neuer Titel",
        tables=[TableDraft("Wohnung finden", "Tessa", pk=tables[0].pk), TableDraft("Sprache")],
    )
    assert tables_of(prepared) == [(1, "Wohnung finden", "Tessa"), (3, "Sprache", "")]
    again = prepared.tables.get(number=1)
    assert (again.code, again.host_key) == (first.code, first.host_key)
    assert again.theme.state_of("ar") == State.OUT_OF_DATE
    assert rounds_of(prepared) == [(1, "Was läuft gut?", 35), (2, "Was braucht es?", 40)]
    assert [r.pk for r in rounds] == list(prepared.rounds.values_list("pk", flat=True))


def test_edit_gathering_reorders_rounds_and_tidies_questions(prepared: Gathering, as_alma: Actor) -> None:
    _tables, rounds = drafts_of(prepared)
    actions.edit_gathering(
        actor=as_alma,
        gathering=prepared,
        rounds=[RoundDraft("Was fehlt?", 20), RoundDraft("Was brauchen wir?", 40, pk=rounds[1].pk)],
    )
    assert rounds_of(prepared) == [(1, "Was fehlt?", 20), (2, "Was brauchen wir?", 40)]
    assert sorted(q.text.original_text for q in prepared.questions.all()) == ["Was brauchen wir?", "Was fehlt?"]


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


def test_question_with_versions_replaces_the_stored_ones(prepared: Gathering, as_alma: Actor) -> None:
    _tables, (first, second) = drafts_of(prepared)
    text = MultilingualText.of({"de": "Was läuft gut?", "ar": "ما الذي يسير جيدًا؟"})
    actions.edit_gathering(actor=as_alma, gathering=prepared, rounds=[RoundDraft(text, 35, pk=first.pk), second])
    assert prepared.questions.get(number=1).text.state_of("ar") == State.CHECKED


def test_table_with_statements_cannot_be_removed(prepared: Gathering, as_alma: Actor) -> None:
    tables, _rounds = drafts_of(prepared)
    put_statement(prepared.tables.get(number=2))
    with pytest.raises(NotReady) as refusal:
        actions.edit_gathering(actor=as_alma, gathering=prepared, tables=[TableDraft("Anderes Thema", pk=tables[0].pk)])
    assert "2" in str(refusal.value.reasons[0])
    assert tables_of(prepared) == [(1, "Wohnen", "Tessa"), (2, "Arbeit", "")]


def test_round_with_statements_cannot_be_removed(prepared: Gathering, as_alma: Actor) -> None:
    _tables, rounds = drafts_of(prepared)
    put_statement(prepared.tables.get(number=1), with_round=True)
    with pytest.raises(NotReady):
        actions.edit_gathering(actor=as_alma, gathering=prepared, rounds=rounds[1:])
    assert len(rounds_of(prepared)) == 2


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


def test_drafts_of_another_event_are_an_error(prepared: Gathering, as_alma: Actor) -> None:
    other = make_gathering(prepared.process, slug="anderes")
    foreign = other.tables.get(number=1)
    with pytest.raises(ValueError, match="another gathering"):
        actions.edit_gathering(actor=as_alma, gathering=prepared, tables=[TableDraft("X", pk=foreign.pk)])


def test_edit_without_a_word_about_interpreters_and_agenda_keeps_them(prepared: Gathering, as_alma: Actor) -> None:
    prepared.agenda = [{"starts_at": "14:00", "minutes": 30, "title": MultilingualText.written("Ankommen").to_json()}]
    prepared.save()
    (first, second), _rounds = drafts_of(prepared)
    spoken = TableDraft("Wohnen", interpreter_languages=("ar", "uk"), pk=first.pk)
    actions.edit_gathering(actor=as_alma, gathering=prepared, tables=[spoken, second])
    actions.edit_gathering(
        actor=as_alma, gathering=prepared, title="Neu", tables=[TableDraft("Wohnen", pk=first.pk), second]
    )
    prepared.refresh_from_db()
    assert prepared.tables.get(number=1).interpreter_languages == ["ar", "uk"]
    assert [entry["minutes"] for entry in prepared.agenda] == [30]
    nobody = TableDraft("Wohnen", interpreter_languages=(), pk=first.pk)
    actions.edit_gathering(actor=as_alma, gathering=prepared, tables=[nobody, second])
    assert prepared.tables.get(number=1).interpreter_languages == []
