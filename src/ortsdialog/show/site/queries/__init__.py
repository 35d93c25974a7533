"""What the public pages and the start desk put together from the floors below."""

from ortsdialog.show.site.queries.desk import Today, today
from ortsdialog.show.site.queries.dialogues import (
    DialogueRow,
    EventDate,
    ProgrammeCount,
    by_region,
    dialogues_of_programme,
    event_dates,
    next_events,
    programme_count,
    towns,
)
from ortsdialog.show.site.queries.words import (
    ClusterCard,
    StatementChoice,
    cluster_cards,
    not_public_count,
    public_statements,
    spoken_languages,
    stations_of_clusters,
)

__all__ = [
    "ClusterCard",
    "DialogueRow",
    "EventDate",
    "ProgrammeCount",
    "StatementChoice",
    "Today",
    "by_region",
    "cluster_cards",
    "dialogues_of_programme",
    "event_dates",
    "next_events",
    "not_public_count",
    "programme_count",
    "public_statements",
    "spoken_languages",
    "stations_of_clusters",
    "today",
    "towns",
]
