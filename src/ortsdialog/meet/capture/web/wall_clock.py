"""The words of the wall's clock. The display counts by itself; it gets the words for every number beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ortsdialog.kernel.language import html_lang, language_direction
from ortsdialog.meet.capture.screens import milliseconds
from ortsdialog.meet.gatherings.models import Round
from ortsdialog.meet.gatherings.queries import minutes_left

# One number for each form that a language may have (CLDR's names, as Intl.PluralRules says them).
_FORMS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
# Stands where the display puts the number.
GAP = "#"


@dataclass(frozen=True)
class Clock:
    """How long the round lasts, in one language. `ends` in milliseconds; None while nobody started the clock."""

    language: str
    direction: str
    round: str
    left: str
    ends: int | None
    over: str
    forms: dict[str, str]


def clocks(current: Round | None, languages: list[str]) -> list[Clock]:
    """The clock in each language; none between the rounds."""
    return [] if current is None else [_clock(current, language) for language in languages]


def _clock(current: Round, language: str) -> Clock:
    with override(language):
        minutes = minutes_left(current)
        over = _("The time is up")
        left = "" if minutes is None else _minutes(minutes, minutes) if minutes else over
        return Clock(
            language=html_lang(language),
            direction=language_direction(language),
            round=_("Round %(number)s") % {"number": current.number},
            left=left,
            ends=milliseconds(current.ends_at) if current.ends_at else None,
            over=over,
            forms={form: _minutes(number, GAP) for form, number in _FORMS.items()},
        )


def _minutes(number: int, said: Any) -> str:
    return ngettext("%(minutes)s minute left", "%(minutes)s minutes left", number) % {"minutes": said}
