"""Reads of tables and walls by the code that stands on paper or on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, QuerySet

from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.capture.models import PaperCard, Wall
from ortsdialog.meet.contributions.queries import ChannelCounts, counts_by_channel
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import read_table_code
from ortsdialog.meet.gatherings.models import Gathering, Table


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


def tables_of(gathering: Gathering) -> QuerySet[Table]:
    """The tables of an event, by number."""
    return Table.objects.filter(gathering=gathering).order_by("number")


def walls_by_gathering() -> QuerySet[Gathering]:
    """The open town's events with their walls, the latest event first."""
    return Gathering.objects.select_related("process").prefetch_related("walls").order_by("-starts_at", "id")


@dataclass(frozen=True)
class CardCounts:
    """Paper cards: how many were printed, and how many of them are keyed in."""

    printed: int = 0
    keyed: int = 0


def card_counts(where: Table | Gathering) -> CardCounts:
    """The cards of a table or of a whole gathering. One query."""
    cards = PaperCard.objects.filter(**{"table" if isinstance(where, Table) else "gathering": where})
    return CardCounts(**cards.aggregate(printed=Count("pk"), keyed=Count("statement")))


@dataclass(frozen=True)
class Channels:
    """Paper, host and phone, each for itself and side by side. What `capture/_channels.html` shows."""

    statements: ChannelCounts
    cards: CardCounts


def channels_of(where: Table | Gathering) -> Channels:
    """How a table's or a gathering's statements came in, with the paper that is still to be keyed in. Two queries."""
    return Channels(counts_by_channel(where), card_counts(where))
