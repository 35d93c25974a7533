"""The same card keyed in by several people at the same moment: one statement, and everybody else sees it."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connections

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import key_in_card, print_paper_cards
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.refusals import CardKeyedIn
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.models import Gathering, Table

pytestmark = pytest.mark.django_db(transaction=True)

TYPISTS = 6


def keyed_at_once(card: PaperCard, actor: Actor, words: list[tuple[uuid.UUID, str]]) -> list[Any]:
    barrier = threading.Barrier(len(words))
    outcomes: list[Any] = [None] * len(words)

    def run(index: int) -> None:
        try:
            barrier.wait()
            with open_place(card.place_id):
                fresh = PaperCard.objects.select_related("table__gathering__process", "table__place").get(pk=card.pk)
                statement_id, text = words[index]
                outcomes[index] = key_in_card(
                    actor=actor, card=fresh, statement_id=statement_id, text=text, language="de"
                )
        except CardKeyedIn as refusal:
            outcomes[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(words))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def card(evening: Gathering, table: Table, as_alma: Actor) -> PaperCard:
    with open_place(evening.place_id):
        (made,) = print_paper_cards(actor=as_alma, gathering=evening, tables=[table], rounds=[], cards_per_table=1)
    return made


def test_one_card_keyed_in_by_many_is_stored_once(card: PaperCard, as_alma: Actor) -> None:
    outcomes = keyed_at_once(card, as_alma, [(uuid.uuid4(), f"Fassung {n}") for n in range(TYPISTS)])
    stored = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, CardKeyedIn)]
    assert (len(stored), len(refused)) == (1, TYPISTS - 1)
    assert {refusal.card.statement_id for refusal in refused} == {stored[0].statement.pk}
    with open_place(card.place_id):
        assert Statement.objects.get().receipt_code == card.receipt_code


def test_one_form_sent_many_times_is_stored_once(card: PaperCard, as_alma: Actor) -> None:
    same = uuid.uuid4()
    outcomes = keyed_at_once(card, as_alma, [(same, "Einmal.")] * TYPISTS)
    assert sorted(outcome.created for outcome in outcomes) == [False] * (TYPISTS - 1) + [True]
    with open_place(card.place_id):
        assert Statement.objects.count() == 1
