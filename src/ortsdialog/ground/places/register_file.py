"""Reads the official register of municipalities (GV100AD, Destatis): a file becomes checked units.

Plain text, zip or xz; UTF-8, or ISO-8859-1 as in older years. One record a line, 220 characters, fixed
columns. Nothing is stored here: whoever gets a `RegisterFile` holds a file without a known fault.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ortsdialog.ground.places.choices import Level

RECORD_LENGTH = 220
LAENDER = frozenset(f"{number:02d}" for number in range(1, 17))
# The file has 3.5 MB; more than this is something else, or an archive made to fill the memory.
LARGEST_FILE = 64 * 1024 * 1024
MOST_FAULTS = 5
# Digits of the AGS by level; the rest of its eight columns is blank.
_AGS_DIGITS = {
    Level.LAND: 2,
    Level.DISTRICT: 3,
    Level.REGION: 4,
    Level.COUNTY: 5,
    Level.ASSOCIATION: 5,
    Level.MUNICIPALITY: 8,
}
# Verwaltungsgemeinschaft: a comma in its name lists members ("Oelsnitz/Vogtl., Bösenbrunn, Eichigt und …").
_KIND_LISTING_MEMBERS = 54
_WORDS = {Level.LAND: "Landesschlüssel", Level.COUNTY: "Kreisschlüssel", Level.ASSOCIATION: "Verbandsschlüssel"}


class RegisterBroken(ValueError):
    """The file cannot be used. `faults` are sentences for the operator; each names its line where there is one."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class Unit(NamedTuple):
    """One record, with the names of the model's columns."""

    level: int
    ars: str
    ags: str
    name: str
    title: str
    kind: int | None
    seat: str
    postcode: str
    population: int | None
    area_hectares: int | None


@dataclass(frozen=True)
class RegisterFile:
    as_of_on: date
    encoding: str
    units: tuple[Unit, ...]


class _Fault(ValueError):
    """What is wrong with one line."""


def read_register(path: Path) -> RegisterFile:
    """Read and check the whole file. Raises `RegisterBroken` with the lines at fault."""
    text, encoding = _decoded(_unpacked(path))
    lines = text.rstrip("\r\n\x1a").split("\n")
    if not lines[0]:
        raise RegisterBroken("Die Datei ist leer.")
    units: list[Unit] = []
    numbers: dict[tuple[int, str], int] = {}
    faults: list[str] = []
    as_of: str = lines[0][2:10]
    for number, line in enumerate(lines, start=1):
        try:
            unit = _unit(line.removesuffix("\r"), as_of)
            first = numbers.setdefault((unit.level, unit.ars), number)
            if first != number:
                raise _Fault(f"der Schlüssel {unit.ars} steht schon in Zeile {first}")
        except _Fault as fault:
            faults.append(f"Zeile {number}: {fault}.")
            if len(faults) == MOST_FAULTS:
                break
        else:
            units.append(unit)
    if faults:
        raise RegisterBroken(*faults)
    _check_whole(units, numbers)
    return RegisterFile(_day(as_of), encoding, tuple(units))


# ---- From bytes to text -------------------------------------------------------------------------


def _unpacked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RegisterBroken(f"Die Datei {path} gibt es nicht.") from None
    except OSError as error:
        raise RegisterBroken(f"Die Datei {path} lässt sich nicht lesen: {error.strerror}.") from error
    try:
        if content.startswith(b"\xfd7zXZ\x00"):
            with lzma.open(io.BytesIO(content)) as packed:
                content = packed.read(LARGEST_FILE + 1)
        elif content.startswith(b"PK\x03\x04"):
            content = _from_zip(content)
    except (lzma.LZMAError, zipfile.BadZipFile, EOFError) as error:
        raise RegisterBroken(f"Die gepackte Datei {path.name} ist unvollständig oder beschädigt.") from error
    if len(content) > LARGEST_FILE:
        raise RegisterBroken("Die Datei ist viel zu groß für ein Gemeindeverzeichnis (GV100AD).")
    return content


def _from_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [name for name in archive.namelist() if name.lower().endswith((".txt", ".asc"))]
        # The official archive holds other lists and notes too; only one text is the register.
        names = [name for name in texts if "GV100AD" in name.upper()] or texts
        if len(names) != 1:
            raise RegisterBroken("In der ZIP-Datei steht nicht genau eine Datei GV100AD….txt.")
        with archive.open(names[0]) as packed:
            return packed.read(LARGEST_FILE + 1)


