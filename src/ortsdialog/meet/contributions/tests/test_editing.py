from __future__ import annotations

import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import PlaceNotOpen, open_place
from ortsdialog.meet.contributions.actions import (
    add_version,
    edit_statement,
    hold_statement,
    restore_revision,
    submit_statement,
)
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Revision, Statement
from ortsdialog.meet.contributions.queries import rewording_of, wordings_of
from ortsdialog.meet.contributions.refusals import EditedMeanwhile
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.contributions.signals import statement_reworded
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db


def edit(actor, statement, text="Es fehlen bezahlbare Wohnungen.", *, based_on=1, **changes):
    wording = {"language": "de", "said_by_count": 1, "interpreted": False, **changes}
    return edit_statement(actor=actor, statement=statement, based_on=based_on, text=text, **wording)


def now(statement):
    return Statement.everything.get(pk=statement.pk)


def rows(statement):
    return [(r.version, r.based_on, r.text.original_text) for r in reversed(wordings_of(statement))]


@pytest.fixture
def statement(table):
    return make_statement(table)


def test_edit_keeps_what_was_said_and_counts_on(in_altdorf, tessa, statement):
    edited = edit(tessa, statement, said_by_count=4, interpreted=True, reason=" Tippfehler ")
    assert (edited.version, edited.said_by_count, edited.interpreted) == (2, 4, True)
    assert now(statement).text.original_text == "Es fehlen bezahlbare Wohnungen."
    assert rows(statement) == [(1, 0, "Es fehlen Wohnungen."), (2, 1, "Es fehlen bezahlbare Wohnungen.")]
    first, second = reversed(wordings_of(statement))
    assert (first.made_at, first.reason, second.reason) == (statement.received_at, "", "Tippfehler")
    entry = AuditEntry.objects.get(code="contributions.edit_statement")
    assert (entry.reason, entry.detail, entry.actor_kind) == ("Tippfehler", {"version": 2}, "link")


def test_staff_stands_in_the_history_by_name_and_a_host_by_her_table(in_altdorf, tessa, as_alma, statement):
    edit(tessa, statement)
    edit(as_alma, statement, "Wohnungen fehlen.", based_on=2)
    assert [r.made_by for r in wordings_of(statement)] == [as_alma.label, "", ""]


def test_wall_and_table_hear_of_an_edit(in_altdorf, tessa, statement, table, django_capture_on_commit_callbacks):
    heard = []
    listener = lambda **ids: heard.append((ids["statement_id"], ids["gathering_id"], ids["place_id"]))  # noqa: E731
    statement_reworded.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            edit(tessa, statement)
    finally:
        statement_reworded.disconnect(listener)
    assert heard == [(statement.pk, table.gathering_id, in_altdorf.pk)]
    assert set(LiveEvent.objects.values_list("topic", "name", "object_id")) == {
        (f"gathering:{table.gathering_id}", "statement", statement.handle),
        (f"table:{table.pk}", "statement", statement.handle),
    }


@pytest.mark.parametrize("state", list(ModerationState))
def test_edit_changes_no_state_and_looks_for_hints_again(in_altdorf, tessa, table, state):
    statement = make_statement(table, state=state)
    assert edit(tessa, statement, "Ruft an: 0711 123456").state == state
    assert [hint["kind"] for hint in now(statement).hints] == ["phone"]
    assert edit(tessa, statement, "Ruft an.", based_on=2).hints == []


def test_translations_of_former_words_turn_out_of_date_and_come_back_with_them(in_altdorf, tessa, statement):
    add_version(actor=tessa, statement=statement, language="ar", text="لا شقق", state=State.CHECKED)
    assert edit(tessa, statement).text.state_of("ar") == State.OUT_OF_DATE
    first = wordings_of(statement)[-1]
    restored = restore_revision(actor=tessa, revision=first, based_on=2)
    assert (restored.version, restored.text.original_text) == (3, "Es fehlen Wohnungen.")
    assert restored.text.state_of("ar") == State.CHECKED
    assert AuditEntry.objects.get(code="contributions.restore_revision").detail == {"version": 3}


def test_losing_edit_is_refused_with_both_texts_and_kept(in_altdorf, tessa, as_alma, statement):
    edit(as_alma, statement, "Almas Fassung")
    with pytest.raises(EditedMeanwhile) as refusal:
        edit(tessa, statement, "Tessas Fassung", reason="war anders gesagt")
    assert refusal.value.statement.text.original_text == "Almas Fassung"
    assert refusal.value.kept.text.original_text == "Tessas Fassung"
    assert now(statement).version == 2
    assert rows(statement) == [(1, 0, "Es fehlen Wohnungen."), (2, 1, "Almas Fassung"), (None, 1, "Tessas Fassung")]
    assert AuditEntry.objects.get(code="contributions.keep_wording").detail == {"based_on": 1}
    restore_revision(actor=tessa, revision=refusal.value.kept, based_on=2)
    assert now(statement).text.original_text == "Tessas Fassung"


def test_losing_edit_sent_twice_is_kept_once(in_altdorf, tessa, as_alma, statement):
    edit(as_alma, statement, "Almas Fassung")
    for _ in range(2):
        with pytest.raises(EditedMeanwhile):
            edit(tessa, statement, "Tessas Fassung")
    assert len(rows(statement)) == 3
    assert AuditEntry.objects.filter(code="contributions.keep_wording").count() == 1


def test_stale_restoring_is_refused_too(in_altdorf, tessa, statement):
    edit(tessa, statement)
    first = wordings_of(statement)[-1]
    edit(tessa, statement, "Dritte Fassung", based_on=2)
    with pytest.raises(EditedMeanwhile):
        restore_revision(actor=tessa, revision=first, based_on=2)
    assert now(statement).text.original_text == "Dritte Fassung"


