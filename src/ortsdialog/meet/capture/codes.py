"""Codes of paper cards: made, read, written in groups, and guessed at where one sign is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from ortsdialog.meet.gatherings.codes import ALPHABET

LENGTH = 6
GROUP = 3
_LONGEST_TYPED = 300
_SUGGESTED_AT_MOST = 3


def new_codes(count: int) -> list[str]:
    """So many different codes. Whoever uses them looks which are taken."""
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(secrets.choice(ALPHABET) for _ in range(LENGTH))] = None
    return list(made)


def read_card_code(typed: str) -> str:
    """What somebody typed, or what a scanner read from the card: an address that ends with the code."""
    typed = typed[:_LONGEST_TYPED].strip()
    if "/" in typed:
        typed = typed.rstrip("/").rpartition("/")[2]
    return "".join(character for character in typed.upper() if character.isalnum())[:12]


def grouped(code: str) -> str:
    """As it is printed: "ACD-EFG"."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def near(typed: str, codes: Iterable[str]) -> list[str]:
    """Those codes that differ from the typed one by one sign, or by two that changed places; three at most."""
    return [code for code in codes if _is_near(typed, code)][:_SUGGESTED_AT_MOST]


def _is_near(one: str, other: str) -> bool:
    if len(one) == len(other):
        apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(apart) == 2:
            first, second = apart
            return second == first + 1 and one[first] == other[second] and one[second] == other[first]
        return len(apart) == 1
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
