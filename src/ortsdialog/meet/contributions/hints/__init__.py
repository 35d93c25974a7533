"""What a text seems to hold that should not be shown unseen: people, ways to reach them, threats, insults.

A guess of a machine, shown to the person who decides. It never decides by itself. Plain Python; every pattern runs in
linear time, since anybody may send a text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypedDict

from ortsdialog.meet.contributions.choices import HintKind
from ortsdialog.meet.contributions.hints.contact import ACCOUNT, ADDRESS, EMAIL, PHONE, PLATE, is_account, is_phone
from ortsdialog.meet.contributions.hints.harm import INSULT, THREAT
from ortsdialog.meet.contributions.hints.people import NAME, is_name


class Hint(TypedDict):
    """A stretch of the text, in characters."""

    kind: str
    start: int
    length: int


_ALWAYS = lambda match: True  # noqa: E731  a default that says what it does
# In the order in which they win where two overlap.
_FINDERS = (
    (HintKind.ACCOUNT, ACCOUNT, is_account),
    (HintKind.EMAIL, EMAIL, _ALWAYS),
    (HintKind.PHONE, PHONE, is_phone),
    (HintKind.ADDRESS, ADDRESS, _ALWAYS),
    (HintKind.PLATE, PLATE, _ALWAYS),
    (HintKind.THREAT, THREAT, _ALWAYS),
    (HintKind.INSULT, INSULT, _ALWAYS),
    (HintKind.NAME, NAME, is_name),
)


def find_hints(text: str) -> list[Hint]:
    """All stretches that look suspicious, in their order; empty for an unsuspicious text."""
    folded = _folded(text)
    found: list[Hint] = []
    for kind, patterns, holds in _FINDERS:
        for pattern in patterns:
            for match in pattern.finditer(folded):
                start, end = match.span(match.lastgroup or 0) if match.lastgroup else match.span()
                if holds(match) and not any(
                    start < hint["start"] + hint["length"] and hint["start"] < end for hint in found
                ):
                    found.append(Hint(kind=kind.value, start=start, length=end - start))
    return sorted(found, key=lambda hint: hint["start"])


def _folded(text: str) -> str:
    """The same text, character for character: digits of any script as 0–9, dashes and blanks of any kind as one."""
    return "".join(_fold(character) for character in text)


_DASHES = re.compile("[\u2010-\u2015\u2212]")


def _fold(character: str) -> str:
    if character.isascii():
        return character
    if character.isdigit():
        value = unicodedata.digit(character, -1)
        return str(value) if value >= 0 else character
    if _DASHES.match(character):
        return "-"
    return " " if character.isspace() and character != "\n" else character
