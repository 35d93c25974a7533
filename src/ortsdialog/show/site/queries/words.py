"""What people said in one dialogue, as the public pages show it: approved statements only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from ortsdialog.deliver.plan.queries import standing_of_clusters
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import language_name
from ortsdialog.kernel.ui.way import LABELS, Key
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement

# The station that a cluster's furthest measure has reached, by its standing.
_STATIONS: tuple[Key, ...] = ("not_possible", "proposed", "taken_on", "done")
_EXAMPLES = 2


def public_statements(process: Process) -> QuerySet[Statement]:
    """The approved statements of a dialogue, in the order in which they came."""
    return (
        Statement.objects.filter(process=process, state=ModerationState.APPROVED)
        .select_related("table", "round", "cluster", "gathering")
        .order_by("received_at", "id")
    )


def not_public_count(process: Process) -> int:
    """How many statements wait for approval or are held back."""
    return Statement.objects.filter(process=process).exclude(state=ModerationState.APPROVED).count()


@dataclass(frozen=True)
class StatementChoice:
    """What the list of statements is narrowed to by the address; empty parts narrow nothing."""

    cluster: str = ""
    table: str = ""
    language: str = ""

    def apply(self, statements: QuerySet[Statement]) -> QuerySet[Statement]:
        """Narrow the list. A part that makes no sense finds nothing; it is never ignored."""
        if self.cluster:
            number = _number(self.cluster)
            statements = statements.filter(cluster__number=number) if number else statements.none()
        if self.table:
            key = _number(self.table)
            statements = statements.filter(table_id=key) if key else statements.none()
        if self.language:
            statements = statements.filter(text__original=self.language)
        return statements

    def __bool__(self) -> bool:
        return bool(self.cluster or self.table or self.language)


def _number(text: str) -> int | None:
    """A number from an address; None for words, and for numbers that no database column holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def spoken_languages(process: Process) -> list[tuple[str, str, int]]:
    """(code, own name, number of statements) of the languages in which people spoke, most used first."""
    rows = (
        Statement.objects.filter(process=process, state=ModerationState.APPROVED)
        .order_by()
        .values_list("text__original")
        .annotate(number=Count("pk"))
    )
    return sorted(((code, language_name(code), number) for code, number in rows), key=lambda row: (-row[2], row[0]))


@dataclass(frozen=True)
class ClusterCard:
    """A cluster with a few of its statements and how far it has come."""

    cluster: Cluster
    examples: list[Statement]
    station: Any

    @property
    def more(self) -> int:
        return int(self.cluster.statement_count) - len(self.examples)  # type: ignore[attr-defined]


def stations_of_clusters(clusters: Sequence[Cluster]) -> dict[int, Any]:
    """How far each cluster has come, in the words of the way; one without a measure is sorted. One query."""
    standing = standing_of_clusters([cluster.pk for cluster in clusters])
    return {
        cluster.pk: LABELS[_STATIONS[standing[cluster.pk]]] if cluster.pk in standing else LABELS["sorted"]
        for cluster in clusters
    }


def cluster_cards(clusters: Sequence[Cluster]) -> list[ClusterCard]:
    """Cards for one page of clusters. Two queries."""
    keys = [cluster.pk for cluster in clusters]
    stations = stations_of_clusters(clusters)
    first = Window(RowNumber(), partition_by=F("cluster"), order_by=[F("received_at").asc(), F("id").asc()])
    examples: dict[int, list[Statement]] = {}
    found = (
        Statement.objects.filter(cluster__in=keys, state=ModerationState.APPROVED)
        .annotate(row=first)
        .filter(row__lte=_EXAMPLES)
        .select_related("table", "round")
        .order_by("received_at", "id")
    )
    for statement in found:
        examples.setdefault(statement.cluster_id, []).append(statement)
    return [ClusterCard(cluster, examples.get(cluster.pk, []), stations[cluster.pk]) for cluster in clusters]
