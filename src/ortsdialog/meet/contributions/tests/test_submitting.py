from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.actions import submit_statement
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.contributions.signals import statement_received
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Round

pytestmark = pytest.mark.django_db


def hand_in(actor, table, text="Es fehlen Wohnungen.", **more):
    return submit_statement(
        **{"actor": actor, "statement_id": uuid.uuid4(), "table": table, "text": text, "language": "de", **more}
    )


def close(gathering):
    gathering.state = GatheringState.CLOSED
    gathering.save(update_fields=["state"])


def test_submit_stores_words_place_round_and_question(in_altdorf, rolf, table):
    submitted = hand_in(rolf, table)
    statement = Statement.objects.get(pk=submitted.statement.pk)
    assert submitted.created
    assert statement.place_id == in_altdorf.pk
    assert statement.text.original_text == "Es fehlen Wohnungen."
    assert statement.state == ModerationState.PENDING
    assert (statement.round.number, statement.question) == (1, statement.round.question)
    assert (statement.process_id, statement.gathering_id) == (table.gathering.process_id, table.gathering_id)


def test_submit_writes_one_audit_entry_and_tells_the_table(in_altdorf, rolf, table):
    statement = hand_in(rolf, table).statement
    entry = AuditEntry.objects.get(code="contributions.submit_statement")
    assert (entry.object_id, entry.actor_kind, entry.actor_label) == (str(statement.pk), "guest", "guest")
    assert entry.detail == {}
    assert list(LiveEvent.objects.values_list("topic", "name", "object_id")) == [(f"table:{table.pk}", "statement", "")]


def test_submit_rings_after_commit(in_altdorf, rolf, table, django_capture_on_commit_callbacks):
    heard = []
    listener = lambda **ids: heard.append((ids["statement_id"], ids["gathering_id"], ids["place_id"]))  # noqa: E731
    statement_received.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            statement = hand_in(rolf, table).statement
            assert heard == []
    finally:
        statement_received.disconnect(listener)
    assert heard == [(statement.pk, table.gathering_id, in_altdorf.pk)]


def test_submit_twice_stores_once_and_gives_the_same_receipt(in_altdorf, rolf, table):
    statement_id = uuid.uuid4()
    first = hand_in(rolf, table, statement_id=statement_id)
    second = hand_in(rolf, table, statement_id=statement_id, text=" Es fehlen Wohnungen.\r\n")
    assert (first.created, second.created) == (True, False)
    assert second.statement.receipt_code == first.statement.receipt_code
    assert Statement.objects.count() == 1
    assert AuditEntry.objects.filter(code="contributions.submit_statement").count() == 1


def test_submit_twice_across_a_change_of_round_stores_once(in_altdorf, rolf, table):
    statement_id = uuid.uuid4()
    hand_in(rolf, table, statement_id=statement_id)
    table.gathering.current_round = Round.objects.get(gathering=table.gathering, number=2)
    second = hand_in(rolf, table, statement_id=statement_id)
    assert (second.created, second.statement.round.number) == (False, 1)


@pytest.mark.parametrize("change", [{"text": "Etwas anderes."}, {"language": "en"}])
def test_same_id_with_other_words_is_refused_and_names_the_stored(in_altdorf, rolf, table, change):
    statement_id = uuid.uuid4()
    hand_in(rolf, table, statement_id=statement_id)
    with pytest.raises(StatementDiffers) as refusal:
        hand_in(rolf, table, statement_id=statement_id, **change)
    assert refusal.value.stored.text.original_text == "Es fehlen Wohnungen."
    assert Statement.objects.get().text.original == "de"


def test_same_id_at_another_table_is_refused_without_its_words(in_altdorf, rolf, table, second_table):
    statement_id = uuid.uuid4()
    hand_in(rolf, table, statement_id=statement_id)
    with pytest.raises(StatementDiffers) as refusal:
        hand_in(rolf, second_table, statement_id=statement_id)
    assert refusal.value.stored is None


