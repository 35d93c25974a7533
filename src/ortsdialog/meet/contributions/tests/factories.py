"""Statements and clusters for tests."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.gatherings.models import Table


def make_statement(
    table: Table,
    text: str = "Es fehlen Wohnungen.",
    *,
    language: str = "de",
    state: str = ModerationState.APPROVED,
    **fields: Any,
) -> Statement:
    """A statement of the table's current round; approved unless said otherwise."""
    with open_place(table.place_id):
        gathering = table.gathering
        return Statement.objects.create(
            **{
                "id": uuid.uuid4(),
                "place_id": table.place_id,
                "process_id": gathering.process_id,
                "gathering": gathering,
                "table": table,
                "round": gathering.current_round,
                "question": gathering.current_round.question if gathering.current_round else None,
                "text": MultilingualText.written(text, language),
                "state": state,
                "moderated_at": None if state == ModerationState.PENDING else timezone.now(),
                "receipt_code": new_receipt_code(),
                **fields,
            }
        )


def make_cluster(process: Process, title: str = "Wohnraum", *, number: int = 1) -> Cluster:
    with open_place(process.place_id):
        return Cluster.objects.create(
            place_id=process.place_id, process=process, number=number, title=MultilingualText.written(title)
        )
