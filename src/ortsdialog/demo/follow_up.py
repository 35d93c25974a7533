"""What follows from it in Lindenbronn: plan, fields of action, goals, measures with their history."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from ortsdialog.deliver.plan.choices import MeasureState, OwnerAnswer
from ortsdialog.deliver.plan.models import (
    FieldOfAction,
    Goal,
    MasterPlan,
    Measure,
    MeasureChange,
    MeasureOrigin,
    OwnerRequest,
)
from ortsdialog.demo.content_files import moment, read, text
from ortsdialog.ground.process.models import Process
from ortsdialog.meet.contributions.models import Cluster

ANSWERS = {
    MeasureState.ASKED: OwnerAnswer.OPEN,
    MeasureState.ACCEPTED: OwnerAnswer.ACCEPTED,
    MeasureState.DECLINED: OwnerAnswer.DECLINED,
}


def load_plan(process: Process, clusters: dict[str, Cluster]) -> int:
    """The plan with all its measures; returns how many measures."""
    content = read("lindenbronn_plan")
    states = content["translation_state"]
    place = process.place
    plan = MasterPlan.objects.create(
        place=place, process=process, vision=text(content["vision"], states), published_at=moment(-35)
    )
    fields, goals = {}, {}
    for entry in content["fields"]:
        field = FieldOfAction.objects.create(
            place=place, plan=plan, number=entry["number"], title=text(entry["title"], states)
        )
        fields[entry["key"]] = field
        for number, goal in enumerate(entry["goals"], start=1):
            goals[goal["key"]] = Goal.objects.create(
                place=place,
                field=field,
                number=number,
                title=text(goal["title"], states),
                indicator=text(goal["indicator"], states),
            )
    for entry in content["measures"]:
        measure = _load_measure(plan, fields[entry["field"]], goals.get(entry["goal"]), entry, states)
        for key in entry["clusters"]:
            MeasureOrigin.objects.create(place=place, measure=measure, cluster=clusters[key])
    return len(content["measures"])


def _load_measure(
    plan: MasterPlan, field: FieldOfAction, goal: Goal | None, entry: dict[str, Any], states: dict[str, str]
) -> Measure:
    due = entry["due_offset_days"]
    measure = Measure.objects.create(
        place=plan.place,
        plan=plan,
        number=entry["number"],
        field=field,
        goal=goal,
        title=text(entry["title"], states),
        description=text(entry["description"], states),
        state=entry["state"],
        reason=text(entry["answer"], states) if entry["state"] in ("declined", "not_possible") else text(None, states),
        owner_name=entry["owner_name"] or "",
        due_on=moment(due).date() if due is not None else None,
        cost_eur_cents=entry["cost_eur_cents"],
        funding=(entry["funding"] or {}).get("de", ""),
        created_at=moment(entry["history"][0]["offset_days"]),
    )
    for step in entry["history"]:
        MeasureChange.objects.create(
            place=plan.place,
            measure=measure,
            state=step["state"],
            at=moment(step["offset_days"]),
            note=text(step["note"], states),
        )
    _load_request(measure, entry)
    return measure


def _load_request(measure: Measure, entry: dict[str, Any]) -> None:
    """The request behind "asked": its link is not known to anybody, a new one can be made at the desk."""
    steps = {step["state"]: step["offset_days"] for step in entry["history"]}
    if MeasureState.ASKED not in steps:
        return
    asked_at = moment(steps[MeasureState.ASKED])
    answered = next((state for state in (MeasureState.ACCEPTED, MeasureState.DECLINED) if state in steps), None)
    OwnerRequest.objects.create(
        place=measure.place,
        measure=measure,
        owner_name=measure.owner_name,
        token_digest=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        asked_at=asked_at,
        answer_by_on=(asked_at + timedelta(days=28)).date(),
        expires_at=asked_at + timedelta(days=60),
        answer=ANSWERS[answered] if answered else OwnerAnswer.OPEN,
        answered_at=moment(steps[answered]) if answered else None,
        answer_reason=(entry["answer"] or {}).get("de", "") if answered else "",
    )