def test_same_edit_twice_is_one_version(in_altdorf, tessa, statement):
    assert [edit(tessa, statement).version for _ in range(2)] == [2, 2]
    assert len(rows(statement)) == 2


def test_edit_without_a_change_leaves_no_trace(in_altdorf, tessa, statement):
    assert edit(tessa, statement, "Es fehlen Wohnungen.").version == 1
    assert (rows(statement), AuditEntry.objects.count()) == ([], 0)


def test_version_of_the_future_never_wins(in_altdorf, tessa, statement):
    with pytest.raises(EditedMeanwhile):
        edit(tessa, statement, based_on=7)
    assert rows(statement)[0] == (1, 0, "Es fehlen Wohnungen.")
    assert now(statement).text.original_text == "Es fehlen Wohnungen."


def test_corrected_language_keeps_the_translation_that_gives_way(in_altdorf, tessa, table):
    statement = make_statement(table, "Konut az.", language="de")
    add_version(actor=tessa, statement=statement, language="tr", text="Eski çeviri", state=State.CHECKED)
    edited = edit(tessa, statement, "Konut çok az.", language="tr")
    assert (edited.text.original, sorted(edited.text.versions), edited.text.declared) == ("tr", ["tr"], "de")
    assert edited.guessed_language == "tr"
    back = restore_revision(actor=tessa, revision=wordings_of(statement)[-1], based_on=2)
    assert (back.text.original, back.text.original_text, back.text.text_in("tr")) == ("de", "Konut az.", "Eski çeviri")
    assert back.text.declared == "de"


def test_rewording_is_told_only_where_the_words_changed(in_altdorf, tessa, statement, django_assert_num_queries):
    assert rewording_of(statement) is None
    counted = edit(tessa, statement, "Es fehlen Wohnungen.", said_by_count=3)
    assert (counted.version, rewording_of(counted)) == (2, None)
    reworded = edit(tessa, statement, based_on=2, reason="kürzer")
    with django_assert_num_queries(1):
        found = rewording_of(reworded)
    assert (found.first.text.original_text, found.latest.reason) == ("Es fehlen Wohnungen.", "kürzer")
    back = restore_revision(actor=tessa, revision=found.first, based_on=3)
    assert rewording_of(back) is None


def test_statement_sent_again_after_an_edit_is_the_stored_one(in_altdorf, rolf, tessa, table):
    sent = {"actor": rolf, "statement_id": uuid.uuid4(), "table": table}
    stored = submit_statement(**sent, text="Meine Worte", language="de").statement
    with pytest.raises(EditedMeanwhile):
        edit(tessa, stored, "Zu spät", based_on=0)
    edit(tessa, stored, "Andere Worte")
    again = submit_statement(**sent, text="Meine Worte", language="de")
    assert (again.created, again.statement.pk) == (False, stored.pk)


@pytest.mark.parametrize(
    "unfit", [{"text": " "}, {"text": "x" * 2001}, {"language": "xx"}, {"said_by_count": 0}, {"said_by_count": 501}]
)
def test_unfit_edit_changes_nothing(in_altdorf, tessa, statement, unfit):
    with pytest.raises(ValidationError):
        edit(tessa, statement, **unfit)
    assert (now(statement).version, rows(statement)) == (1, [])


def test_strangers_may_not_edit(in_altdorf, rolf, second_table, as_kim, as_nils, statement):
    other_host = Actor.by_link(HOST_LINK, second_table.pk)
    for actor in (rolf, other_host, as_kim, as_nils):
        with pytest.raises(NotAllowed):
            edit(actor, statement)
    edit(Actor.system("test"), statement)
    for actor in (rolf, other_host, as_kim, as_nils):
        with pytest.raises(NotAllowed):
            restore_revision(actor=actor, revision=wordings_of(statement)[-1], based_on=2)


def test_finished_dialogue_is_not_reworded(in_altdorf, tessa, as_alma, statement):
    Process.objects.filter(pk=statement.process_id).update(state=ProcessState.CLOSED)
    statement = now(statement)
    for actor in (tessa, as_alma):
        with pytest.raises(NotAllowed):
            edit(actor, statement)


def test_statement_of_another_town_is_not_edited(other_table, tessa, altdorf):
    foreign = make_statement(other_table, "Neustadt-Geheimnis")
    with open_place(altdorf), pytest.raises((NotAllowed, Statement.DoesNotExist, PlaceNotOpen)):
        edit(Actor.system("test"), foreign)
    with open_place(other_table.place_id):
        assert (now(foreign).version, Revision.objects.count()) == (1, 0)


def test_rehearsed_statement_is_edited_without_a_trace_in_the_log(in_altdorf, tessa, table):
    statement = make_statement(table, rehearsal=True)
    edit(tessa, statement)
    assert (now(statement).version, AuditEntry.objects.count()) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_edits_at_the_same_moment_are_all_kept(table, tessa, as_alma):
    statement = make_statement(table)
    together = threading.Barrier(4)
    outcomes = []

    def write(number):
        try:
            with open_place(table.place_id):
                mine = Statement.objects.get(pk=statement.pk)
                together.wait(timeout=30)
                try:
                    edit((tessa, as_alma)[number % 2], mine, f"Fassung {number}")
                    outcomes.append("taken")
                except EditedMeanwhile:
                    outcomes.append("kept")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "kept", "kept", "taken"]
    with open_place(table.place_id):
        hold_statement(actor=tessa, statement=statement, why="names")
        texts = sorted(text for *_versions, text in rows(statement))
    assert texts == ["Es fehlen Wohnungen.", *(f"Fassung {number}" for number in range(4))]
