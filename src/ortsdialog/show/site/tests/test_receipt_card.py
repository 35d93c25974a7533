"""The receipt code of a paper card that is still paper."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import key_in_card, print_paper_cards
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def card(dialogue: Process, as_alma: Actor) -> PaperCard:
    gathering = make_gathering(dialogue)
    with open_place(dialogue.place):
        (made,) = print_paper_cards(
            actor=as_alma, gathering=gathering, tables=gathering.tables.all()[:1], rounds=[], cards_per_table=1
        )
        return made


def test_a_card_that_is_not_keyed_in_says_so(client: Any, card: PaperCard) -> None:
    page = client.get(f"/weg/{card.receipt_code}/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "Die Karte ist noch nicht erfasst" in words
    assert card.receipt_code.split("-")[0] in words
    # The card's own code is for those who key it in.
    assert card.code not in words
    assert card.written_code not in words
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in page["X-Robots-Tag"]


@pytest.mark.parametrize("changed", [str.lower, lambda code: code.replace("-", " ")])
def test_a_cards_receipt_is_found_however_it_was_typed(changed: Any, client: Any, card: PaperCard) -> None:
    page = client.get("/weg/", {"code": changed(card.receipt_code)})
    assert "Die Karte ist noch nicht erfasst" in page.content.decode()


def test_a_keyed_in_cards_receipt_shows_the_words(client: Any, card: PaperCard, as_alma: Actor) -> None:
    with open_place(card.place_id):
        key_in_card(actor=as_alma, card=card, statement_id=uuid.uuid4(), text="Mehr Bänke.", language="de")
    page = client.get(f"/weg/{card.receipt_code}/").content.decode()
    assert "Mehr Bänke." in page
    assert "noch nicht erfasst" not in page


def test_a_receipt_of_nobody_is_still_unknown(client: Any, card: PaperCard) -> None:
    assert client.get("/weg/0000-0000-0000/").status_code == 404


def test_the_page_of_a_card_takes_few_queries(client: Any, card: PaperCard, django_assert_num_queries: Any) -> None:
    client.get(f"/weg/{card.receipt_code}/")
    with django_assert_num_queries(3):
        client.get(f"/weg/{card.receipt_code}/")
