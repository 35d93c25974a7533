"""Reads the demonstration's content: JSON files beside this module, their schema in `content/README.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from importlib import resources
from typing import Any

from django.utils import timezone

from ortsdialog.kernel.language import MultilingualText, State


def read(name: str) -> dict[str, Any]:
    """The content file `name` (without ending)."""
    file = resources.files("ortsdialog.demo") / "content" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def text(versions: Mapping[str, str] | None, states: Mapping[str, str]) -> MultilingualText:
    """A text with German as its original; the other languages carry the state that the file gives."""
    if not versions:
        return MultilingualText()
    result = MultilingualText.written(versions["de"], "de")
    for language, version in versions.items():
        if language != "de":
            result = result.with_version(language, version, State(states.get(language, "machine")))
    return result


def moment(offset_days: int, at: str = "10:00") -> datetime:
    """A point in time, counted in days from today; `at` is the local time, "HH:MM"."""
    hours, minutes = at.split(":")
    day = timezone.localdate() + timedelta(days=offset_days)
    return timezone.make_aware(datetime.combine(day, time(int(hours), int(minutes))))
