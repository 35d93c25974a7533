"""The bar in small, so that every run of the tests guards it; the whole one is run by hand or at night."""

from __future__ import annotations

import pytest

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering
from tests.bars.two_moderators import measure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall(dialogue, as_alma):
    gathering = make_gathering(dialogue, tables=1, rounds=1)
    with open_place(gathering.place_id):
        tables = Table.objects.select_related("gathering__current_round__question", "gathering__process", "place")
        table = tables.get(gathering=gathering)
        yield table, (Actor.by_link(HOST_LINK, table.pk, label="Tessa"), as_alma)


def test_two_moderators_on_the_same_cards_lose_no_text(hall):
    result = measure(*hall, number=60, seed=11, last_writer_wins=False)
    assert (result["passed"], result["texts_lost"], result["first_wrong"]) == (True, 0, "")
    assert result["conflicts"] > 10


def test_last_writer_who_wins_loses_texts(hall):
    result = measure(*hall, number=20, seed=11, last_writer_wins=True)
    assert (result["passed"], result["texts_lost"] > 0) == (True, True)
