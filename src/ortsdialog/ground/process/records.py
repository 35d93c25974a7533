"""Dialogues that are known from sources: a process with a record, and nothing that the sources do not say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import EvidenceLevel, ProcessState
from ortsdialog.ground.process.models import DialogueRecord, Process, Programme
from ortsdialog.ground.process.slugs import free_slug
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import MultilingualText

_TOOK_PLACE = {EvidenceLevel.DOCUMENTED, EvidenceLevel.PARTLY_DOCUMENTED}
_TEXTS = ("formats_text", "participants_note", "methods", "occasion", "moderation", "results", "evidence_note")
_LISTS = ("events", "formats", "topics", "groups_reached", "sources")
_NUMBERS = ("participants_min", "participants_max")


def load_dialogue_record(place: Place, programme: Programme, entry: Mapping[str, Any]) -> Process:
    """Create or update the process and the record of one documented dialogue. The place has to be open.

    A second time with the same entry changes nothing. No goal, no promise and no building blocks are
    made up: their fields stay empty.
    """
    key = str(entry["id"]).lower()
    level = EvidenceLevel(entry["evidence_level"])
    record = DialogueRecord.objects.filter(place=place, key=key).select_related("process").first()
    process = record.process if record else Process(place=place, programme=programme)
    record = record or DialogueRecord(place=place, key=key)

    facts = {
        "title": MultilingualText.written(entry["display_title"]),
        "state": (ProcessState.CLOSED if level in _TOOK_PLACE else ProcessState.NOT_KNOWN).value,
        "starts_on": _first_day(entry["events"]),
        "ends_on": _last_day(entry["events"]),
    }
    known = {
        "evidence_level": level.value,
        **{name: entry.get(name) or "" for name in _TEXTS},
        **{name: list(entry.get(name) or []) for name in _LISTS},
        **{name: entry.get(name) for name in _NUMBERS},
    }
    if process.pk and not _differs(process, facts) and not _differs(record, known):
        return process
    with recorded("process.load_record", actor=Actor.system("load_records"), on=process):
        _assign(process, facts)
        if process.pk is None:
            taken = set(Process.objects.filter(place=place).values_list("slug", flat=True))
            process.slug = free_slug(entry["display_title"], taken, otherwise="dialog")
            process.published_at = timezone.now()
        process.save()
        _assign(record, known)
        record.process = process
        record.save()
    return process


def _first_day(events: list[Mapping[str, Any]]) -> date | None:
    days = [event["starts_on"] for event in events if event.get("starts_on")]
    return date.fromisoformat(min(days)) if days else None


def _last_day(events: list[Mapping[str, Any]]) -> date | None:
    days = [event.get("ends_on") or event["starts_on"] for event in events if event.get("starts_on")]
    return date.fromisoformat(max(days)) if days else None


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _assign(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
