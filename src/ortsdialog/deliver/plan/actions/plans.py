"""The plan itself: vision, fields of action, goals, publication."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.actions.steps import Text, as_text, write
from ortsdialog.deliver.plan.models import FieldOfAction, Goal, MasterPlan
from ortsdialog.deliver.plan.queries import texts_of_plan
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language.versions import Wording, changed_versions, write_versions


def open_plan(*, actor: Actor, process: Process) -> MasterPlan:
    """The plan of a process; an empty draft is begun where there is none."""
    require(actor, "plan.edit_plan", process)
    existing = MasterPlan.objects.filter(process=process).first()
    if existing is not None:
        return existing
    plan = MasterPlan(place_id=process.place_id, process=process)
    with recorded("plan.open_plan", actor=actor, on=plan):
        plan.save()
    return plan


def edit_vision(*, actor: Actor, plan: MasterPlan, vision: Text) -> MasterPlan:
    """Write the picture of the future."""
    require(actor, "plan.edit_plan", plan)
    with recorded("plan.edit_vision", actor=actor, on=plan):
        write(plan, "vision", vision)
        plan.save(update_fields=["vision"])
    return plan


def add_field(*, actor: Actor, plan: MasterPlan, title: Text) -> FieldOfAction:
    """A new chapter, after the others."""
    require(actor, "plan.edit_plan", plan)
    field = FieldOfAction(place_id=plan.place_id, plan=plan, title=as_text(title))
    with recorded("plan.add_field", actor=actor, on=field):
        MasterPlan.objects.select_for_update().get(pk=plan.pk)
        field.number = (plan.fields.aggregate(last=Max("number"))["last"] or 0) + 1
        field.save()
    return field


def edit_field(*, actor: Actor, field: FieldOfAction, title: Text) -> FieldOfAction:
    require(actor, "plan.edit_plan", field)
    with recorded("plan.edit_field", actor=actor, on=field):
        write(field, "title", title)
        field.save(update_fields=["title"])
    return field


def remove_field(*, actor: Actor, field: FieldOfAction) -> None:
    """Take an empty chapter out. One with goals or measures stays, so that nothing loses its place unseen."""
    require(actor, "plan.edit_plan", field)
    with recorded("plan.remove_field", actor=actor, on=field) as detail:
        if field.goals.exists() or field.measures.exists():
            raise NotReady([_("This field still has goals or measures. Move or remove them first.")])
        detail["title"] = field.title.original_text
        # delete() forgets the key that the audit entry needs.
        FieldOfAction.objects.filter(pk=field.pk).delete()


def add_goal(*, actor: Actor, field: FieldOfAction, title: Text, indicator: Text = "") -> Goal:
    """A goal of a field, and how one would notice that it is reached."""
    require(actor, "plan.edit_plan", field)
    goal = Goal(place_id=field.place_id, field=field, title=as_text(title), indicator=as_text(indicator))
    with recorded("plan.add_goal", actor=actor, on=goal):
        goal.number = (field.goals.aggregate(last=Max("number"))["last"] or 0) + 1
        goal.save()
    return goal


def edit_goal(*, actor: Actor, goal: Goal, title: Text, indicator: Text = "") -> Goal:
    require(actor, "plan.edit_plan", goal)
    with recorded("plan.edit_goal", actor=actor, on=goal):
        write(goal, "title", title)
        write(goal, "indicator", indicator)
        goal.save(update_fields=["title", "indicator"])
    return goal


def remove_goal(*, actor: Actor, goal: Goal) -> None:
    """Take a goal out that no measure works for."""
    require(actor, "plan.edit_plan", goal)
    with recorded("plan.remove_goal", actor=actor, on=goal) as detail:
        if goal.measures.exists():
            raise NotReady([_("Measures work for this goal. Give them another goal first.")])
        detail["title"] = goal.title.original_text
        Goal.objects.filter(pk=goal.pk).delete()


def translate_plan(*, actor: Actor, plan: MasterPlan, language: str, wordings: Mapping[str, Wording]) -> int:
    """Write versions of the plan's texts in a language; returns how many changed.

    Raises `OriginalChanged` where an original is not the one that lay beside the version.
    """
    require(actor, "plan.edit_plan", plan)
    changes = changed_versions(texts_of_plan(plan), language, wordings)
    if changes:
        detail = {"language": language, "texts": [stored.key for stored, _wording in changes]}
        with recorded("plan.translate_plan", actor=actor, on=plan, detail=detail):
            write_versions(language, changes)
    return len(changes)


def publish_plan(*, actor: Actor, plan: MasterPlan) -> MasterPlan:
    """Make the plan public. From now on every measure in it, also a later one, is seen by everybody."""
    require(actor, "plan.publish_plan", plan)
    reasons = []
    if not plan.process.is_public:
        reasons.append(_("The dialogue itself is not public yet. Publish it first."))
    if not plan.measures.exists():
        reasons.append(_("The plan has no measure yet."))
    if reasons:
        raise NotReady(reasons)
    if plan.published_at is None:
        with recorded("plan.publish_plan", actor=actor, on=plan):
            plan.published_at = timezone.now()
            plan.save(update_fields=["published_at"])
    return plan


def withdraw_plan(*, actor: Actor, plan: MasterPlan, reason: str) -> MasterPlan:
    """Make the plan a draft again, when it was published by mistake."""
    require(actor, "plan.publish_plan", plan)
    if not reason.strip():
        raise NotReady([_("Please say why the plan is taken back.")])
    with recorded("plan.withdraw_plan", actor=actor, on=plan, reason=reason):
        plan.published_at = None
        plan.save(update_fields=["published_at"])
    return plan
