"""Kinds and clusters: what belongs together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.meet.contributions.choices import Kind
from ortsdialog.meet.contributions.models import Cluster, Statement


def set_kind(*, actor: Actor, statements: Statement | Iterable[Statement], kind: str) -> int:
    """Say what kind of statement these are; returns how many changed."""
    kind = Kind(kind)
    return _sort(actor, statements, "contributions.set_kind", {"kind": kind}, {"kind": kind.value})


def put_in_cluster(*, actor: Actor, statements: Statement | Iterable[Statement], cluster: Cluster | None) -> int:
    """Put statements into a cluster of their process, or (None) take them out; returns how many changed."""
    statements = _as_list(statements)
    if cluster is not None and any(s.process_id != cluster.process_id for s in statements):
        raise ValidationError(_("A cluster holds statements of its own dialogue only."), code="other_process")
    detail = {"cluster": cluster.number if cluster else None}
    return _sort(actor, statements, "contributions.put_in_cluster", {"cluster": cluster}, detail)


def _sort(
    actor: Actor,
    statements: Statement | Iterable[Statement],
    code: str,
    change: dict[str, Any],
    detail: dict[str, Any],
) -> int:
    statements = _as_list(statements)
    models.prefetch_related_objects(statements, "process")
    for statement in statements:
        require(actor, "contributions.sort_statements", statement)
    changed = 0
    now = timezone.now()
    with transaction.atomic():
        # In the order of their keys, so that two people who sort the same cards do not block one another.
        rows = Statement.objects.select_for_update().filter(pk__in=[s.pk for s in statements]).order_by("pk")
        for row in rows:
            if all(getattr(row, name) == value for name, value in change.items()):
                continue
            with recorded(code, actor=actor, on=row, detail=detail):
                for name, value in change.items():
                    setattr(row, name, value)
                is_sorted = row.cluster_id is not None or row.kind != Kind.UNSORTED
                row.sorted_at = (row.sorted_at or now) if is_sorted else None
                row.save(update_fields=[*change, "sorted_at"])
            changed += 1
    return changed


def _as_list(statements: Statement | Iterable[Statement]) -> list[Statement]:
    return [statements] if isinstance(statements, Statement) else list(statements)


def create_cluster(
    *,
    actor: Actor,
    process: Process,
    title: str | MultilingualText,
    summary: str | MultilingualText = "",
    language: str = "de",
) -> Cluster:
    """Open a cluster in a process; it gets the next number."""
    require(actor, "contributions.sort_statements", process)
    cluster = Cluster(
        place_id=process.place_id,
        process=process,
        title=_titled(_in_language(title, language)),
        summary=_in_language(summary, language),
    )
    with recorded("contributions.create_cluster", actor=actor, on=cluster):
        # Whoever numbers next waits for this row.
        Process.objects.select_for_update().get(pk=process.pk)
        last = Cluster.objects.filter(process=process).aggregate(last=models.Max("number"))["last"]
        cluster.number = (last or 0) + 1
        cluster.save(force_insert=True)
    return cluster


def edit_cluster(
    *, actor: Actor, cluster: Cluster, title: str | MultilingualText, summary: str | MultilingualText = ""
) -> Cluster:
    """Rewrite title and summary. Translations made from the former words turn out of date."""
    require(actor, "contributions.sort_statements", cluster)
    with recorded("contributions.edit_cluster", actor=actor, on=cluster):
        cluster.title = _titled(_rewritten(cluster.title, title))
        cluster.summary = _rewritten(cluster.summary, summary)
        cluster.save(update_fields=["title", "summary"])
    return cluster


def _in_language(text: str | MultilingualText, language: str) -> MultilingualText:
    return text if isinstance(text, MultilingualText) else MultilingualText.written(text.strip(), language)


def _rewritten(before: MultilingualText, text: str | MultilingualText) -> MultilingualText:
    if isinstance(text, MultilingualText):
        return text
    return before.with_version(before.original, text.strip(), State.ORIGINAL)


def _titled(title: MultilingualText) -> MultilingualText:
    if not title:
        raise ValidationError({"title": _("Please give the cluster a title.")}, code="title")
    return title
