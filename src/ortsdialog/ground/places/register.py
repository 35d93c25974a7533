"""Brings the official register into the database: all of it, or nothing.

New units are added, changed ones rewritten, vanished ones closed and never deleted: dialogues hang on
them. What a town sets up itself (slug, profile) stays. Invented places have no ARS and are not touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place, RegisterImport
from ortsdialog.ground.places.register_file import RegisterFile, Unit, read_register
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entry

FACTS = Unit._fields
# SQLite takes a limited number of values in one statement.
BATCH = 500
# A territorial reform closes some hundred units in a year at most; a file that lost a Land closes more.
MOST_CLOSED = 100
MOST_CLOSED_PERCENT = 5

Progress = Callable[[str], None]
Key = tuple[int, str]


class RegisterRefused(ValueError):
    """The file is sound, but must not be brought in. The message is a sentence for the operator."""


@dataclass(frozen=True)
class LevelCounts:
    level: Level
    in_file: int
    created: int
    updated: int
    closed: int
    unchanged: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `closed_participants` are towns that take part and no longer stand in the register."""

    register: RegisterFile
    levels: tuple[LevelCounts, ...]
    closed_participants: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        return any(counts.created or counts.updated or counts.closed for counts in self.levels)


@dataclass(frozen=True)
class _Stored:
    pk: int
    facts: Unit
    is_closed: bool


def import_register(
    path: Path, *, actor: Actor | None = None, close_many: bool = False, progress: Progress = lambda words: None
) -> ImportReport:
    """Read the file and bring the stored register to its state, in one transaction.

    Raises `RegisterBroken` for a faulty file and `RegisterRefused` for one that is older than what is
    stored, or that would close suspiciously many units (`close_many=True` allows that).
    """
    actor = actor or Actor.system("import_places")
    require(actor, "places.import_register")
    progress("Datei wird gelesen und geprüft")
    register = read_register(Path(path))
    progress(f"{len(register.units)} Einträge, Gebietsstand {register.as_of_on:%d.%m.%Y}, {register.encoding}")
    with transaction.atomic():
        _refuse_older(register)
        report = _bring_in(register, close_many=close_many, progress=progress)
        if report.has_changes:
            _record(report, actor)
    return report


def _refuse_older(register: RegisterFile) -> None:
    stored = Place.objects.exclude(ars="").aggregate(newest=Max("as_of_on"))["newest"]
    if stored and register.as_of_on < stored:
        raise RegisterRefused(
            f"Die Datei hat den Gebietsstand {register.as_of_on:%d.%m.%Y}. "
            f"Gespeichert ist schon ein neuerer: {stored:%d.%m.%Y}. Es wurde nichts geändert."
        )


def _bring_in(register: RegisterFile, *, close_many: bool, progress: Progress) -> ImportReport:
    stored = _stored()
    wanted: dict[Key, Unit] = {(unit.level, unit.ars): unit for unit in register.units}
    created = [unit for key, unit in wanted.items() if key not in stored]
    updated = [
        (stored[key], unit)
        for key, unit in wanted.items()
        if key in stored and (stored[key].facts != unit or stored[key].is_closed)
    ]
    closed = [row for key, row in stored.items() if key not in wanted and not row.is_closed]
    _refuse_closing_many(closed, open_before=sum(not row.is_closed for row in stored.values()), allowed=close_many)

    progress(
        f"{len(created)} neue, {len(updated)} geänderte und {len(closed)} geschlossene Einträge werden gespeichert"
    )
    _create(created, register)
    _update(updated, register)
    closed_participants = _close(closed, register)
    # Confirmed by this file, though nothing about them has changed.
    Place.objects.exclude(ars="").filter(closed_on__isnull=True).exclude(as_of_on=register.as_of_on).update(
        as_of_on=register.as_of_on
    )
    return ImportReport(
        register=register,
        levels=_counts(wanted, created, [row.facts for row, _ in updated], [row.facts for row in closed]),
        closed_participants=closed_participants,
    )


def _stored() -> dict[Key, _Stored]:
    rows = Place.objects.exclude(ars="").values_list("pk", "closed_on", *FACTS)
    found = (_Stored(pk, Unit(*facts), closed_on is not None) for pk, closed_on, *facts in rows.iterator())
    return {(row.facts.level, row.facts.ars): row for row in found}


def _refuse_closing_many(closed: list[_Stored], *, open_before: int, allowed: bool) -> None:
    many = len(closed) > MOST_CLOSED and len(closed) * 100 > open_before * MOST_CLOSED_PERCENT
    if many and not allowed:
        raise RegisterRefused(
            f"{len(closed)} von {open_before} Einträgen fehlen in der neuen Datei und würden geschlossen. "
            "Wahrscheinlich ist sie unvollständig, es wurde nichts geändert. "
            "Wenn es seine Richtigkeit hat: den Befehl mit --close-many wiederholen."
        )


def _create(units: list[Unit], register: RegisterFile) -> None:
    Place.objects.bulk_create((Place(as_of_on=register.as_of_on, **unit._asdict()) for unit in units), batch_size=BATCH)


def _update(changes: list[tuple[_Stored, Unit]], register: RegisterFile) -> None:
    Place.objects.bulk_update(
        [Place(pk=row.pk, as_of_on=register.as_of_on, closed_on=None, **unit._asdict()) for row, unit in changes],
        [*FACTS, "as_of_on", "closed_on"],
        batch_size=BATCH // 10,
    )


def _close(rows: list[_Stored], register: RegisterFile) -> tuple[str, ...]:
    """Close what is gone; returns the names of those that take part in dialogues."""
    keys = [row.pk for row in rows]
    participants: list[str] = []
    for start in range(0, len(keys), BATCH):
        batch = Place.objects.filter(pk__in=keys[start : start + BATCH])
        participants += [place.full_name for place in batch.filter(slug__isnull=False).order_by("name", "pk")]
        batch.update(closed_on=register.as_of_on)
    return tuple(participants)


def _counts(
    wanted: dict[Key, Unit], created: list[Unit], updated: list[Unit], closed: list[Unit]
) -> tuple[LevelCounts, ...]:
    in_file, new, changed, gone = (
        Counter(unit.level for unit in units) for units in (wanted.values(), created, updated, closed)
    )
    return tuple(
        LevelCounts(
            level=level,
            in_file=in_file[level],
            created=new[level],
            updated=changed[level],
            closed=gone[level],
            unchanged=in_file[level] - new[level] - changed[level],
        )
        for level in Level
    )


def _record(report: ImportReport, actor: Actor) -> None:
    entry = RegisterImport.objects.create(
        as_of_on=report.register.as_of_on,
        created=sum(counts.created for counts in report.levels),
        updated=sum(counts.updated for counts in report.levels),
        closed=sum(counts.closed for counts in report.levels),
    )
    note_entry(
        "places.import_register",
        actor=actor,
        on=entry,
        detail={
            "as_of_on": str(entry.as_of_on),
            "created": entry.created,
            "updated": entry.updated,
            "closed": entry.closed,
        },
    )
