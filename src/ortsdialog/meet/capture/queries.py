"""Reads of tables and walls by the code that stands on paper or on a screen."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Case, IntegerField, QuerySet, Value, When

from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import approved_statements
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import read_table_code
from ortsdialog.meet.gatherings.models import Gathering, Table

# More than a projector can show; the rest stands on the public page.
CARDS_AT_MOST = 24


class Phase(StrEnum):
    """Where an event stands, as somebody at a table sees it."""

    BEFORE = "before"
    OPEN = "open"
    BETWEEN = "between"
    CLOSED = "closed"


def phase_of(gathering: Gathering) -> Phase:
    if gathering.state == GatheringState.CLOSED:
        return Phase.CLOSED
    if not gathering.takes_statements:
        return Phase.BEFORE
    return Phase.OPEN if gathering.current_round_id else Phase.BETWEEN


def wall_with_round(code: str) -> Wall | None:
    """The wall with this code, with all that it shows. The caller opens its place."""
    with across_places(reason=Reason.CODE_LOOKUP):
        return (
            Wall.objects.filter(code=read_table_code(code))
            .select_related("place", "gathering__process", "gathering__place", "gathering__current_round__question")
            .first()
        )


def wall_cards(gathering: Gathering) -> QuerySet[Statement]:
    """What a wall shows: the running round first, the newest approval on top."""
    now = When(round_id=gathering.current_round_id, then=Value(0))
    return (
        approved_statements(gathering)
        .annotate(turn=Case(now, default=Value(1), output_field=IntegerField()))
        .order_by("turn", "-moderated_at", "-received_at", "id")[:CARDS_AT_MOST]
    )


def tables_of(gathering: Gathering) -> QuerySet[Table]:
    """The tables of an event, by number."""
    return Table.objects.filter(gathering=gathering).order_by("number")


def walls_by_gathering() -> QuerySet[Gathering]:
    """The open town's events with their walls, the latest event first."""
    return Gathering.objects.select_related("process").prefetch_related("walls").order_by("-starts_at", "id")
