"""Reads of events, tables and rounds; the formats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import queries
from ortsdialog.meet.gatherings.choices import Format, GatheringState
from ortsdialog.meet.gatherings.formats import FORMATS
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def town(dialogue: Process):
    with open_place(dialogue.place):
        yield dialogue.place


def step_texts(gathering: Gathering) -> list[str]:
    with translation.override("en"):
        return [str(step.text) for step in queries.next_steps(gathering)]


def test_public_gatherings_leave_out_drafts_and_other_towns(town: Place, dialogue: Process, neustadt: Place) -> None:
    with open_place(neustadt):
        make_gathering(Process.objects.select_related("place").get(), title="Neustadt-Geheimnis")
    make_gathering(dialogue, slug="entwurf", state=GatheringState.DRAFT)
    past = make_gathering(dialogue, slug="gewesen", state=GatheringState.CLOSED)
    coming = make_gathering(dialogue, slug="kommend", state=GatheringState.PUBLISHED)
    assert list(queries.public_gatherings(dialogue)) == [past, coming]
    assert list(queries.public_gatherings(town)) == [past, coming]
    assert list(queries.upcoming_gatherings(town)) == [coming]
    assert queries.gatherings(town).count() == 3
    assert queries.public_gathering(town, dialogue.slug, "kommend") == coming
    assert queries.public_gathering(town, dialogue.slug, "entwurf") is None


def test_event_of_a_draft_dialogue_is_not_public(town: Place, programme: Programme) -> None:
    hidden = make_process(town, programme, slug="entwurf")
    make_gathering(hidden, state=GatheringState.PUBLISHED)
    assert list(queries.public_gatherings(town)) == []


def test_table_is_found_by_code_without_an_open_place(dialogue: Process, django_assert_num_queries: Any) -> None:
    gathering = make_gathering(dialogue)
    with open_place(dialogue.place):
        table = gathering.tables.get(number=1)
    typed = f" {table.code[:3].lower()}-{table.code[3:]} "
    with django_assert_num_queries(1):
        found = queries.table_by_code(typed)
        assert found is not None
        names = (found.place.name, str(found.gathering.process.title), str(found.gathering.current_round.question.text))
    assert found == table
    assert names == ("Altdorf", "Altdorf spricht", "Was läuft gut?")
    assert queries.table_by_host_key(table.host_key) == table


@pytest.mark.parametrize("code", ["", "   ", "ZZZZZZ"])
def test_unknown_code_finds_nothing(dialogue: Process, code: str) -> None:
    make_gathering(dialogue)
    assert queries.table_by_code(code) is None
    assert queries.table_by_host_key(code) is None


def test_table_of_a_draft_is_not_found(dialogue: Process) -> None:
    gathering = make_gathering(dialogue, state=GatheringState.DRAFT)
    with open_place(dialogue.place):
        table = gathering.tables.get(number=1)
    assert queries.table_by_code(table.code) is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_gatherings_takes_one_query(
    town: Place, dialogue: Process, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_gathering(dialogue, slug=f"v-{number}", tables=3)
    with django_assert_num_queries(1):
        rows = [(g.process.place.slug, g.tables_count) for g in queries.gatherings(town)]
    assert rows == [("altdorf", 3)] * count


def test_next_round_follows_the_current_one(town: Place, dialogue: Process) -> None:
    gathering = make_gathering(dialogue, rounds=2)
    assert queries.next_round(gathering).number == 2
    gathering.current_round = queries.next_round(gathering)
    assert queries.next_round(gathering) is None


def test_next_steps_follow_the_state(town: Place, dialogue: Process) -> None:
    gathering = make_gathering(dialogue, state=GatheringState.DRAFT)
    assert step_texts(gathering) == ["Announce the event"]
    gathering.venue = ""
    assert step_texts(gathering) == ["The venue is not written down yet."]
    gathering.state = GatheringState.PUBLISHED
    assert step_texts(gathering) == ["Print table signs and host cards", "Find hosts for all tables"]
    gathering.starts_at = timezone.now() - timedelta(minutes=5)
    assert step_texts(gathering)[0] == "Start the event: open the tables"
    gathering.state = GatheringState.RUNNING
    assert step_texts(gathering) == ["Lead through the evening"]
    gathering.state = GatheringState.CLOSED
    assert step_texts(gathering) == ["Enter how many guests came"]
    gathering.counted_guests = 3
    assert step_texts(gathering) == []


def test_every_format_has_a_template_whose_questions_match_its_rounds() -> None:
    assert set(FORMATS) == set(Format)
    for template in FORMATS.values():
        assert template.purpose
        assert template.tables >= 1
        assert len(template.questions) == len(template.round_minutes) >= 1
