"""The public page of an event."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def public_url(gathering: Gathering) -> str:
    return gathering.get_absolute_url()


def main_text(answer: Any) -> str:
    html = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("<footer")[0]))


def test_announced_event_answers_what_why_when_and_how(client: Client, dialogue: Process) -> None:
    gathering = make_gathering(
        dialogue,
        state=GatheringState.PUBLISHED,
        rounds=2,
        how_to_take_part=MultilingualText.written("Ohne Anmeldung."),
        agenda=[{"starts_at": "14:00", "minutes": 30, "title": MultilingualText.written("Ankommen").to_json()}],
    )
    answer = client.get(public_url(gathering))
    assert answer.status_code == 200
    text = main_text(answer)
    for words in (
        "Auftakt",
        "Wir wollen wissen, was fehlt.",
        "Der Gemeinderat antwortet auf jeden Vorschlag.",
        "Ohne Anmeldung.",
        "Wohnen",
        "Was muss verbessert werden?",
        "Ankommen",
        "Stadthalle",
    ):
        assert words in text


def test_hosts_and_codes_are_not_public(client: Client, dialogue: Process) -> None:
    gathering = make_gathering(dialogue)
    html = client.get(public_url(gathering)).content.decode()
    with open_place(dialogue.place):
        table = gathering.tables.get(number=1)
    assert "Tessa" not in html
    assert table.code not in html
    assert table.host_key not in html


def test_event_under_way_takes_the_table_code(client: Client, dialogue: Process) -> None:
    html = client.get(public_url(make_gathering(dialogue))).content.decode()
    assert f'action="{reverse("capture:enter-code")}"' in html
    assert 'name="code"' in html


@pytest.mark.parametrize(("count", "shown"), [(148, "148"), (4, None)])
def test_event_that_is_over_shows_its_count_and_protects_small_ones(
    client: Client, dialogue: Process, count: int, shown: str | None
) -> None:
    gathering = make_gathering(dialogue, state=GatheringState.CLOSED, counted_guests=count)
    text = main_text(client.get(public_url(gathering)))
    assert dialogue.get_absolute_url() in client.get(public_url(gathering)).content.decode()
    if shown:
        assert shown in text
    else:
        assert ": 4." not in text
        assert "5" in text


def test_draft_event_does_not_exist_in_public(client: Client, dialogue: Process) -> None:
    draft = make_gathering(dialogue, state=GatheringState.DRAFT)
    assert client.get(public_url(draft)).status_code == 404


def test_event_does_not_exist_under_another_town(client: Client, dialogue: Process) -> None:
    gathering = make_gathering(dialogue)
    assert client.get(public_url(gathering).replace("altdorf", "neustadt")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_public_page_takes_five_queries_whatever_its_size(
    client: Client, dialogue: Process, count: int, django_assert_num_queries: Any
) -> None:
    gathering = make_gathering(dialogue, tables=count * 2, rounds=count)
    with django_assert_num_queries(5):
        assert client.get(public_url(gathering)).status_code == 200


def test_public_page_speaks_the_readers_language(client: Client, dialogue: Process) -> None:
    title = MultilingualText.of({"de": "Auftakt", "ar": "الافتتاح"})
    gathering = make_gathering(dialogue)
    with open_place(dialogue.place):
        Gathering.objects.filter(pk=gathering.pk).update(title=title)
    # The request leaves its language active in this thread; the next test shall not read Arabic.
    with translation.override("de"):
        html = client.get(public_url(gathering), {"sprache": "ar"}).content.decode()
    assert 'dir="rtl"' in html
    assert "الافتتاح" in html
