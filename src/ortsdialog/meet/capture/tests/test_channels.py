"""Paper, host and phone: counted apart, shown together."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.queries import card_counts, channels_of
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.queries import ChannelCounts, counts_by_channel
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.models import Gathering, Table


def make_card(table: Table, code: str, **fields: Any) -> PaperCard:
    with open_place(table.place_id):
        return PaperCard.objects.create(
            place_id=table.place_id, gathering=table.gathering, table=table, code=code, receipt_code=code, **fields
        )


@pytest.fixture
def said(table: Table, second_table: Table, other_table: Table) -> None:
    for channel in (Channel.PHONE, Channel.PHONE, Channel.HOST):
        make_statement(table, channel=channel)
    paper = make_statement(second_table, channel=Channel.PAPER)
    make_statement(second_table, channel=Channel.PAPER, rehearsal=True)
    make_card(second_table, "AAAAAA", statement=paper)
    make_card(second_table, "AAAAAC")
    make_card(table, "AAAAAD")
    make_statement(other_table, channel=Channel.PAPER)
    make_card(other_table, "AAAAAE")


def test_counts_by_channel_of_an_event_and_of_a_table_keep_the_ways_apart(
    said: None, in_altdorf: Any, evening: Gathering, table: Table, second_table: Table
) -> None:
    assert counts_by_channel(evening) == ChannelCounts(phone=2, host=1, paper=1)
    assert counts_by_channel(evening).total == 4
    assert counts_by_channel(table) == ChannelCounts(phone=2, host=1, paper=0)
    assert counts_by_channel(second_table) == ChannelCounts(phone=0, host=0, paper=1)


def test_card_counts_tell_printed_from_keyed_in(
    said: None, in_altdorf: Any, evening: Gathering, table: Table, second_table: Table
) -> None:
    assert (card_counts(evening).printed, card_counts(evening).keyed) == (3, 1)
    assert (card_counts(second_table).printed, card_counts(second_table).keyed) == (2, 1)
    assert (card_counts(table).printed, card_counts(table).keyed) == (1, 0)


def test_channels_of_an_event_take_two_queries(
    said: None, in_altdorf: Any, evening: Gathering, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        channels = channels_of(evening)
    assert channels.statements.paper == 1
    assert channels.cards.keyed == 1


def test_the_events_page_shows_the_ways_side_by_side(said: None, evening: Gathering, sign_in: Any, alma: Any) -> None:
    page = sign_in(alma).get(f"/schreibtisch/altdorf/veranstaltungen/{evening.pk}/")
    assert "1 of 3 printed cards" in text_of(page) or "1 von 3 gedruckten Karten" in text_of(page)


def test_the_events_page_keeps_the_ways_from_who_only_looks(
    said: None, evening: Gathering, sign_in: Any, kim: Any
) -> None:
    page = sign_in(kim).get(f"/schreibtisch/altdorf/veranstaltungen/{evening.pk}/")
    assert page.status_code == 200
    assert "printed cards" not in text_of(page)
    assert "gedruckten Karten" not in text_of(page)
