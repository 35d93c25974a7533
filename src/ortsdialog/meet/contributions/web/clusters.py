"""Desk: the clusters of a dialogue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.contributions.actions import create_cluster, edit_cluster
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.contributions.queries import clusters_with_counts, unsorted_statements, visible_statements
from ortsdialog.meet.contributions.web.forms import ClusterForm

PER_PAGE = 50


@desk("contributions.see_statements")
def cluster_list(request: HttpRequest, place: Any, process: str) -> HttpResponse:
    """The clusters, and a form for a new one."""
    found = get_object_or_404(Process, slug=process)
    form = ClusterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cluster = create_cluster(actor=actor_of(request), process=found, **form.cleaned_data)
        messages.success(request, _("Cluster %(number)d is there.") % {"number": cluster.number})
        return redirect("contributions:desk-clusters", place=place.slug, process=found.slug)
    context = {
        "process": found,
        "clusters": clusters_with_counts(found).order_by("number"),
        "unsorted": unsorted_statements(found).count(),
        "may_sort": allowed(actor_of(request), "contributions.sort_statements", found),
        "form": form,
    }
    return render(request, "contributions/desk/cluster_list.html", context, status=422 if form.is_bound else 200)


@desk("contributions.see_statements")
def cluster_detail(request: HttpRequest, place: Any, process: str, number: int) -> HttpResponse:
    """One cluster: its statements, its words, and the way to a measure."""
    found = get_object_or_404(Process, slug=process)
    cluster = get_object_or_404(Cluster.objects.select_related("process"), process=found, number=number)
    written = {"title": cluster.title.original_text, "summary": cluster.summary.original_text}
    form = ClusterForm(request.POST or None, initial=written)
    if request.method == "POST" and form.is_valid():
        edit_cluster(actor=actor_of(request), cluster=cluster, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("contributions:desk-cluster", place=place.slug, process=found.slug, number=number)
    statements = visible_statements(actor_of(request), place).filter(cluster=cluster)
    context = {
        "process": found,
        "cluster": cluster,
        "page_obj": Paginator(statements, PER_PAGE).get_page(request.GET.get("seite")),
        "may_sort": allowed(actor_of(request), "contributions.sort_statements", cluster),
        "form": form,
    }
    return render(request, "contributions/desk/cluster_detail.html", context, status=422 if form.is_bound else 200)
