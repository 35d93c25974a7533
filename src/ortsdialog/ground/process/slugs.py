"""Readable addresses from German titles."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.text import slugify

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
LONGEST = 80


def slug_of(text: str, *, otherwise: str) -> str:
    """Letters, digits and hyphens; `otherwise` for a title that has none of them (for example an Arabic one)."""
    return slugify(text.translate(_SPELLED_OUT))[:LONGEST].strip("-") or otherwise


def free_slug(text: str, taken: Collection[str], *, otherwise: str) -> str:
    """The slug of the text, with a number behind it where it is taken."""
    slug = slug_of(text, otherwise=otherwise)
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = slug[: LONGEST - len(suffix)] + suffix
    return candidate
