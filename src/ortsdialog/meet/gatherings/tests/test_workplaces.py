"""The events of a dialogue on its desk page, and when the next one is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import BlockState
from ortsdialog.ground.process.models import BuildingBlock, Process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import queries
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.tests.factories import make_gathering
from ortsdialog.meet.gatherings.workplaces import EVENTS_SHOWN, describe_events, event_to_prepare


@pytest.mark.parametrize("count", [1, 3])
def test_events_are_told_with_state_and_day_in_one_query(
    dialogue: Process, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_gathering(dialogue, title=f"Abend {number}", slug=f"abend-{number}", state=GatheringState.PUBLISHED)
    with open_place(dialogue.place), django_assert_num_queries(1):
        *events, prepare = describe_events(dialogue)
    assert [str(line.text) for line in events] == [f"Abend {number}" for number in reversed(range(count))]
    assert events[0].hint.startswith(str(GatheringState.PUBLISHED.label))
    assert prepare.permission == "gatherings.edit_gathering"
    assert prepare.url.endswith(f"/neu/{dialogue.pk}/")


def test_running_event_stands_first_and_the_rest_behind_a_link(dialogue: Process, altdorf: Place) -> None:
    for number in range(EVENTS_SHOWN):
        make_gathering(dialogue, title=f"Abend {number}", slug=f"abend-{number}", state=GatheringState.PUBLISHED)
    make_gathering(dialogue, title="Jetzt", slug="jetzt")
    with open_place(altdorf):
        lines = describe_events(dialogue)
        assert str(queries.gatherings(altdorf)[0].title) == "Jetzt"
    assert str(lines[0].text) == "Jetzt"
    assert len(lines) == EVENTS_SHOWN + 2
    assert lines[EVENTS_SHOWN].url.endswith("/veranstaltungen/")


def test_events_of_another_town_are_not_told(dialogue: Process, neustadt: Place) -> None:
    with open_place(neustadt):
        make_gathering(Process.objects.select_related("place").get(), title="Neustadt-Geheimnis")
    with open_place(dialogue.place):
        assert [line.permission for line in describe_events(dialogue)] == ["gatherings.edit_gathering"]


def test_archive_without_events_says_so(dialogue: Process) -> None:
    dialogue.state = "closed"
    with open_place(dialogue.place):
        (line,) = describe_events(dialogue)
    assert line.url == ""


@pytest.mark.parametrize(
    ("state", "starts_in_days", "is_due"),
    [
        (BlockState.RUNNING, None, True),
        (BlockState.OPEN, 20, True),
        (BlockState.OPEN, 100, False),
        (BlockState.OPEN, None, False),
        (BlockState.DONE, -10, False),
    ],
)
def test_event_is_due_when_its_block_is_near(
    dialogue: Process, state: str, starts_in_days: int | None, is_due: bool
) -> None:
    starts_on = None if starts_in_days is None else timezone.localdate() + timedelta(days=starts_in_days)
    with open_place(dialogue.place):
        dialogue.blocks.filter(number=2).update(key="event", state=state, starts_on=starts_on)
        blocks = list(dialogue.blocks.order_by("number"))
        assert bool(event_to_prepare(dialogue, blocks)) == is_due


def test_event_is_due_when_everything_before_is_done_until_it_stands(
    dialogue: Process, django_assert_num_queries: Any
) -> None:
    with open_place(dialogue.place):
        dialogue.blocks.filter(number=1).update(state=BlockState.DONE)
        dialogue.blocks.filter(number=2).update(key="event")
        blocks = list(dialogue.blocks.order_by("number"))
        assert event_to_prepare(dialogue, blocks)[0].url.endswith(f"/neu/{dialogue.pk}/")
        make_gathering(dialogue, state=GatheringState.DRAFT)
        with django_assert_num_queries(1):
            assert event_to_prepare(dialogue, blocks) == []


def test_dialogue_without_such_a_block_asks_nothing(dialogue: Process, django_assert_num_queries: Any) -> None:
    with open_place(dialogue.place):
        blocks: list[BuildingBlock] = list(dialogue.blocks.order_by("number"))
        with django_assert_num_queries(0):
            assert event_to_prepare(dialogue, blocks) == []


@pytest.mark.parametrize("count", [1, 3])
def test_desk_page_of_the_dialogue_asks_a_fixed_number_of_questions(
    sign_in: Any, alma: User, dialogue: Process, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_gathering(dialogue, title=f"Abend {number}", slug=f"abend-{number}")
    client = sign_in(alma)
    with django_assert_num_queries(17):
        page = client.get(f"/schreibtisch/altdorf/dialoge/{dialogue.pk}/").content.decode()
    assert "Abend 0" in page
    assert "Neustadt-Geheimnis" not in page


def test_desk_page_of_a_running_event_leads_to_wall_and_queue(sign_in: Any, alma: User, dialogue: Process) -> None:
    running = make_gathering(dialogue)
    closed = make_gathering(dialogue, slug="vorbei", state=GatheringState.CLOSED)
    pages = {
        gathering: sign_in(alma).get(f"/schreibtisch/altdorf/veranstaltungen/{gathering.pk}/").content.decode()
        for gathering in (running, closed)
    }
    main = {gathering: page.partition("<main")[2] for gathering, page in pages.items()}
    assert "/schreibtisch/altdorf/waende/" in main[running]
    assert "/schreibtisch/altdorf/beitraege/freigeben/" in main[running]
    assert "/schreibtisch/altdorf/dialoge/dialog/ordnen/" in main[closed]
    assert "/schreibtisch/altdorf/beitraege/freigeben/" in main[closed]


@pytest.mark.parametrize(("days", "is_its_day"), [(0, True), (1, False)])
def test_tables_of_a_later_day_are_not_opened_by_one_click(
    sign_in: Any, alma: User, dialogue: Process, days: int, is_its_day: bool
) -> None:
    starts_at = timezone.now() + timedelta(days=days)
    coming = make_gathering(dialogue, state=GatheringState.PUBLISHED, starts_at=starts_at)
    page = sign_in(alma).get(f"/schreibtisch/altdorf/veranstaltungen/{coming.pk}/").content.decode()
    main = page.partition("<main")[2]
    assert f"/veranstaltungen/{coming.pk}/beginnen/" in main
    assert ("<details" not in main.partition("/beginnen/")[0]) == is_its_day
