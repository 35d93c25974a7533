"""The coordinator's home: three things to do, the next date, what waits for others, the last statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import Measure, OwnerRequest
from ortsdialog.deliver.plan.queries import open_requests
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import NextStep, processes
from ortsdialog.ground.process.queries import next_steps as steps_of_process
from ortsdialog.kernel.access import Actor
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.queries import visible_statements
from ortsdialog.meet.contributions.reporting import open_reports
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.queries import gatherings, upcoming_gatherings
from ortsdialog.meet.gatherings.queries import next_steps as steps_of_gathering

THINGS_TO_DO = 3
_LAST_STATEMENTS = 5
_WAITING_SHOWN = 5


@dataclass(frozen=True)
class Today:
    """What the start desk of a town shows."""

    processes: list[Process]
    todo: list[NextStep]
    more: int
    next_event: Gathering | None
    waiting: list[OwnerRequest]
    statements: list[Statement]


def today(place: Place, actor: Actor) -> Today:
    """The day of the open town, the most urgent first."""
    running = [p for p in processes(place).filter(record__isnull=True) if not p.is_archived]
    steps = _without_repeats(_steps(place, running))
    return Today(
        processes=running,
        todo=steps[:THINGS_TO_DO],
        more=max(0, len(steps) - THINGS_TO_DO),
        next_event=upcoming_gatherings(place).first(),
        waiting=list(open_requests()[:_WAITING_SHOWN]),
        statements=list(visible_statements(actor, place)[:_LAST_STATEMENTS]),
    )


def _steps(place: Place, running: list[Process]) -> Iterator[NextStep]:
    """Urgent things first: people in the hall wait, then dates, then what can be done any day."""
    pending = Statement.objects.filter(state=ModerationState.PENDING).count()
    if pending:
        words = ngettext("One statement waits for approval", "%(number)d statements wait for approval", pending)
        yield NextStep(words % {"number": pending}, _desk("contributions:desk-queue", place))
    reports = open_reports().count()
    if reports:
        words = ngettext("One report to decide", "%(number)d reports to decide", reports)
        yield NextStep(words % {"number": reports}, _desk("contributions:desk-reports", place))
    for event in gatherings(place).exclude(state=GatheringState.CLOSED).order_by("starts_at", "pk"):
        for step in steps_of_gathering(event):
            # Several events can ask for the same thing: say which one.
            yield step if step.hint else step._replace(hint=event.title)
    yield from steps_after_events(place, running)
    for process in running:
        yield from steps_of_process(process)


def steps_after_events(place: Place, running: list[Process]) -> Iterator[NextStep]:
    """What follows an event: sorting, measures, owners, dates."""
    for process in running:
        here = {"process": process.slug}
        unsorted = Statement.objects.filter(process=process, state=ModerationState.APPROVED, cluster=None).count()
        if unsorted:
            words = ngettext("Sort one statement into a cluster", "Sort %(number)d statements into clusters", unsorted)
            yield NextStep(words % {"number": unsorted}, _desk("contributions:desk-sort", place, **here), process.title)
        late = Measure.objects.filter(
            plan__process=process,
            state__in=[MeasureState.ACCEPTED, MeasureState.RUNNING],
            due_on__lt=timezone.localdate(),
        )
        for measure in late.order_by("due_on", "pk")[:THINGS_TO_DO]:
            yield NextStep(
                measure.title,
                _desk("plan:desk-measure", place, pk=measure.pk),
                _("The date has passed. How does it stand?"),
            )
        without_owner = Measure.objects.filter(
            plan__process=process, state__in=[MeasureState.PROPOSED, MeasureState.DECLINED]
        ).count()
        if without_owner:
            words = ngettext("Find an owner for one measure", "Find owners for %(number)d measures", without_owner)
            yield NextStep(words % {"number": without_owner}, _desk("plan:desk-plan", place, **here), process.title)
        unused = (
            Cluster.objects.filter(process=process, measure_origins=None, statements__isnull=False).distinct().count()
        )
        if unused:
            words = ngettext("Make a measure of one cluster", "Make measures of %(number)d clusters", unused)
            yield NextStep(words % {"number": unused}, _desk("plan:desk-plan", place, **here), process.title)


def _without_repeats(steps: Iterator[NextStep]) -> list[NextStep]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for step in steps:
        key = (str(step.text), step.url)
        if key not in seen:
            seen.add(key)
            kept.append(step)
    return kept


def _desk(name: str, place: Place, **arguments: Any) -> str:
    return reverse(name, kwargs={"place": place.slug, **arguments})
