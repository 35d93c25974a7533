"""A running event in Altdorf with two tables, and one in Neustadt."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def evening(dialogue: Process) -> Gathering:
    """Altdorf's event, under way."""
    return make_gathering(dialogue, tables=2, rounds=2)


@pytest.fixture
def other_evening(dialogue: Process) -> Gathering:
    """Neustadt's event, under way at the same time."""
    with across_places(reason=Reason.SITE_MAINTENANCE):
        process = Process.objects.exclude(place_id=dialogue.place_id).select_related("place").get()
    return make_gathering(process, tables=1, rounds=1, title="Neustadt-Geheimnis")


def _table(gathering: Gathering, number: int) -> Table:
    with open_place(gathering.place_id):
        return Table.objects.select_related("gathering__current_round__question", "gathering__process", "place").get(
            gathering=gathering, number=number
        )


@pytest.fixture
def table(evening: Gathering) -> Table:
    return _table(evening, 1)


@pytest.fixture
def second_table(evening: Gathering) -> Table:
    return _table(evening, 2)


@pytest.fixture
def other_table(other_evening: Gathering) -> Table:
    return _table(other_evening, 1)


@pytest.fixture
def tessa(table: Table) -> Actor:
    """The host of table 1."""
    return Actor.by_link(HOST_LINK, table.pk, label="Tessa")


@pytest.fixture
def rolf() -> Actor:
    """A resident with a phone."""
    return Actor.guest()


@pytest.fixture
def in_altdorf(altdorf: Any) -> Any:
    with open_place(altdorf):
        yield altdorf
