"""The plan and its measures as everybody sees them. A draft does not exist here."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan, Measure, MeasureOrigin
from ortsdialog.deliver.plan.queries import (
    MeasureFilter,
    chapters,
    owner_names,
    published_plan,
    state_counts,
    statements_of_measure,
    way_of_measure,
)
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import published_process
from ortsdialog.kernel.access.doors import public
from ortsdialog.meet.gatherings.models import Table

_STATEMENTS_A_PAGE = 25
ALL = _("All")


@public
def plan(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    dialogue, shown = _public_plan(place, process)
    narrowed = MeasureFilter(
        field=request.GET.get("feld", ""), state=request.GET.get("stand", ""), owner=request.GET.get("zustaendig", "")
    )
    counts = state_counts(shown)
    return render(
        request,
        "plan/plan.html",
        {
            "place": place,
            "process": dialogue,
            "plan": shown,
            "chapters": chapters(shown, narrowed),
            "narrowed": narrowed,
            "total": sum(counts.values()),
            "counts": [(MeasureState(state).label, number) for state, number in counts.items()],
            **filter_options(shown, counts),
        },
    )


@public
def measure(request: HttpRequest, place: Place, process: str, number: int) -> HttpResponse:
    dialogue, shown = _public_plan(place, process)
    found = get_object_or_404(
        Measure.objects.select_related("field", "goal").prefetch_related("changes"), plan=shown, number=number
    )
    found.plan = shown
    return render(
        request,
        "plan/measure.html",
        {"place": place, "process": dialogue, "plan": shown, "measure": found, **origin_of(request, found)},
    )


def filter_options(shown: MasterPlan, counts: dict[str, int]) -> dict[str, Any]:
    """The links that narrow a list of measures: by field, state and owner."""
    fields = [(str(field.number), str(field.title)) for field in shown.fields.order_by("number")]
    states = [(state, MeasureState(state).label, number) for state, number in counts.items()]
    owners = [(name, name) for name in owner_names(shown)]
    return {
        "field_options": [("", ALL), *fields],
        "state_options": [("", ALL), *states],
        "owner_options": [("", ALL), *owners],
    }


def origin_of(request: HttpRequest, found: Measure) -> dict[str, Any]:
    """Where a measure comes from: its way, clusters, tables, and the words people said."""
    statements = statements_of_measure(found)
    tables = (
        Table.objects.filter(statements__in=statements.values("pk"))
        .annotate(statement_count=Count("statements"))
        .select_related("gathering")
        .order_by("gathering__starts_at", "number")
    )
    page = Paginator(
        statements.select_related("table", "round", "cluster").order_by("received_at", "id"), _STATEMENTS_A_PAGE
    )
    return {
        "way": way_of_measure(found),
        "origins": MeasureOrigin.objects.filter(measure=found).select_related("cluster").order_by("cluster__number"),
        "tables": tables,
        "statements": page.get_page(request.GET.get("seite")),
        "history": sorted(found.changes.all(), key=lambda change: (change.at, change.pk), reverse=True),
    }


def _public_plan(place: Place, slug: str) -> tuple[Process, MasterPlan]:
    dialogue = published_process(place, slug)
    shown = published_plan(dialogue) if dialogue else None
    if dialogue is None or shown is None:
        raise Http404
    shown.process = dialogue
    return dialogue, shown
