"""Participants' words never look like the town's: every template that prints them does it in a frame of voices."""

from __future__ import annotations

import pytest

from tests.architecture.checks.templates import templates
from tests.architecture.checks.voices import WORDS, homeless_words
from tests.architecture.house import SOURCE, agreed

PAGES = list(templates(SOURCE))


def test_words_of_people_stand_in_a_frame_of_voices() -> None:
    agreed(homeless_words(PAGES))


def test_places_that_print_words_are_found_at_all() -> None:
    assert len([name for name, text in PAGES if WORDS.search(text)]) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "<p>{% say statement.text %}</p>",
        "<td>{{ statement.text }}</td>",
        '<blockquote class="statement__words"><p>x</p></blockquote><p>{% say statement.text lines=True %}</p>',
        '<p class="statement-rows">{{ statement.text|truncatechars:60 }}</p>',
        "<p>{# statement #}{% say heard.said %}</p>",
    ],
)
def test_words_outside_a_frame_are_caught(text: str) -> None:
    (complaint,) = homeless_words([("page.html", text)])
    assert complaint.startswith("page.html:1")


@pytest.mark.parametrize(
    "text",
    [
        '<blockquote class="statement__words"><p>{% say statement.text lines=True %}</p></blockquote>',
        '<c-statement :text="statement.text" />',
        "{% voice statement cut=200 %}",
        '<input aria-label="Ankreuzen: {{ statement.text|truncatechars:60 }}">',
        "<p>{% say gathering.title %}</p>",
    ],
)
def test_words_in_a_frame_pass(text: str) -> None:
    assert homeless_words([("page.html", text)]) == []
