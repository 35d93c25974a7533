"""Der Weg: of a statement, a measure, a dialogue, a programme."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.deliver.plan import queries
from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import (
    make_event,
    make_field,
    make_measure,
    make_plan,
    make_topic,
    make_words,
)
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.ui.way import Way
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db


def reached(way: Way) -> list[str]:
    return [station.key for station in way.stations if station.reached]


def here(way: Way) -> str:
    return next(station.key for station in way.stations if station.current)


def counts(way: Way) -> dict[str, int | None]:
    return {station.key: station.count for station in way.stations}


def statement_of(topic: Cluster) -> Statement:
    return Statement.objects.filter(cluster=topic).select_related("cluster").earliest("received_at")


def test_a_waiting_statement_has_been_said_and_no_more(in_altdorf: Any, event: Gathering, topic: Cluster) -> None:
    for state in (ModerationState.PENDING, ModerationState.HELD):
        way = queries.way_of_statement(make_words(event, cluster=topic, state=state))
        assert reached(way) == ["said"]


def test_a_statement_without_measure_is_sorted_into_its_topic(
    in_altdorf: Any, event: Gathering, topic: Cluster
) -> None:
    assert reached(queries.way_of_statement(make_words(event))) == ["said"]
    way = queries.way_of_statement(statement_of(topic))
    assert here(way) == "sorted"
    assert str(way.stations[1].text) == "Wohnen"


@pytest.mark.parametrize(
    ("state", "station"),
    [
        ("proposed", "proposed"),
        ("asked", "proposed"),
        ("declined", "proposed"),
        ("accepted", "taken_on"),
        ("running", "taken_on"),
        ("done", "done"),
        ("not_possible", "not_possible"),
    ],
)
def test_the_state_of_the_measure_decides_the_station(
    in_altdorf: Any, plan: MasterPlan, topic: Cluster, state: str, station: str
) -> None:
    measure = make_measure(
        plan, topic, state=MeasureState(state), owner_name="Amt", reason=MultilingualText.written("Kein Geld.")
    )
    for way in (queries.way_of_statement(statement_of(topic)), queries.way_of_measure(measure)):
        assert here(way) == station
    texts = {s.key: str(s.text) for s in queries.way_of_measure(measure).stations}
    if state in ("declined", "not_possible"):
        assert "Kein Geld." in texts[station]
    if station in ("taken_on", "done"):
        assert "Amt" in texts["taken_on"]


def test_the_measure_that_has_come_furthest_decides_and_all_are_listed(
    in_altdorf: Any, plan: MasterPlan, topic: Cluster
) -> None:
    make_measure(plan, topic, number=1, state=MeasureState.NOT_POSSIBLE)
    make_measure(plan, topic, number=2, state=MeasureState.RUNNING)
    make_measure(plan, topic, number=3, state=MeasureState.PROPOSED)
    statement = statement_of(topic)
    assert [m.number for m in queries.measures_of_statement(statement)] == [2, 3, 1]
    way = queries.way_of_statement(statement)
    assert here(way) == "taken_on"
    assert way.branch is None
    assert way.stations[3].url == "/orte/altdorf/dialoge/dialog/massnahmen/2/"


def test_a_draft_plan_is_not_told(in_altdorf: Any, dialogue: Process, topic: Cluster) -> None:
    make_measure(make_plan(dialogue, published=False), topic, state=MeasureState.DONE)
    assert here(queries.way_of_statement(statement_of(topic))) == "sorted"
    assert counts(queries.stream_of_process(dialogue))["proposed"] == 0


def test_way_of_measure_says_how_many_statements_from_how_many_tables(
    in_altdorf: Any, plan: MasterPlan, topic: Cluster
) -> None:
    way = queries.way_of_measure(make_measure(plan, topic))
    assert str(way.stations[0].text) in ("3 statements from 2 tables", "3 Beiträge von 2 Tischen")


def test_the_stream_narrows_from_said_to_done(
    in_altdorf: Any, dialogue: Process, event: Gathering, plan: MasterPlan, topic: Cluster
) -> None:
    topics = {number: make_topic(dialogue, number=number) for number in range(2, 6)}
    for number, cluster in topics.items():
        for _ in range(number):
            make_words(event, cluster=cluster)
    make_words(event)
    make_words(event, state=ModerationState.PENDING)
    make_words(event, state=ModerationState.HELD, cluster=topic)
    make_measure(plan, topics[2], number=1, state=MeasureState.DONE)
    make_measure(plan, topics[3], topics[2], number=2, state=MeasureState.ACCEPTED)
    make_measure(plan, topics[4], number=3, state=MeasureState.DECLINED)
    make_measure(plan, topics[5], number=4, state=MeasureState.NOT_POSSIBLE)
    # 3 in the first topic without measure; 2 + 3 + 4 + 5 in the others; three stand alone or are not public.
    assert counts(queries.stream_of_process(dialogue)) == {
        "said": 20,
        "sorted": 17,
        "proposed": 14,
        "taken_on": 5,
        "done": 2,
        "not_possible": 5,
    }


@pytest.mark.parametrize("number", [1, 3])
def test_ways_take_the_same_number_of_queries_whatever_the_rows(
    in_altdorf: Any,
    dialogue: Process,
    event: Gathering,
    plan: MasterPlan,
    topic: Cluster,
    number: int,
    django_assert_num_queries: Any,
) -> None:
    make_field(plan)
    for step in range(number):
        extra = make_topic(dialogue, number=10 + step)
        make_words(event, cluster=extra)
        measure = make_measure(plan, topic, extra, number=step + 1, state=MeasureState.RUNNING)
    statement = statement_of(topic)
    with django_assert_num_queries(2):
        queries.way_of_statement(statement)
    with django_assert_num_queries(2):
        queries.way_of_measure(measure)
    with django_assert_num_queries(2):
        queries.stream_of_process(dialogue)
    with django_assert_num_queries(3):
        queries.chapters(plan)


def test_the_programme_counts_public_dialogues_of_all_towns_and_the_demonstration_apart(
    dialogue: Process, event: Gathering, topic: Cluster, programme: Programme, altdorf: Any
) -> None:
    draft = make_process(altdorf, programme, slug="entwurf")
    make_words(make_event(draft))
    invented = make_place("Schauburg", "schauburg", is_demonstration=True)
    shown = make_process(invented, programme, slug="vorfuehrung", published=True)
    make_words(make_event(shown))
    # Three statements of Altdorf, one of Neustadt with a proposal.
    assert counts(queries.stream_of_programme(programme)) == {
        "said": 4,
        "sorted": 4,
        "proposed": 1,
        "taken_on": 0,
        "done": 0,
    }
    assert counts(queries.stream_of_programme(programme, demonstration=True))["said"] == 1
