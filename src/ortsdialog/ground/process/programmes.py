"""Programmes are data: a file describes title, rules, building blocks and tasks; loading it twice changes nothing.

The house comes with two programmes (`content/programmes.json`).
A file is one JSON object: {"translation_state": {language: "machine"|"checked"}, "programmes": […]}.
Texts are objects {language: text} whose German version is the original. Blocks are matched by number.
Dialogues that have begun keep the blocks that they were given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ortsdialog.ground.process.choices import ProgrammeState
from ortsdialog.ground.process.models import BlockTemplate, Programme
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import MultilingualText, State

ORIGINAL = "de"


class ProgrammeFileWrong(ValueError):
    """The file cannot be used. Says where and why; nothing was changed."""


@dataclass(frozen=True)
class Loaded:
    """What became of one programme of a file."""

    programme: Programme
    created: bool
    changed: bool


def read_texts(texts: Mapping[str, str] | None, states: Mapping[str, str]) -> MultilingualText:
    """{language: text} of a content file as a text with versions; a language without a state is machine-made."""
    if not texts:
        return MultilingualText()
    if ORIGINAL not in texts:
        raise ProgrammeFileWrong(f"A text has no German version: {dict(texts)!r}.")
    text = MultilingualText.written(texts[ORIGINAL], ORIGINAL)
    for language, version in texts.items():
        if language != ORIGINAL:
            text = text.with_version(language, version, State(states.get(language, State.MACHINE.value)))
    return text


def programmes_of_the_house() -> dict[str, Any]:
    """The document with the programmes that come with the house."""
    file = files("ortsdialog.ground.process") / "content" / "programmes.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def load_programmes_file(path: Path) -> list[Loaded]:
    """Load all programmes of a file, or none of them."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ProgrammeFileWrong(f"{path}: {problem}") from problem
    return load_programmes(document)


def load_programmes(document: Mapping[str, Any]) -> list[Loaded]:
    """Load all programmes of a document. It is checked as a whole before anything is written."""
    if not isinstance(document, Mapping) or not isinstance(document.get("programmes"), list):
        raise ProgrammeFileWrong("The file has no list “programmes”.")
    states = document.get("translation_state", {})
    prepared = [_prepare(entry, states) for entry in document["programmes"]]
    return [_store(facts, blocks) for facts, blocks in prepared]


def load_programme(entry: Mapping[str, Any], translation_state: Mapping[str, str] | None = None) -> Programme:
    """Create or update one programme."""
    return _store(*_prepare(entry, translation_state or {})).programme


def _prepare(entry: Mapping[str, Any], states: Mapping[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The values of the rows, checked; no database."""
    try:
        rules = dict(entry.get("rules") or {})
        facts = {
            "slug": entry["slug"],
            "title": read_texts(entry["title"], states),
            "motto": read_texts(entry.get("motto"), states),
            "about": read_texts(entry.get("about"), states),
            "state": ProgrammeState(entry.get("state", ProgrammeState.RUNNING)).value,
            "carried_by": entry.get("carried_by") or "",
            "starts_year": entry.get("starts_on_year"),
            "ends_year": entry.get("ends_on_year"),
            # A programme without a waiting time says null.
            "min_days_before_invitation": rules.get("min_days_before_invitation") or 0,
            "rules": {
                "grant_text": read_texts(rules.get("grant_text"), states).to_json(),
                "note": read_texts(rules.get("note"), states).to_json(),
                "grant_min_eur_cents": rules.get("grant_min_eur_cents"),
                "grant_max_eur_cents": rules.get("grant_max_eur_cents"),
            },
            "sources": list(entry.get("sources", [])),
        }
        blocks = [
            {
                "number": int(block["number"]),
                "key": block["key"],
                "title": read_texts(block["title"], states),
                "purpose": read_texts(block.get("purpose"), states),
                "town_share": read_texts(block.get("town_share"), states),
                "paid_by": read_texts(block.get("paid_by"), states),
                "tasks": [
                    {"key": task["key"], "title": read_texts(task["title"], states).to_json()}
                    for task in block.get("tasks", [])
                ],
            }
            for block in entry["blocks"]
        ]
    except ProgrammeFileWrong as problem:
        raise ProgrammeFileWrong(f"Programme “{_name(entry)}”: {problem}") from problem
    except KeyError as missing:
        raise ProgrammeFileWrong(f"Programme “{_name(entry)}”: {missing} is missing.") from missing
    except (TypeError, ValueError, AttributeError) as problem:
        raise ProgrammeFileWrong(f"Programme “{_name(entry)}”: {problem}") from problem
    numbers = [block["number"] for block in blocks]
    if len(set(numbers)) != len(numbers):
        raise ProgrammeFileWrong(f"Programme “{_name(entry)}”: a block number stands twice.")
    return facts, blocks


def _name(entry: Any) -> str:
    return str(entry.get("slug", "?")) if isinstance(entry, Mapping) else "?"


def _store(facts: dict[str, Any], blocks: list[dict[str, Any]]) -> Loaded:
    programme = Programme.objects.filter(slug=facts["slug"]).first()
    created = programme is None
    programme = programme or Programme(slug=facts["slug"])
    templates = {} if created else {template.number: template for template in programme.block_templates.all()}
    gone = set(templates) - {block["number"] for block in blocks}
    rows = [
        (templates.get(block["number"]) or BlockTemplate(programme=programme, number=block["number"]), block)
        for block in blocks
    ]
    facts_differ = created or _differs(programme, facts)
    to_write = [(row, values) for row, values in rows if row.pk is None or _differs(row, values)]
    if not (facts_differ or to_write or gone):
        return Loaded(programme, created=False, changed=False)
    with recorded("process.load_programme", actor=Actor.system("load_programmes"), on=programme):
        _assign(programme, facts)
        programme.save()
        for row, values in to_write:
            row.programme = programme
            _assign(row, values)
            row.save()
        programme.block_templates.filter(number__in=gone).delete()
    return Loaded(programme, created=created, changed=True)


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(_stored(getattr(row, name)) != _stored(value) for name, value in values.items())


def _stored(value: Any) -> Any:
    return value.to_json() if isinstance(value, MultilingualText) else value


def _assign(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
