"""A small programme file for tests."""

from __future__ import annotations

from typing import Any


def programme_document(**changes: Any) -> dict[str, Any]:
    entry = {
        "slug": "probe",
        "title": {"de": "Probe-Programm", "en": "Trial programme", "ar": "برنامج"},
        "motto": None,
        "about": {"de": "Zum Ausprobieren.", "en": "For trying out."},
        "starts_on_year": 2016,
        "ends_on_year": None,
        "state": "running",
        "carried_by": "Das Land",
        "sources": ["https://example.org/"],
        "rules": {
            "min_days_before_invitation": 21,
            "grant_text": {"de": "3.000 Euro"},
            "grant_min_eur_cents": 300000,
            "grant_max_eur_cents": None,
            "note": None,
        },
        "blocks": [
            {
                "number": 1,
                "key": "clarify",
                "title": {"de": "Auftrag klären", "en": "Clarify"},
                "purpose": {"de": "Verstehen, was ansteht."},
                "town_share": {"de": "Räume"},
                "paid_by": {"de": "Land"},
                "tasks": [
                    {"key": "talks", "title": {"de": "Vorgespräche führen", "en": "Hold talks"}},
                    {"key": "goal", "title": {"de": "Ziel aufschreiben"}},
                ],
            },
            {"number": 2, "key": "event", "title": {"de": "Veranstalten"}, "tasks": []},
        ],
        **changes,
    }
    return {"translation_state": {"en": "checked", "ar": "machine"}, "programmes": [entry]}


def record_entry(**changes: Any) -> dict[str, Any]:
    return {
        "id": "KFD-99",
        "place_name": "Altdorf",
        "ags": "00000000",
        "kind": "gemeinde",
        "title": None,
        "display_title": "Flüchtlingsdialog",
        "events": [
            {"starts_on": "2016-11-29", "ends_on": None, "precision": "day", "time_text": "17:00–20:30 Uhr"},
            {"starts_on": "2016-11-17", "ends_on": None, "precision": "day", "time_text": None},
        ],
        "formats": ["world_cafe"],
        "formats_text": "World-Café",
        "participants_min": 40,
        "participants_max": None,
        "participants_note": None,
        "topics": [],
        "groups_reached": ["Einheimische"],
        "methods": "Gruppen",
        "occasion": None,
        "moderation": None,
        "results": None,
        "evidence_level": "documented",
        "evidence_note": "Steckbrief",
        "sources": ["https://example.org/"],
        **changes,
    }
