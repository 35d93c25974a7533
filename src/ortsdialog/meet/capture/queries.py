"""Reads of tables and walls by the code that stands on paper or on a screen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.capture.models import Device, HostHandover, PaperCard, Wall
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.queries import (
    ChannelCounts,
    counts_by_channel,
    statements_in_the_hall,
)
from ortsdialog.meet.contributions.receipts import read_receipt_code
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


def last_batch(gathering: Gathering) -> int:
    """How often cards were printed for the event."""
    return PaperCard.objects.filter(gathering=gathering).aggregate(last=Max("batch"))["last"] or 0


def cards_of_batch(gathering: Gathering, batch: int) -> QuerySet[PaperCard]:
    """The cards of one printing, as they come out of the printer: by table, then by round."""
    cards = PaperCard.objects.filter(gathering=gathering, batch=batch)
    return cards.select_related("table", "round", "question").order_by("table__number", "round__number", "id")


def batches_of(gathering: Gathering) -> list[dict[str, Any]]:
    """Each printing of the event, the latest first: batch, printed_at, cards, keyed, tables."""
    rows = PaperCard.objects.filter(gathering=gathering).order_by().values("batch")
    return list(
        rows.annotate(
            printed_at=Min("printed_at"),
            cards=Count("pk"),
            keyed=Count("statement"),
            tables=Count("table", distinct=True),
        ).order_by("-batch")
    )


def card_by_code(gathering: Gathering, code: str) -> PaperCard | None:
    """The card of this event with exactly this code."""
    found: PaperCard | None = (
        PaperCard.objects.filter(gathering=gathering, code=code)
        .select_related("table__gathering__process", "table__gathering__current_round__question", "table__place")
        .select_related("round", "question", "statement")
        .first()
    )
    return found


def codes_of_cards(where: Table | Gathering) -> list[str]:
    """The codes of all cards of a table or an event: to find out which one somebody meant."""
    cards = PaperCard.objects.filter(**{"table" if isinstance(where, Table) else "gathering": where})
    return list(cards.order_by("code").values_list("code", flat=True))


def card_anywhere(code: str) -> PaperCard | None:
    """The card with this code in any town: for the address in its QR code. The caller opens its place."""
    return _card_of_any_town(code=code)


def card_by_receipt(code: str) -> PaperCard | None:
    """The card that this receipt code was torn off from, however it was typed; keyed in or not."""
    stored = read_receipt_code(code)
    return None if stored is None else _card_of_any_town(receipt_code=stored)


def _card_of_any_town(**code: str) -> PaperCard | None:
    with across_places(reason=Reason.CODE_LOOKUP):
        return PaperCard.objects.filter(**code).select_related("place", "gathering__process", "table", "round").first()


def last_keyed_in(where: Table | Gathering, source: Source | None = None) -> QuerySet[Statement]:
    """What was written down from paper, the latest first; of one photo where a source is given."""
    gathering = where.gathering if isinstance(where, Table) else where
    statements = statements_in_the_hall(gathering).filter(channel=Channel.PAPER)
    if isinstance(where, Table):
        statements = statements.filter(table=where)
    if source is not None:
        statements = statements.filter(source=source)
    return statements.select_related("table", "round", "paper_card").order_by("-received_at", "-id")


def has_handed_over(table: Table, device_mark: str) -> bool:
    """Whether the device with this mark gave the table to another one and stopped leading it."""
    if not device_mark:
        return False
    return HostHandover.objects.filter(
        table=table, device_mark=device_mark, ends_device=True, used_at__isnull=False
    ).exists()


def handover_by_token(table: Table, token: str) -> HostHandover | None:
    """The hand-over of this table behind a link, also a used or an old one; None for an unknown one."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return HostHandover.objects.filter(table=table, token_digest=digest).select_related("table").first()


def latest_handover(table: Table, device_mark: str) -> HostHandover | None:
    """The last link that this device has made."""
    if not device_mark:
        return None
    return HostHandover.objects.filter(table=table, device_mark=device_mark).order_by("-created_at", "-id").first()


def devices_at(table: Table) -> QuerySet[Device]:
    """The devices at a table that have told of themselves, the last sign of life first."""
    return Device.objects.filter(gathering=table.gathering_id, table=table).order_by("-last_seen_at", "id")
