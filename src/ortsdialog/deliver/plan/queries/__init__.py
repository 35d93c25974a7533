"""Reads of the plan that more than one page needs. All but the look-up of a link need an open place."""

from ortsdialog.deliver.plan.queries.plans import (
    Chapter,
    MeasureFilter,
    chapters,
    furthest_measures,
    measures_of_plan,
    open_requests,
    owner_names,
    published_plan,
    request_by_token,
    state_counts,
    texts_of_plan,
)
from ortsdialog.deliver.plan.queries.ways import (
    measures_of_statement,
    standing_of_clusters,
    statements_of_measure,
    stream_of_process,
    stream_of_programme,
    way_of_measure,
    way_of_statement,
)

__all__ = [
    "Chapter",
    "MeasureFilter",
    "chapters",
    "furthest_measures",
    "measures_of_plan",
    "measures_of_statement",
    "open_requests",
    "owner_names",
    "published_plan",
    "request_by_token",
    "standing_of_clusters",
    "state_counts",
    "statements_of_measure",
    "stream_of_process",
    "stream_of_programme",
    "texts_of_plan",
    "way_of_measure",
    "way_of_statement",
]
