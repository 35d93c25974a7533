"""What a statement's text may look like: hostile, endless, invisible."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.meet.contributions.words import LONGEST, checked_text, clean_text


@pytest.mark.parametrize("invisible", ["\u200b\u200b", "\u3164", "\ufeff", " \u2800 ", "\u0301", "\u200d"])
def test_a_text_that_nobody_can_see_is_refused_as_empty(invisible: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        checked_text(invisible)
    assert refusal.value.code == "empty"


def test_joiners_marks_and_pictures_stay_where_there_is_something_to_see() -> None:
    assert checked_text("می‌خواهم 👩‍👧 e\u0301") == "می‌خواهم 👩‍👧 é"


@pytest.mark.timeout(20)
def test_a_heap_of_marks_is_refused_before_it_is_composed() -> None:
    """Composing it would take hours; the length is known without."""
    with pytest.raises(ValidationError) as refusal:
        checked_text("a" + "\u0301\u0327" * 1_000_000)
    assert refusal.value.code == "too_long"


def test_decomposed_letters_count_as_people_count_them() -> None:
    assert len(checked_text("e\u0301" * LONGEST)) == LONGEST


def test_a_tower_of_marks_does_not_grow_over_the_next_card() -> None:
    towering = checked_text("z" + "\u0348" * 1_500 + " und Wasser")
    assert (towering.count("\u0348"), towering.endswith(" und Wasser")) == (4, True)


def test_a_text_of_nothing_but_marks_is_cleaned_in_no_time():
    begun = time.perf_counter()
    clean_text("a" + "\u0301\u0327\u0316" * 26_000)
    # Composing them all takes several seconds; going through them once, a tenth of one.
    assert time.perf_counter() - begun < 1.5
