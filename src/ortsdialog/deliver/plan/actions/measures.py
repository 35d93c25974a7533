"""Measures: made from clusters, edited, carried forward step by step, and put back after a slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.actions.plans import open_plan
from ortsdialog.deliver.plan.actions.steps import Text, as_text, locked, take_step, write
from ortsdialog.deliver.plan.choices import OWNED, STEPS, STEPS_BACK, MeasureState, OwnerAnswer
from ortsdialog.deliver.plan.models import (
    FieldOfAction,
    Goal,
    MasterPlan,
    Measure,
    MeasureChange,
    MeasureOrigin,
    OwnerRequest,
)
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.meet.contributions.models import Cluster


def propose_measure(
    *,
    actor: Actor,
    clusters: Sequence[Cluster],
    title: Text,
    description: Text = "",
    field: FieldOfAction | None = None,
    goal: Goal | None = None,
) -> Measure:
    """Make a measure out of one or more clusters of the same process. Begins the plan where there is none."""
    if not clusters:
        raise NotReady([_("A measure comes from what people said. Choose at least one cluster.")])
    process = clusters[0].process
    require(actor, "plan.edit_measure", process)
    if any(cluster.process_id != process.pk for cluster in clusters):
        raise NotReady([_("The clusters belong to different dialogues.")])
    plan = open_plan(actor=actor, process=process)
    _check_chapter(plan, field, goal)
    measure = Measure(
        place_id=process.place_id,
        plan=plan,
        field=field or (goal.field if goal else None),
        goal=goal,
        title=as_text(title),
        description=as_text(description),
    )
    with recorded("plan.propose_measure", actor=actor, on=measure, detail={"clusters": [c.pk for c in clusters]}):
        # Two people proposing at once would take the same number: the plan's row makes them queue.
        MasterPlan.objects.select_for_update().get(pk=plan.pk)
        measure.number = (plan.measures.aggregate(last=Max("number"))["last"] or 0) + 1
        measure.save()
        MeasureOrigin.objects.bulk_create(
            MeasureOrigin(place_id=measure.place_id, measure=measure, cluster=cluster)
            for cluster in {cluster.pk: cluster for cluster in clusters}.values()
        )
        take_step(measure, MeasureState.PROPOSED, note=as_text(""))
    return measure


def edit_measure(
    *,
    actor: Actor,
    measure: Measure,
    title: Text,
    description: Text = "",
    field: FieldOfAction | None = None,
    goal: Goal | None = None,
    due_on: date | None = None,
    cost_eur_cents: int | None = None,
    funding: str = "",
    clusters: Sequence[Cluster] | None = None,
) -> Measure:
    """Change words, chapter, date and money. `clusters` replaces where the measure comes from."""
    require(actor, "plan.edit_measure", measure)
    _check_chapter(measure.plan, field, goal)
    if clusters is not None:
        if not clusters:
            raise NotReady([_("A measure comes from what people said. Choose at least one cluster.")])
        if any(cluster.process_id != measure.plan.process_id for cluster in clusters):
            raise NotReady([_("The clusters belong to different dialogues.")])
    with recorded("plan.edit_measure", actor=actor, on=measure):
        write(measure, "title", title)
        write(measure, "description", description)
        measure.field = field or (goal.field if goal else None)
        measure.goal = goal
        measure.due_on = due_on
        measure.cost_eur_cents = cost_eur_cents
        measure.funding = funding
        measure.save(update_fields=["title", "description", "field", "goal", "due_on", "cost_eur_cents", "funding"])
        if clusters is not None:
            _replace_origins(measure, clusters)
    return measure


def change_state(*, actor: Actor, measure: Measure, state: str, note: Text = "", reason: Text = "") -> Measure:
    """The next step by hand: being carried out, done, or not possible.

    `note` is public and stands in the history. `reason` is needed for "not possible"; it is the
    town's answer and everybody can read it. An open question to an owner is withdrawn by it.
    """
    require(actor, "plan.edit_measure", measure)
    target = MeasureState(state)
    reason_text, note_text = as_text(reason), as_text(note)
    if target is MeasureState.NOT_POSSIBLE and not reason_text.original_text.strip():
        raise NotReady([_("Please say why it is not possible. The people who asked for it can read the reason.")])
    with recorded("plan.change_state", actor=actor, on=measure, reason=reason_text.original_text) as detail:
        before = MeasureState(locked(measure).state)
        if target not in STEPS[before]:
            raise NotReady([_step_refused(before, target)])
        detail.update({"from": before.value, "to": target.value})
        if target is MeasureState.NOT_POSSIBLE:
            measure.reason = reason_text
            withdraw_open_requests(measure)
        take_step(measure, target, note=note_text)
    return measure


def put_back(*, actor: Actor, measure: Measure, reason: str) -> Measure:
    """Undo the last step after a slip. The reason is public; the history keeps both steps."""
    require(actor, "plan.edit_measure", measure)
    if not reason.strip():
        raise NotReady([_("Please say why the measure is put back. The history shows it.")])
    with recorded("plan.put_back", actor=actor, on=measure, reason=reason) as detail:
        before = MeasureState(locked(measure).state)
        target = _state_before(measure, before)
        if target is None:
            raise NotReady([_("There is no earlier step to go back to.")])
        detail.update({"from": before.value, "to": target.value})
        if target is not MeasureState.DECLINED:
            measure.reason = as_text("")
        if target not in OWNED and target is not MeasureState.DECLINED:
            measure.owner_name = ""
        take_step(measure, target, note=as_text(reason))
    return measure


def withdraw_open_requests(measure: Measure) -> int:
    """Close the links of questions that nobody has to answer any more; returns how many."""
    return OwnerRequest.objects.filter(measure=measure, answer=OwnerAnswer.OPEN, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )


def _state_before(measure: Measure, state: MeasureState) -> MeasureState | None:
    if state is not MeasureState.NOT_POSSIBLE:
        return STEPS_BACK.get(state)
    earlier = (
        MeasureChange.objects.filter(measure=measure)
        .exclude(state=MeasureState.NOT_POSSIBLE)
        .order_by("-at", "-id")
        .values_list("state", flat=True)
        .first()
    )
    # The question was withdrawn when the answer became no: it has to be asked anew.
    return MeasureState.PROPOSED if earlier in (None, MeasureState.ASKED) else MeasureState(earlier)


def _step_refused(before: MeasureState, target: MeasureState) -> str:
    words = _("From “%(before)s” a measure cannot go to “%(target)s”. Somebody may have changed it meanwhile.")
    return str(words) % {"before": before.label, "target": target.label}


def _check_chapter(plan: MasterPlan, field: FieldOfAction | None, goal: Goal | None) -> None:
    if field is not None and field.plan_id != plan.pk:
        raise NotReady([_("The field of action belongs to another plan.")])
    if goal is not None and (goal.field.plan_id != plan.pk or (field is not None and goal.field_id != field.pk)):
        raise NotReady([_("The goal belongs to another field of action.")])


def _replace_origins(measure: Measure, clusters: Sequence[Cluster]) -> None:
    wanted = {cluster.pk: cluster for cluster in clusters}
    MeasureOrigin.objects.filter(measure=measure).exclude(cluster__in=wanted).delete()
    kept = set(MeasureOrigin.objects.filter(measure=measure).values_list("cluster_id", flat=True))
    MeasureOrigin.objects.bulk_create(
        MeasureOrigin(place_id=measure.place_id, measure=measure, cluster=cluster)
        for key, cluster in wanted.items()
        if key not in kept
    )
