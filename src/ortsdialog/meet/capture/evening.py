"""What the control room sees of an evening: signs of life, unsent statements, how many were said where.

Counts only. What one device has sent is never put beside that device.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.fields.json import KT
from django.utils import timezone

from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.meet.capture.choices import DeviceRole
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.queries import statements_in_the_hall
from ortsdialog.meet.gatherings.models import Gathering, Table

# Phones tell of themselves about every half minute; some go to sleep while people talk.
SILENT_AFTER = timedelta(minutes=5)


@dataclass
class TableNow:
    """One table as it stands: when it was last heard of, its devices, what was said there."""

    table: Table
    seen_at: datetime | None = None
    devices: int = 0
    host_present: bool = False
    unsent: int = 0
    # When the devices with unsent statements last said so.
    unsent_told_at: datetime | None = None
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    languages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    is_silent: bool = False

    @property
    def pending(self) -> int:
        return self.states.get(ModerationState.PENDING, 0)

    @property
    def approved(self) -> int:
        return self.states.get(ModerationState.APPROVED, 0)

    @property
    def held(self) -> int:
        return self.states.get(ModerationState.HELD, 0)

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class LanguageRow:
    """How many were said in each of the languages of the hall, in their order; at a table, or (None) at none."""

    table: Table | None
    numbers: list[int]
    total: int


@dataclass(frozen=True)
class Evening:
    """The whole hall at one moment."""

    tables: list[TableNow]
    languages: list[str]
    by_language: list[LanguageRow]
    language_totals: list[int]
    waiting: int
    oldest_waiting_at: datetime | None
    approved: int
    held: int
    total: int
    devices: int
    unsent: int
    unsent_told_at: datetime | None

    @property
    def silent(self) -> list[TableNow]:
        return [row for row in self.tables if row.is_silent]

    @property
    def unsent_tables(self) -> list[TableNow]:
        return [row for row in self.tables if row.unsent]


def evening_now(gathering: Gathering) -> Evening:
    """The state of every table of the event. Three queries, whatever the number of tables and devices."""
    rows = {table.pk: TableNow(table) for table in gathering.tables.order_by("number")}
    # Devices and statements that belong to no table, and what the hall has in all.
    nowhere, hall = TableNow(Table()), TableNow(Table())
    _add_devices(gathering, rows, nowhere, hall)
    oldest = _add_statements(gathering, rows, nowhere, hall)
    quiet_before = timezone.now() - SILENT_AFTER
    for row in rows.values():
        row.is_silent = gathering.takes_statements and (row.seen_at is None or row.seen_at < quiet_before)
    languages = sorted(hall.languages, key=lambda code: (-hall.languages[code], code))
    return Evening(
        tables=list(rows.values()),
        languages=languages,
        by_language=list(_language_rows(rows.values(), nowhere, languages)),
        language_totals=[hall.languages[code] for code in languages],
        waiting=hall.pending,
        oldest_waiting_at=oldest,
        approved=hall.approved,
        held=hall.held,
        total=hall.total,
        devices=hall.devices,
        unsent=hall.unsent,
        unsent_told_at=hall.unsent_told_at,
    )


def _add_devices(gathering: Gathering, rows: dict[int, TableNow], nowhere: TableNow, hall: TableNow) -> None:
    present = Q(last_seen_at__gte=timezone.now() - SILENT_AFTER)
    found = (
        Device.objects.filter(gathering=gathering)
        .order_by()
        .values("table_id", "role")
        .annotate(
            number=Count("pk"),
            near=Count("pk", filter=present),
            unsent=Sum("unsent_count"),
            seen=Max("last_seen_at"),
            told=Max("last_seen_at", filter=Q(unsent_count__gt=0)),
        )
    )
    for group in found:
        row = rows.get(group["table_id"], nowhere)
        row.host_present |= group["role"] == DeviceRole.HOST and group["near"] > 0
        for each in (row, hall):
            each.devices += group["number"]
            each.unsent += group["unsent"]
            each.seen_at = _later(each.seen_at, group["seen"])
            each.unsent_told_at = _later(each.unsent_told_at, group["told"])


def _add_statements(
    gathering: Gathering, rows: dict[int, TableNow], nowhere: TableNow, hall: TableNow
) -> datetime | None:
    """Counts into the rows; returns since when the oldest one waits."""
    found = (
        statements_in_the_hall(gathering)
        .order_by()
        .annotate(language=KT("text__original"))
        .values("table_id", "state", "channel", "language")
        .annotate(number=Count("pk"), first=Min("received_at"), last=Max("received_at"))
    )
    oldest: datetime | None = None
    for group in found:
        row = rows.get(group["table_id"], nowhere)
        language = group["language"] if group["language"] in SPOKEN_LANGUAGES else ""
        for each in (row, hall):
            each.states[group["state"]] += group["number"]
            each.languages[language] += group["number"]
        if group["channel"] != Channel.PAPER:
            # Paper is keyed in later and elsewhere: no sign that the table lives.
            row.seen_at = _later(row.seen_at, group["last"])
        if group["state"] == ModerationState.PENDING:
            oldest = group["first"] if oldest is None else min(oldest, group["first"])
    return oldest


def _language_rows(rows: Iterable[TableNow], nowhere: TableNow, languages: list[str]) -> Iterable[LanguageRow]:
    for row in rows:
        yield LanguageRow(row.table, [row.languages.get(code, 0) for code in languages], row.total)
    if nowhere.total:
        yield LanguageRow(None, [nowhere.languages.get(code, 0) for code in languages], nowhere.total)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
