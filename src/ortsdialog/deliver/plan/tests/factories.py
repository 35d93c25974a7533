"""Plans, measures and what they come from, for tests. Each factory opens the town itself."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import (
    FieldOfAction,
    MasterPlan,
    Measure,
    MeasureChange,
    MeasureOrigin,
    OwnerRequest,
    digest_of,
)
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table


def make_event(process: Process, *, slug: str = "auftakt", tables: int = 2, **fields: Any) -> Gathering:
    """A public event that is over, with tables 1, 2, …"""
    with open_place(process.place_id):
        event = Gathering.objects.create(
            **{
                "place_id": process.place_id,
                "process": process,
                "slug": slug,
                "title": MultilingualText.written("Auftakt in der Halle"),
                "state": GatheringState.CLOSED,
                "starts_at": timezone.now() - timedelta(days=30),
                "published_at": timezone.now() - timedelta(days=50),
                **fields,
            }
        )
        for number in range(1, tables + 1):
            Table.objects.create(
                place_id=process.place_id,
                gathering=event,
                number=number,
                theme=MultilingualText.written(f"Thema {number}"),
                code=secrets.token_hex(5),
                host_key=secrets.token_hex(16),
            )
    return event


def make_topic(process: Process, number: int = 1, title: str = "Wohnen") -> Cluster:
    with open_place(process.place_id):
        return Cluster.objects.create(
            place_id=process.place_id, process=process, number=number, title=MultilingualText.written(title)
        )


def make_words(
    event: Gathering,
    text: str | MultilingualText = "Es fehlen Wohnungen.",
    *,
    cluster: Cluster | None = None,
    table: int = 1,
    **fields: Any,
) -> Statement:
    """An approved statement, sorted if a cluster is given."""
    with open_place(event.place_id):
        return Statement.objects.create(
            **{
                "place_id": event.place_id,
                "process_id": event.process_id,
                "gathering": event,
                "table": event.tables.get(number=table),
                "text": text if isinstance(text, MultilingualText) else MultilingualText.written(text),
                "state": ModerationState.APPROVED,
                "cluster": cluster,
                "receipt_code": "-".join(secrets.token_hex(2).upper() for _ in range(3)),
                "received_at": timezone.now() - timedelta(days=30),
                "sorted_at": timezone.now() - timedelta(days=20) if cluster else None,
                **fields,
            }
        )


def make_plan(process: Process, *, published: bool = True, **fields: Any) -> MasterPlan:
    with open_place(process.place_id):
        return MasterPlan.objects.create(
            place_id=process.place_id,
            process=process,
            published_at=timezone.now() - timedelta(days=10) if published else None,
            **fields,
        )


def make_field(plan: MasterPlan, number: int = 1, title: str = "Wohnen") -> FieldOfAction:
    with open_place(plan.place_id):
        return FieldOfAction.objects.create(
            place_id=plan.place_id, plan=plan, number=number, title=MultilingualText.written(title)
        )


def make_measure(
    plan: MasterPlan,
    *clusters: Cluster,
    number: int = 1,
    title: str = "Raum sucht Mieter",
    state: MeasureState = MeasureState.PROPOSED,
    **fields: Any,
) -> Measure:
    """A measure in a state, with a proposal in its history and, if it is further on, that state too."""
    with open_place(plan.place_id):
        measure = Measure.objects.create(
            place_id=plan.place_id,
            plan=plan,
            number=number,
            title=MultilingualText.written(title),
            state=state,
            **fields,
        )
        steps = [MeasureState.PROPOSED] if state == MeasureState.PROPOSED else [MeasureState.PROPOSED, state]
        for days, step in enumerate(steps):
            MeasureChange.objects.create(
                place_id=plan.place_id,
                measure=measure,
                state=step,
                at=timezone.now() - timedelta(days=9 - days),
            )
        for cluster in clusters:
            MeasureOrigin.objects.create(place_id=plan.place_id, measure=measure, cluster=cluster)
    return measure


def make_request(measure: Measure, token: str = "geheim", **fields: Any) -> OwnerRequest:
    """An open question behind the link /zusage/geheim/."""
    with open_place(measure.place_id):
        return OwnerRequest.objects.create(
            **{
                "place_id": measure.place_id,
                "measure": measure,
                "owner_name": "Amt für Wohnen",
                "token_digest": digest_of(token),
                "expires_at": timezone.now() + timedelta(days=60),
                **fields,
            }
        )
