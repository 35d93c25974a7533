"""Which characters the house's fonts can print.

A sign that no font has would stop the whole document (PDF/UA-1 allows no missing glyph), and people
write emoji. So the character map of the fonts is read here, and what is not in it is replaced.
"""

from __future__ import annotations

import functools
import struct
import unicodedata
from pathlib import Path

# The first of these that the fonts have.
_BOXES = "□▯◊?"
# Joiners and marks of direction shape Arabic and Persian; every other invisible sign is dropped,
# overrides of the direction above all.
_KEPT_INVISIBLE = "\u200c\u200d\u200e\u200f"


@functools.cache
def printable(folder: Path) -> frozenset[int]:
    """The code points that a font in the folder has a glyph for."""
    points: set[int] = set()
    for font in sorted(folder.glob("*.ttf")):
        points |= _code_points(font.read_bytes())
    return frozenset(points)


def only_printable(text: str, folder: Path) -> str:
    """The text with a box for every character that could not be printed; invisible controls are dropped."""
    known = printable(folder)
    box = next(sign for sign in _BOXES if ord(sign) in known)
    shown = []
    for character in text:
        category = unicodedata.category(character)
        if character == "\n":
            shown.append(character)
        elif category in ("Cf", "Cc"):
            if character in _KEPT_INVISIBLE and ord(character) in known:
                shown.append(character)
        elif category not in ("Co", "Cs") and ord(character) in known:
            shown.append(character)
        elif category in ("Mn", "Me"):
            continue  # An accent without a glyph stands on a letter that has one.
        elif category.startswith("Z"):
            shown.append(" ")
        else:
            shown.append(box)
    return "".join(shown)


def _code_points(font: bytes) -> set[int]:
    """All code points of the font's Unicode character map (formats 4 and 12 of the OpenType table "cmap")."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for index in range(tables):
        tag, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            return _unicode_map(font, offset)
    return set()


def _unicode_map(font: bytes, cmap: int) -> set[int]:
    points: set[int] = set()
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, _encoding, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * index)
        if platform not in (0, 3):
            continue
        start = cmap + offset
        form = struct.unpack_from(">H", font, start)[0]
        if form == 4:
            points |= _segments(font, start)
        elif form == 12:
            points |= _groups(font, start)
    return points


def _segments(font: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
    points: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            points.update(range(first, last + 1))
    return points


def _groups(font: bytes, start: int) -> set[int]:
    points: set[int] = set()
    for index in range(struct.unpack_from(">L", font, start + 12)[0]):
        first, last, _glyph = struct.unpack_from(">LLL", font, start + 16 + 12 * index)
        points.update(range(first, last + 1))
    return points