def test_same_id_in_another_town_is_refused_without_its_words(altdorf, rolf, table, other_table):
    statement_id = uuid.uuid4()
    with open_place(other_table.place_id):
        hand_in(rolf, other_table, statement_id=statement_id)
    with open_place(altdorf), pytest.raises(StatementDiffers) as refusal:
        hand_in(rolf, table, statement_id=statement_id)
    assert refusal.value.stored is None
    with across_places(reason=Reason.SITE_MAINTENANCE):
        assert Statement.objects.count() == 1


def test_submit_after_closing_is_refused(in_altdorf, rolf, table):
    close(table.gathering)
    with pytest.raises(NotAllowed):
        hand_in(rolf, table)
    assert Statement.objects.count() == 0


def test_a_retry_after_closing_gets_its_receipt(in_altdorf, rolf, table):
    statement_id = uuid.uuid4()
    first = hand_in(rolf, table, statement_id=statement_id)
    close(table.gathering)
    again = hand_in(rolf, table, statement_id=statement_id)
    assert (again.created, again.statement.receipt_code) == (False, first.statement.receipt_code)


def test_host_and_staff_may_write_after_closing(in_altdorf, tessa, as_alma, table):
    close(table.gathering)
    assert hand_in(tessa, table, channel=Channel.HOST, said_by_count=3).created
    assert hand_in(as_alma, table, channel=Channel.PAPER).created


def test_staff_of_another_town_and_observers_may_not(in_altdorf, as_nils, as_kim, table):
    close(table.gathering)
    for actor in (as_nils, as_kim):
        with pytest.raises(NotAllowed):
            hand_in(actor, table)


@pytest.mark.parametrize("more", [{"channel": Channel.HOST}, {"said_by_count": 5}])
def test_a_guest_speaks_for_herself_alone(in_altdorf, rolf, table, more):
    with pytest.raises(NotAllowed):
        hand_in(rolf, table, **more)
    assert Statement.objects.count() == 0


def test_host_of_another_table_may_not_write_for_guests(in_altdorf, tessa, second_table):
    with pytest.raises(NotAllowed):
        hand_in(tessa, second_table, channel=Channel.HOST)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "x" * 2_001])
def test_unfit_text_is_refused(in_altdorf, rolf, table, text):
    with pytest.raises(ValidationError):
        hand_in(rolf, table, text)
    assert Statement.objects.count() == 0


def test_the_longest_text_fits(in_altdorf, rolf, table):
    assert len(hand_in(rolf, table, "ü" * 2_000).statement.text.original_text) == 2_000


def test_text_is_cleaned_and_keeps_lines_and_joiners(in_altdorf, rolf, table):
    statement = hand_in(rolf, table, "\u202eAn\x00fang  \r\n\r\n\r\n\r\nmi\u200cravad\tEnde\x1b ").statement
    assert statement.text.original_text == "Anfang\n\nmi\u200cravad Ende"


@pytest.mark.parametrize(("language", "stored"), [("ar", "ar"), ("de-ls", "de"), ("ti", "ti")])
def test_language_is_one_that_is_spoken(in_altdorf, rolf, table, language, stored):
    assert hand_in(rolf, table, language=language).statement.text.original == stored


@pytest.mark.parametrize("language", ["", "xx", "de-at"])
def test_other_languages_are_refused(in_altdorf, rolf, table, language):
    with pytest.raises(ValidationError):
        hand_in(rolf, table, language=language)


@pytest.mark.parametrize("count", [0, 501])
def test_speakers_are_at_least_one_and_a_sensible_number(in_altdorf, tessa, table, count):
    with pytest.raises(ValidationError):
        hand_in(tessa, table, said_by_count=count)


def test_a_round_of_another_event_is_refused(in_altdorf, rolf, table, dialogue):
    from ortsdialog.meet.gatherings.tests.factories import make_gathering

    other = make_gathering(dialogue, tables=1, rounds=1, slug="zweiter-abend")
    with pytest.raises(ValidationError):
        hand_in(rolf, table, round=other.current_round)
