"""Keying in a card: its words under its own receipt, once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import key_in_card, print_paper_cards
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.refusals import CardKeyedIn
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table

TEXT = "Der Bus fährt abends nicht mehr."


@pytest.fixture
def card(evening: Gathering, table: Table, as_alma: Actor) -> PaperCard:
    """A card of table 1 and round 2, printed."""
    return make_card(evening, table, as_alma)


def make_card(evening: Gathering, table: Table, actor: Actor) -> PaperCard:
    with open_place(evening.place_id):
        round = evening.rounds.get(number=2)
        (made,) = print_paper_cards(actor=actor, gathering=evening, tables=[table], rounds=[round], cards_per_table=1)
        made.table = table
        return made


def keyed(actor: Actor, card: PaperCard, text: str = TEXT, **more: Any) -> Any:
    words = {"statement_id": uuid.uuid4(), "text": text, "language": "de", **more}
    return key_in_card(actor=actor, card=card, **words)


def test_key_in_card_stores_the_words_under_the_cards_own_receipt(
    in_altdorf: Any, card: PaperCard, as_alma: Actor
) -> None:
    statement = keyed(as_alma, card, entered_by="Alma", said_by_count=3).statement
    statement.refresh_from_db()
    assert (statement.channel, statement.receipt_code) == (Channel.PAPER, card.receipt_code)
    assert (statement.table_id, statement.round_id, statement.question_id) == (
        card.table_id,
        card.round_id,
        card.question_id,
    )
    assert (statement.entered_by, statement.said_by_count) == ("Alma", 3)
    card.refresh_from_db()
    assert card.statement == statement
    assert AuditEntry.objects.filter(code="capture.key_in_card", detail__card=card.code).count() == 1


def test_key_in_card_twice_with_the_same_id_stores_once(in_altdorf: Any, card: PaperCard, as_alma: Actor) -> None:
    same = uuid.uuid4()
    first, again = keyed(as_alma, card, statement_id=same), keyed(as_alma, card, statement_id=same)
    assert (first.created, again.created) == (True, False)
    assert Statement.objects.count() == 1
    assert AuditEntry.objects.filter(code="capture.key_in_card").count() == 1


def test_key_in_card_that_is_keyed_in_already_is_refused_with_its_words(
    in_altdorf: Any, card: PaperCard, as_alma: Actor
) -> None:
    stored = keyed(as_alma, card).statement
    with pytest.raises(CardKeyedIn) as refusal:
        keyed(as_alma, card, "Etwas anderes.")
    assert refusal.value.card.statement == stored
    assert Statement.objects.count() == 1


def test_key_in_card_as_second_statement_gets_a_receipt_of_its_own(
    in_altdorf: Any, card: PaperCard, as_alma: Actor
) -> None:
    first = keyed(as_alma, card).statement
    second = keyed(as_alma, card, "Und der Zug auch nicht.", second=True).statement
    assert second.receipt_code not in {first.receipt_code, card.receipt_code}
    assert (second.table_id, second.round_id) == (card.table_id, card.round_id)
    card.refresh_from_db()
    assert card.statement == first


def test_key_in_card_with_the_id_of_a_statement_without_card_is_refused(
    in_altdorf: Any, card: PaperCard, as_alma: Actor, evening: Gathering
) -> None:
    other = make_card(evening, card.table, as_alma)
    stored = keyed(as_alma, other).statement
    with pytest.raises(StatementDiffers):
        keyed(as_alma, card, statement_id=stored.pk)
    card.refresh_from_db()
    assert card.statement is None


def test_key_in_card_by_others_is_refused(
    in_altdorf: Any, card: PaperCard, second_table: Table, as_kim: Actor, as_nils: Actor, rolf: Actor
) -> None:
    host_of_another = Actor.by_link("table_host", second_table.pk)
    for actor in (as_kim, as_nils, rolf, host_of_another):
        with pytest.raises(NotAllowed):
            keyed(actor, card)


def test_key_in_card_works_after_the_event_and_not_in_an_archive(
    in_altdorf: Any, card: PaperCard, evening: Gathering, as_alma: Actor, tessa: Actor
) -> None:
    card.table.gathering.state = GatheringState.CLOSED
    card.table.gathering.save()
    keyed(tessa, card)
    card.table.gathering.process.state = "closed"
    with pytest.raises(NotAllowed):
        keyed(as_alma, card, second=True)


def test_key_in_card_with_empty_words_stores_nothing(in_altdorf: Any, card: PaperCard, as_alma: Actor) -> None:
    with pytest.raises(ValidationError):
        keyed(as_alma, card, "   ")
    card.refresh_from_db()
    assert card.statement is None
