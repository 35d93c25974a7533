"""Dialogues over all towns: what a programme counts, and what the start page lists. Unknown stays unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import EvidenceLevel, ProcessState
from ortsdialog.ground.process.models import DialogueRecord, Process, Programme
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering

# The key of a Regierungsbezirk has three digits, and those of its towns begin with them.
_DISTRICT_DIGITS = 3


@dataclass(frozen=True)
class EventDate:
    """A day, a span of days, or only a month."""

    on: date
    until: date | None = None
    is_month: bool = False
    time_text: str = ""


def event_dates(record: DialogueRecord) -> list[EventDate]:
    """The dates of a documented dialogue; empty where none is known."""
    return [
        EventDate(
            on=date.fromisoformat(event["starts_on"]),
            until=date.fromisoformat(event["ends_on"]) if event.get("ends_on") else None,
            is_month=event.get("precision") == "month",
            time_text=event.get("time_text") or "",
        )
        for event in record.events
        if event.get("starts_on")
    ]


@dataclass(frozen=True)
class DialogueRow:
    """One dialogue in a programme's list, with what is known of it."""

    process: Process
    place: Place
    record: DialogueRecord | None
    dates: Sequence[EventDate]
    # None: not known.
    people: int | None

    @property
    def stand(self) -> str:
        return self.process.state

    @property
    def stand_words(self) -> Any:
        if self.record and self.record.evidence_level in (EvidenceLevel.ANNOUNCED_ONLY, EvidenceLevel.NAMED_ONLY):
            return self.record.get_evidence_level_display()
        return self.process.get_state_display()


def dialogues_of_programme(programme: Programme, *, drafts: bool = False) -> list[DialogueRow]:
    """All public dialogues of a programme, by the town's name. Two queries. `drafts` are for programme staff only."""
    with across_places(reason=Reason.PROGRAMME_VIEW):
        wanted = Process.objects.filter(programme=programme)
        if not drafts:
            wanted = wanted.filter(published_at__isnull=False)
        held = Gathering.objects.filter(published_at__isnull=False).order_by("starts_at")
        found = list(
            wanted.select_related("place", "record")
            .prefetch_related(Prefetch("gatherings", held, to_attr="public_events"))
            .order_by("place__name", "starts_on", "pk")
        )
    return [_row(process) for process in found]


def _row(process: Process) -> DialogueRow:
    record = getattr(process, "record", None)
    if record is not None:
        # "At least": of a range the smaller number is certain.
        return DialogueRow(process, process.place, record, event_dates(record), record.participants_min)
    events: list[Gathering] = process.public_events  # type: ignore[attr-defined]
    counted = [event.counted_guests for event in events if event.counted_guests is not None]
    dates = [EventDate(timezone.localtime(event.starts_at).date()) for event in events]
    return DialogueRow(process, process.place, None, dates, sum(counted) if counted else None)


@dataclass(frozen=True)
class ProgrammeCount:
    """One true count: dialogues → towns → events → people, and for how many it is not known."""

    dialogues: int
    towns: int
    events: int
    dialogues_without_date: int
    people: int
    dialogues_without_people: int

    @property
    def dialogues_with_people(self) -> int:
        return self.dialogues - self.dialogues_without_people


def programme_count(rows: Iterable[DialogueRow]) -> ProgrammeCount:
    """Counts what is real; a demonstration is nobody's dialogue."""
    real = [row for row in rows if not row.place.is_demonstration and row.stand != ProcessState.DRAFT]
    known = [row.people for row in real if row.people is not None]
    return ProgrammeCount(
        dialogues=len(real),
        towns=len({row.place.pk for row in real}),
        events=sum(len(row.dates) for row in real),
        dialogues_without_date=sum(1 for row in real if not row.dates),
        people=sum(known),
        dialogues_without_people=len(real) - len(known),
    )


def by_region(rows: Iterable[DialogueRow]) -> list[tuple[Any, list[DialogueRow]]]:
    """The rows by administrative region, where the register is there to name it; else in one group."""
    districts = {
        # The register writes "Reg.-Bez. Stuttgart".
        place.ags: format_lazy("{} {}", _("Administrative region"), place.name.removeprefix("Reg.-Bez. "))
        for place in Place.objects.filter(level=Level.DISTRICT, closed_on__isnull=True)
    }
    groups: dict[str, list[DialogueRow]] = {}
    for row in rows:
        key = row.place.ags[:_DISTRICT_DIGITS]
        groups.setdefault(key if key in districts else "", []).append(row)
    named = sorted(((districts[key], group) for key, group in groups.items() if key), key=lambda group: str(group[0]))
    return [*named, ("", groups[""])] if "" in groups else list(named)


@dataclass(frozen=True)
class Towns:
    """Towns with a public dialogue: with a running one, and those of which a finished one is known."""

    running: list[Place]
    earlier: list[Place]


def towns() -> Towns:
    """Towns with public dialogues, by name. One query."""
    with across_places(reason=Reason.PROGRAMME_VIEW):
        rows = list(
            Process.objects.filter(published_at__isnull=False, place__slug__isnull=False)
            .select_related("place")
            .order_by("place__name", "pk")
        )
    running = {row.place_id: row.place for row in rows if row.state == ProcessState.RUNNING}
    earlier = {row.place_id: row.place for row in rows if row.place_id not in running}
    return Towns(list(running.values()), list(earlier.values()))


def next_events(limit: int = 5) -> list[Gathering]:
    """The next announced events of all towns. One query."""
    with across_places(reason=Reason.PROGRAMME_VIEW):
        return list(
            Gathering.objects.filter(
                published_at__isnull=False,
                process__published_at__isnull=False,
                state__in=[GatheringState.PUBLISHED, GatheringState.RUNNING],
                starts_at__gte=timezone.now() - timedelta(hours=12),
            )
            .select_related("place", "process__place")
            .order_by("starts_at", "pk")[:limit]
        )
