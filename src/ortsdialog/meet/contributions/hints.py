"""What a text seems to hold that should not be shown unseen: ways to reach somebody.

A guess of a machine, shown to the person who decides. It never decides by itself.
"""

from __future__ import annotations

import re
from typing import TypedDict

from ortsdialog.meet.contributions.choices import HintKind


class Hint(TypedDict):
    """A stretch of the text, in characters."""

    kind: str
    start: int
    length: int


_PATTERNS: tuple[tuple[HintKind, re.Pattern[str]], ...] = (
    (HintKind.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (HintKind.PHONE, re.compile(r"(?<!\d)(?:\+|00|0)\d(?:[ /().-]?\d){5,13}(?!\d)")),
)


def find_hints(text: str) -> list[Hint]:
    """All stretches that look suspicious, in their order; empty for an unsuspicious text."""
    found = [
        Hint(kind=kind.value, start=match.start(), length=match.end() - match.start())
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda hint: hint["start"])
