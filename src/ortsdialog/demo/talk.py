"""What was said in Lindenbronn: clusters and statements, with the times they would have had."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ortsdialog.demo.content_files import moment, read, text
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState
from ortsdialog.meet.contributions.hints import find_hints
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.gatherings.models import Gathering


def load_clusters(process: Process) -> dict[str, Cluster]:
    """The clusters by the key that the content uses."""
    content = read("lindenbronn_clusters")
    states = content["translation_state"]
    return {
        entry["key"]: Cluster.objects.create(
            place=process.place,
            process=process,
            number=entry["number"],
            title=text(entry["title"], states),
            summary=text(entry["summary"], states),
            created_at=moment(entry["offset_days"]),
        )
        for entry in content["clusters"]
    }


def load_statements(gatherings: list[Gathering], clusters: dict[str, Cluster]) -> int:
    """All statements of the evening that was, and of the one that runs; returns how many."""
    by_slug = {gathering.slug: gathering for gathering in gatherings}
    rows: list[Statement] = []
    for content in (read("lindenbronn_statements"), read("lindenbronn_today")):
        gathering = by_slug[content.get("gathering") or content["slug"]]
        tables = {table.number: table for table in gathering.tables.all()}
        rounds = {round_.number: round_ for round_ in gathering.rounds.select_related("question")}
        rows += [
            _statement(gathering, tables[entry["table"]], rounds[entry["round"]], clusters.get(entry["cluster"]), entry)
            for entry in content["statements"]
        ]
    Statement.objects.bulk_create(rows)
    return len(rows)


def statement_id(key: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"lindenbronn/{key}")


def _statement(
    gathering: Gathering, table: Any, round_: Any, cluster: Cluster | None, entry: dict[str, Any]
) -> Statement:
    words = MultilingualText.written(entry["text"], entry["language"])
    for language, version in entry["translations"].items():
        words = words.with_version(language, version["text"], State(version["state"]))
    received_at = min(round_.started_at + timedelta(minutes=entry["minute"]), timezone.now())
    state = ModerationState(entry["state"])
    return Statement(
        # The same key gives the same id, as a device would send the same id again.
        id=statement_id(entry["key"]),
        place=gathering.place,
        process=gathering.process,
        gathering=gathering,
        table=table,
        round=round_,
        question=round_.question,
        text=words,
        kind=entry["kind"],
        channel=entry["channel"],
        said_by_count=entry["said_by_count"],
        state=state,
        hold_reason=HoldReason.NAMES if state == ModerationState.HELD else "",
        state_reason=entry["held_reason"] or "",
        reason_for_writer=entry.get("reason_for_writer", ""),
        hints=find_hints(entry["text"]) if state == ModerationState.PENDING else [],
        cluster=cluster,
        receipt_code=new_receipt_code(),
        received_at=received_at,
        moderated_at=received_at + timedelta(minutes=2) if state != ModerationState.PENDING else None,
        sorted_at=cluster.created_at if cluster else None,
    )
