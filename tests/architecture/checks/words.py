"""What is written down for people: glossary, rights, settings, commands, checks, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models

from tests.architecture.house import CONTEXTS

# Columns that hold something about a person, by their names.
PERSONAL = re.compile(
    r"(^|_)(email|phone|surname|first_name|last_name|birthday|born_on|ip|user_agent|host_name|owner_name)($|_)"
    r"|^(name|address|actor_label|password)$"
)
# Columns with such a name that hold nothing about a person.
NOT_PERSONAL = {
    "places.Place.name": "the name of a town",
    "gatherings.Gathering.address": "the address of a venue",
    "capture.Wall.name": "where a display hangs",
    "kernel.LiveEvent.name": "the name of an event",
    "kernel.ScheduledRun.name": "the name of a job",
}


def missing_from(text: str, words: Iterable[str], *, where: str, what: str) -> list[str]:
    """Words that do not stand in a text, in backticks."""
    return [f"{word} is missing in {where}: {what}" for word in sorted(set(words)) if f"`{word}`" not in text]


def personal_columns(found: Iterable[type[models.Model]]) -> set[tuple[str, str]]:
    return {
        (model._meta.label, field.name)
        for model in found
        for field in model._meta.local_fields
        if PERSONAL.search(field.name) and f"{model._meta.label}.{field.name}" not in NOT_PERSONAL
    }


def columns_without_owner(found: Iterable[type[models.Model]], listed: Iterable[Any]) -> list[str]:
    """Personal columns that no `privacy.py` tells of."""
    known = {(entry.model, field) for entry in listed for field in entry.fields}
    return [
        f"{label}.{field} is about a person: put it into PERSONAL_DATA of the context's privacy.py "
        "(or into NOT_PERSONAL in tests/architecture/checks/words.py, with the reason)."
        for label, field in sorted(personal_columns(found) - known)
    ]


def wrong_owner_entries(found: Iterable[type[models.Model]], listed: Iterable[tuple[str, Any]]) -> list[str]:
    """Entries of privacy.py that tell of columns that do not exist, or of another context's model.

    `listed` holds pairs of the context's label and its entry. A library's model has no privacy.py of its own.
    """
    columns = {model._meta.label: {field.name for field in model._meta.get_fields()} for model in found}
    complaints = []
    for context, entry in listed:
        complaints += [
            f"{entry.model}.{name} in privacy.py of {context} does not exist."
            for name in entry.fields
            if entry.model in columns and name not in columns[entry.model]
        ]
        if entry.model.partition(".")[0] in CONTEXTS and not entry.model.startswith(f"{context}."):
            complaints.append(f"{entry.model} belongs into the privacy.py of its own context, not of {context}.")
        complaints += [
            f"{entry.model} in privacy.py of {context}: {part} is empty."
            for part in ("why", "kept_for", "export", "destroy")
            if not str(getattr(entry, part)).strip()
        ]
    return complaints
