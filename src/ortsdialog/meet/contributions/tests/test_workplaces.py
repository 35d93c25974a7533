"""Statements and clusters on a dialogue's desk page."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.tests.factories import make_cluster, make_statement
from ortsdialog.meet.contributions.workplaces import describe_clusters, describe_statements
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering

QUEUE = "/schreibtisch/altdorf/beitraege/freigeben/"
SORT = "/schreibtisch/altdorf/dialoge/dialog/ordnen/"
LIST = "/schreibtisch/altdorf/beitraege/?dialog=dialog"


@pytest.fixture
def table(dialogue: Process, neustadt: Place) -> Table:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        other = Process.objects.select_related("place").get(place=neustadt)
    foreign = make_gathering(other)
    with open_place(neustadt):
        make_statement(foreign.tables.get(number=1), state=ModerationState.PENDING)
        make_cluster(other)
    gathering = make_gathering(dialogue)
    with open_place(dialogue.place):
        return gathering.tables.get(number=1)


def test_before_the_first_statement_it_says_where_they_come_from(table: Table, dialogue: Process) -> None:
    with open_place(dialogue.place):
        (line,) = describe_statements(dialogue)
        (cluster_line,) = describe_clusters(dialogue)
    assert line.url == ""
    assert cluster_line.url == "/schreibtisch/altdorf/dialoge/dialog/cluster/"


@pytest.mark.parametrize("count", [1, 3])
def test_it_counts_what_waits_and_what_is_to_be_sorted_in_one_query(
    table: Table, dialogue: Process, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make_statement(table, state=ModerationState.PENDING)
        make_statement(table)
    make_statement(table, state=ModerationState.HELD)
    make_statement(table, cluster=make_cluster(dialogue))
    with open_place(dialogue.place):
        with django_assert_num_queries(1):
            lines = describe_statements(dialogue)
        with django_assert_num_queries(1):
            (clusters,) = describe_clusters(dialogue)
    assert [(line.url, line.permission) for line in lines] == [
        (QUEUE, "contributions.moderate_statement"),
        (SORT, "contributions.sort_statements"),
        (LIST, ""),
    ]
    assert [str(count) in str(line.text) for line in lines[:2]] == [count > 1] * 2
    assert str(2 * count + 2) in str(lines[2].text)
    assert str(clusters.text)


def test_nothing_that_waits_is_not_told(table: Table, dialogue: Process) -> None:
    make_statement(table, cluster=make_cluster(dialogue))
    with open_place(dialogue.place):
        lines = describe_statements(dialogue)
    assert [line.url for line in lines] == [SORT, LIST]