def _decoded(content: bytes) -> tuple[str, str]:
    if b"\x00" in content[:4096]:
        raise RegisterBroken(
            "Das ist keine Textdatei. Gebraucht wird das Gemeindeverzeichnis im Format GV100AD (.txt)."
        )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        # In ISO-8859-1 the first umlaut is no UTF-8. Where umlauts went well before, a byte is damaged.
        if not content[: error.start].removeprefix(b"\xef\xbb\xbf").isascii():
            line = content.count(b"\n", 0, error.start) + 1
            raise RegisterBroken(f"Zeile {line}: Ein Zeichen ist kein gültiges UTF-8.") from error
    text = content.decode("iso-8859-1")
    # ISO-8859-1 accepts every byte. Control characters betray other encodings, such as that of old DOS files.
    strange = re.search("[\x80-\x9f]", text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise RegisterBroken(f"Zeile {line}: Die Zeichenkodierung ist weder UTF-8 noch ISO-8859-1.")
    return text, "ISO-8859-1"


# ---- From a line to a unit ----------------------------------------------------------------------


def _unit(line: str, as_of: str) -> Unit:
    level = _level(line)
    if len(line) != RECORD_LENGTH:
        raise _Fault(f"{len(line)} statt {RECORD_LENGTH} Zeichen")
    _day(line[2:10])
    if line[2:10] != as_of:
        raise _Fault(f"Gebietsstand {line[2:10]}, in der ersten Zeile aber {as_of}")
    ags = _digits(line[10:18].rstrip(), _AGS_DIGITS[level], "der Schlüssel (AGS)")
    ars = ags
    if level in (Level.ASSOCIATION, Level.MUNICIPALITY):
        ars = ags[:5] + _digits(line[18:22], 4, "der Gemeindeverband") + ags[5:]
    kind = _kind(line[122:124])
    name, title = _name_and_title(line[22:72], level, kind)
    is_municipality = level == Level.MUNICIPALITY
    return Unit(
        level=int(level),
        ars=ars,
        ags=ags,
        name=name,
        title=title,
        kind=kind,
        seat=" ".join(line[72:122].split()),
        postcode=_postcode(line[165:170]) if is_municipality else "",
        population=int(_digits(line[139:150], 11, "die Bevölkerung")) if is_municipality else None,
        area_hectares=int(_digits(line[128:139], 11, "die Fläche")) if is_municipality else None,
    )


def _level(line: str) -> Level:
    try:
        return Level(int(line[:2]))
    except ValueError:
        raise _Fault(f"beginnt mit „{line[:2]}“, nicht mit einer Satzart (10, 20, 30, 40, 50 oder 60)") from None


def _day(text: str) -> date:
    digits = _digits(text, 8, "der Gebietsstand")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _Fault(f"„{text}“ ist kein Gebietsstand (JJJJMMTT)") from None


def _digits(text: str, count: int, what: str) -> str:
    if len(text) != count or not (text.isascii() and text.isdigit()):
        raise _Fault(f"{what} hat nicht {count} Ziffern: „{text}“")
    return text


def _kind(text: str) -> int | None:
    return int(_digits(text, 2, "das Textkennzeichen")) if text.strip() else None


def _postcode(text: str) -> str:
    # Unincorporated areas have none.
    return _digits(text, 5, "die Postleitzahl") if text.strip() else ""


def _name_and_title(text: str, level: Level, kind: int | None) -> tuple[str, str]:
    """ "Erkrath, Fundort des Neanderthalers, Stadt" is Erkrath: the title begins behind the first comma."""
    whole = " ".join(text.split()).replace(" ,", ",")
    if level == Level.ASSOCIATION and kind == _KIND_LISTING_MEMBERS:
        name, title = whole, ""
    else:
        name, _, title = (part.strip() for part in whole.partition(","))
    if not name:
        raise _Fault("der Name fehlt")
    return name, title


# ---- The file as a whole ------------------------------------------------------------------------


def _parents(unit: Unit) -> Iterator[tuple[Level, str]]:
    if unit.level != Level.LAND:
        yield Level.LAND, unit.ars[:2]
    # Land shared with Luxembourg belongs to no Kreis: its digits are zero.
    if unit.level in (Level.ASSOCIATION, Level.MUNICIPALITY) and unit.ars[2:5] != "000":
        yield Level.COUNTY, unit.ars[:5]
    if unit.level == Level.MUNICIPALITY:
        yield Level.ASSOCIATION, unit.ars[:9]


def _check_whole(units: list[Unit], numbers: dict[tuple[int, str], int]) -> None:
    """A file that was cut off, or lost lines, must not close the towns it does not show."""
    for unit in units:
        for level, ars in _parents(unit):
            if (level, ars) not in numbers:
                line = numbers[unit.level, unit.ars]
                raise RegisterBroken(
                    f"Zeile {line}: {unit.name} gehört zu {_WORDS[level]} {ars}, und der fehlt in der Datei."
                )
    missing = sorted(LAENDER - {unit.ars for unit in units if unit.level == Level.LAND})
    if missing:
        raise RegisterBroken(
            f"Nach Zeile {len(numbers)} ist die Datei zu Ende, und es fehlen Länder: {', '.join(missing)}. "
            "Sie ist unvollständig."
        )
    _check_end(units, last_line=len(numbers))


def _check_end(units: list[Unit], *, last_line: int) -> None:
    """In a Kreis the associations come first, then all their municipalities: a cut leaves some without."""
    county = units[-1].ars[:5]
    associations = {unit.ars for unit in units if unit.level == Level.ASSOCIATION and unit.ars[:5] == county}
    filled = {unit.ars[:9] for unit in units if unit.level == Level.MUNICIPALITY}
    if units[-1].level != Level.MUNICIPALITY or associations - filled:
        raise RegisterBroken(
            f"Nach Zeile {last_line} bricht die Datei ab: Im letzten Kreis ({county}) fehlen Gemeinden."
        )
