"""Gatherings with tables, rounds and questions for tests."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import new_table_code
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table

QUESTIONS = ["Was läuft gut?", "Was muss verbessert werden?", "Was braucht es?"]
THEMES = ["Wohnen", "Arbeit", "Sprache", "Schule", "Verein"]


def make_gathering(
    process: Process,
    *,
    tables: int = 2,
    rounds: int = 1,
    state: str = GatheringState.RUNNING,
    title: str = "Auftakt",
    slug: str = "auftakt",
    **fields: Any,
) -> Gathering:
    """A gathering of `process.place`. A running one is in its first round; a closed one took place yesterday."""
    now = timezone.now()
    place = process.place
    starts_at = {
        GatheringState.RUNNING: now - timedelta(hours=1),
        GatheringState.CLOSED: now - timedelta(days=1),
    }.get(GatheringState(state), now + timedelta(days=30))
    with open_place(place):
        gathering = Gathering.objects.create(
            **{
                "place": place,
                "process": process,
                "slug": slug,
                "title": MultilingualText.written(title),
                "state": state,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(hours=4),
                "venue": "Stadthalle",
                "languages": ["de", "ar"],
                "published_at": None if state == GatheringState.DRAFT else now - timedelta(days=30),
                "closed_at": now - timedelta(hours=20) if state == GatheringState.CLOSED else None,
                **fields,
            }
        )
        for number in range(1, tables + 1):
            Table.objects.create(
                place=place,
                gathering=gathering,
                number=number,
                theme=MultilingualText.written(THEMES[(number - 1) % len(THEMES)]),
                host_name="Tessa" if number == 1 else "",
                code=new_table_code(),
                host_key=secrets.token_urlsafe(24),
            )
        for number in range(1, rounds + 1):
            question = GuidingQuestion.objects.create(
                place=place,
                gathering=gathering,
                number=number,
                text=MultilingualText.written(QUESTIONS[(number - 1) % len(QUESTIONS)]),
            )
            Round.objects.create(
                place=place, gathering=gathering, number=number, question=question, duration_minutes=35
            )
        if state == GatheringState.RUNNING and rounds:
            first = gathering.rounds.get(number=1)
            first.started_at = starts_at
            first.save(update_fields=["started_at"])
            gathering.current_round = first
            gathering.save(update_fields=["current_round"])
    return gathering
