"""Reads of the plan that more than one page needs. All but the look-up of a link need an open place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan.choices import MeasureState, OwnerAnswer
from ortsdialog.deliver.plan.models import (
    FieldOfAction,
    Goal,
    MasterPlan,
    Measure,
    OwnerRequest,
    digest_of,
)
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language.versions import StoredText, texts_of_row
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.contributions.choices import ModerationState


def request_by_token(token: str) -> OwnerRequest | None:
    """The request that a secret link belongs to, whatever its state. The caller opens its place."""
    with across_places(reason=Reason.LINK_LOOKUP):
        return (
            OwnerRequest.objects.filter(token_digest=digest_of(token))
            .select_related("place", "measure__place", "measure__field", "measure__plan__process__place")
            .first()
        )


def published_plan(process: Process) -> MasterPlan | None:
    """The plan as everybody may see it; None for a draft, or where the dialogue itself is not public."""
    if not process.is_public:
        return None
    return MasterPlan.objects.filter(process=process, published_at__isnull=False).first()


@dataclass(frozen=True)
class MeasureFilter:
    """What a list of measures is narrowed to; empty parts narrow nothing."""

    field: str = ""
    state: str = ""
    owner: str = ""

    def apply(self, measures: QuerySet[Measure]) -> QuerySet[Measure]:
        """Narrow the list. A part that makes no sense finds nothing; it is never ignored."""
        if self.field:
            number = int(self.field) if self.field.isdecimal() and len(self.field) < 5 else None
            measures = measures.filter(field__number=number) if number is not None else measures.none()
        if self.state:
            measures = measures.filter(state=self.state)
        if self.owner:
            measures = measures.filter(owner_name=self.owner)
        return measures

    def __bool__(self) -> bool:
        return bool(self.field or self.state or self.owner)


@dataclass(frozen=True)
class Chapter:
    """A field of action with its goals and its measures; `field` is None for measures without a chapter."""

    field: FieldOfAction | None
    goals: list[Goal]
    measures: list[Measure]


def measures_of_plan(plan: MasterPlan) -> QuerySet[Measure]:
    """The measures in their order, each with `statement_count` (approved statements)."""
    approved = Q(origins__cluster__statements__state=ModerationState.APPROVED)
    return (
        Measure.objects.filter(plan=plan)
        .select_related("goal", "field")
        .annotate(statement_count=Count("origins__cluster__statements", filter=approved, distinct=True))
        .order_by("number")
    )


def chapters(plan: MasterPlan, narrowed: MeasureFilter | None = None) -> list[Chapter]:
    """The plan as chapters. Narrowed, empty chapters are left out. Three queries."""
    narrowed = narrowed or MeasureFilter()
    fields = list(
        FieldOfAction.objects.filter(plan=plan)
        .order_by("number")
        .prefetch_related(Prefetch("goals", Goal.objects.order_by("number", "pk")))
    )
    by_field: dict[int | None, list[Measure]] = {}
    for measure in narrowed.apply(measures_of_plan(plan)):
        by_field.setdefault(measure.field_id, []).append(measure)
    found = [Chapter(field, list(field.goals.all()), by_field.get(field.pk, [])) for field in fields]
    if by_field.get(None):
        found.append(Chapter(None, [], by_field[None]))
    return [chapter for chapter in found if chapter.measures or not narrowed]


def state_counts(plan: MasterPlan) -> dict[str, int]:
    """State → number of measures, only those that occur, in the order of the states."""
    rows = dict(Measure.objects.filter(plan=plan).order_by().values_list("state").annotate(number=Count("pk")))
    return {state: rows[state] for state in MeasureState.values if state in rows}


def furthest_measures(plan: MasterPlan) -> QuerySet[Measure]:
    """What is done, then what is being carried out; within each in the order of the plan."""
    return (
        Measure.objects.filter(plan=plan, state__in=[MeasureState.DONE, MeasureState.RUNNING])
        .select_related("place", "plan__process")
        # "done" stands before "running" in the alphabet too.
        .order_by("state", "number")
    )


def owner_names(plan: MasterPlan) -> list[str]:
    """Who owns, or was asked to own, a measure of the plan."""
    names = Measure.objects.filter(plan=plan).exclude(owner_name="")
    return list(names.order_by("owner_name").values_list("owner_name", flat=True).distinct())


def open_requests() -> QuerySet[OwnerRequest]:
    """Questions of the open town that still wait for an answer, the most urgent first."""
    return (
        OwnerRequest.objects.filter(answer=OwnerAnswer.OPEN, withdrawn_at__isnull=True, expires_at__gt=timezone.now())
        .select_related("measure__plan__process")
        .order_by("answer_by_on", "asked_at", "pk")
    )


def texts_of_plan(plan: MasterPlan) -> list[StoredText]:
    """What the plan says, to be written in further languages. Three queries."""
    texts = texts_of_row(plan, "vision", group=_("The plan"))
    for field in FieldOfAction.objects.filter(plan=plan).order_by("number"):
        texts += texts_of_row(field, "title", group=_("Fields of action"))
    for goal in Goal.objects.filter(field__plan=plan).order_by("field__number", "number", "pk"):
        texts += texts_of_row(goal, "title", "indicator", group=_("Goals"))
    for measure in Measure.objects.filter(plan=plan).order_by("number"):
        group = _("Measure %(number)s: %(title)s") % {"number": measure.number, "title": measure.title}
        texts += texts_of_row(measure, "title", "description", "reason", group=group)
    return texts
