"""Desk: sorting many statements at once, by kind and into clusters, with a way back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.contributions.actions import create_cluster, put_in_cluster, set_kind
from ortsdialog.meet.contributions.choices import Kind, ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.queries import statements_of_process, town_statements
from ortsdialog.meet.contributions.web.forms import filter_of

PER_PAGE = 25
UNDO = "contributions.undo_sorting"


@dataclass
class Order:
    """What one press of the button asks for."""

    kinds: dict[Statement, str] = field(default_factory=dict)
    clusters: dict[Statement, Cluster | None] = field(default_factory=dict)
    ticked: list[Statement] = field(default_factory=list)
    new_title: str = ""
    problem: str = ""

    @property
    def touched(self) -> list[Statement]:
        return list({**self.kinds, **self.clusters, **dict.fromkeys(self.ticked)})


@desk("contributions.sort_statements")
def sort(request: HttpRequest, place: Any, process: str) -> HttpResponse:
    """Approved statements with their kind and cluster; those without a cluster first of all."""
    found = get_object_or_404(Process, slug=process)
    clusters = list(Cluster.objects.filter(process=found))
    status, problem = 200, ""
    if request.method == "POST":
        order = _order(request.POST, found, {str(c.number): c for c in clusters})
        if not order.problem:
            _carry_out(request, found, order)
            return redirect(request.get_full_path())
        status, problem = 422, order.problem
    query = request.GET.copy()
    query.setdefault("cluster", "ohne")
    if query["cluster"] == "alle":
        query["cluster"] = ""
    wanted = filter_of(query)
    rows = wanted.apply(town_statements().filter(process=found, state=ModerationState.APPROVED))
    context = {
        "process": found,
        "clusters": clusters,
        "kinds": Kind.choices,
        "page_obj": Paginator(rows.order_by("received_at", "id"), PER_PAGE).get_page(query.get("seite")),
        "chosen": wanted.cluster,
        "problem": problem,
        "typed": request.POST if problem else QueryDict(),
        "ticked": set(request.POST.getlist("statement")) if problem else set(),
        "undo": request.session.get(UNDO, {}).get("process") == found.pk,
    }
    return render(request, "contributions/desk/sort.html", context, status=status)


def _order(posted: QueryDict, process: Process, clusters: dict[str, Cluster]) -> Order:
    """Read the form. What was left as it was asks for nothing."""
    order = Order(new_title=posted.get("new_title", "").strip()[:200])
    shown = {str(s.pk): s for s in statements_of_process(process, _ids(posted.getlist("shown")))}
    for key, statement in shown.items():
        kind = posted.get(f"kind-{key}", statement.kind)
        if kind in Kind.values and kind != statement.kind:
            order.kinds[statement] = kind
        number = posted.get(f"cluster-{key}")
        if number is not None and (number in clusters or number == ""):
            cluster = clusters.get(number)
            if statement.cluster_id != (cluster.pk if cluster else None):
                order.clusters[statement] = cluster
    order.ticked = [shown[key] for key in posted.getlist("statement") if key in shown]
    target = posted.get("into", "")
    if order.new_title or target:
        if not order.ticked:
            order.problem = _("Please tick the statements that go into the cluster.")
        elif order.new_title and target:
            order.problem = _("Please choose either a cluster or a new title, not both.")
        elif target and target not in clusters:
            order.problem = _("This cluster is not there any more.")
        elif target:
            order.clusters.update(dict.fromkeys(order.ticked, clusters[target]))
    elif order.ticked:
        order.problem = _("Please choose a cluster for the ticked statements, or write a title for a new one.")
    return order


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _carry_out(request: HttpRequest, process: Process, order: Order) -> None:
    actor = actor_of(request)
    before = [(str(s.pk), s.kind, s.cluster_id) for s in order.touched]
    with transaction.atomic():
        if order.new_title:
            cluster = create_cluster(actor=actor, process=process, title=order.new_title)
            order.clusters.update(dict.fromkeys(order.ticked, cluster))
        _apply(actor, order.kinds, order.clusters)
    if before:
        request.session[UNDO] = {"process": process.pk, "before": before}
        words = ngettext("%(number)d statement sorted.", "%(number)d statements sorted.", len(before))
        messages.success(request, words % {"number": len(before)})


def _apply(actor: Any, kinds: dict[Statement, str], clusters: dict[Statement, Cluster | None]) -> None:
    by_kind: dict[str, list[Statement]] = defaultdict(list)
    for statement, kind in kinds.items():
        by_kind[kind].append(statement)
    for kind, statements in by_kind.items():
        set_kind(actor=actor, statements=statements, kind=kind)
    by_cluster: dict[Cluster | None, list[Statement]] = defaultdict(list)
    for statement, cluster in clusters.items():
        by_cluster[cluster].append(statement)
    for cluster, statements in by_cluster.items():
        put_in_cluster(actor=actor, statements=statements, cluster=cluster)


@desk("contributions.sort_statements")
def undo(request: HttpRequest, place: Any, process: str) -> HttpResponse:
    """Take the last sorting of this person back. A cluster made for it stays, empty."""
    found = get_object_or_404(Process, slug=process)
    kept = request.session.pop(UNDO, {}) if request.method == "POST" else {}
    if kept.get("process") == found.pk:
        clusters = {c.pk: c for c in Cluster.objects.filter(process=found)}
        before = {key: (kind, cluster_id) for key, kind, cluster_id in kept["before"]}
        statements = statements_of_process(found, _ids(list(before)))
        kinds = {s: before[str(s.pk)][0] for s in statements}
        targets = {s: clusters.get(before[str(s.pk)][1]) for s in statements}
        with transaction.atomic():
            _apply(actor_of(request), kinds, targets)
        messages.success(request, _("The last sorting is taken back."))
    return redirect(reverse("contributions:desk-sort", kwargs={"place": place.slug, "process": found.slug}))
