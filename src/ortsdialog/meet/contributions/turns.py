"""In which order the queue serves what waits, so that a flood does not drown what honest people say.

A rank first: devices that have an approved statement; then devices nobody knows yet; then what seems to hurt somebody,
and all from an unknown device that has sent such a thing; last, devices of which something was held back. Within a
rank every device has its turn: its first waiting statement before anybody's second. Then the time of arrival.
What hosts and note-takers have written down counts as known: they answer for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, RowNumber
from django.utils import timezone

from ortsdialog.meet.contributions.choices import INNOCENT_REASONS, Channel, HintKind, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import statements_in_the_hall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering

KNOWN, UNKNOWN, ALARMING, DISTRUSTED = range(4)
ALARMS = (HintKind.THREAT, HintKind.INSULT)
# What counts as a burst: so many statements within the last minutes, more than a full hall writes.
BURST_MINUTES = 5
BURST_STATEMENTS = 150


def waiting(gathering: Gathering | None) -> QuerySet[Statement]:
    """What waits in an event; in the whole town (open) without one."""
    if gathering is not None:
        return statements_in_the_hall(gathering).filter(state=ModerationState.PENDING)
    # By event, since that is how the index begins.
    return Statement.objects.filter(gathering__in=Gathering.objects.values("pk"), state=ModerationState.PENDING)


def in_turn(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """Waiting statements in the order of the queue, each with its `rank` and `turn`. Running events come first."""
    sender = Case(
        When(~Q(device_key=""), then=F("device_key")),
        # Without a device, a table is one sender.
        default=Concat(Value("table "), Cast("table_id", CharField())),
    )
    return (
        statements.annotate(
            sender=sender,
            running=Case(When(gathering__state=GatheringState.RUNNING, then=0), default=1),
            trust=_trust(),
            hint_words=Cast("hints", TextField()),
        )
        .annotate(alarm=_alarm())
        .annotate(
            device_alarm=Window(Max("alarm"), partition_by=[F("gathering_id"), F("sender")]),
            turn=Window(
                RowNumber(),
                partition_by=[F("gathering_id"), F("sender")],
                order_by=[F("received_at").asc(), F("id").asc()],
            ),
        )
        .annotate(
            rank=Case(
                When(trust=DISTRUSTED, then=DISTRUSTED),
                When(alarm=1, then=ALARMING),
                When(trust=KNOWN, then=KNOWN),
                When(device_alarm=1, then=ALARMING),
                default=UNKNOWN,
                output_field=IntegerField(),
            )
        )
        .order_by("running", "rank", "turn", "received_at", "id")
    )


def _trust() -> Case:
    same_device = Statement.everything.filter(
        gathering=OuterRef("gathering_id"), device_key=OuterRef("device_key"), rehearsal=OuterRef("rehearsal")
    ).exclude(device_key="")
    held = same_device.filter(state=ModerationState.HELD).exclude(hold_reason__in=INNOCENT_REASONS)
    approved = same_device.filter(state=ModerationState.APPROVED)
    return Case(
        When(~Q(channel=Channel.PHONE), then=KNOWN),
        When(device_key="", then=UNKNOWN),
        When(Exists(held), then=DISTRUSTED),
        When(Exists(approved), then=KNOWN),
        default=UNKNOWN,
        output_field=IntegerField(),
    )


def _alarm() -> Case:
    # Both databases print the column's JSON in the same words.
    found = Q()
    for kind in ALARMS:
        found |= Q(hint_words__contains=f'"{kind.value}"')
    return Case(When(found, then=1), default=0, output_field=IntegerField())


def waiting_of_known_devices(gathering: Gathering) -> QuerySet[Statement]:
    """What waits without a hint from devices with an approved statement and none held back."""
    known = waiting(gathering).annotate(trust=_trust()).filter(trust=KNOWN, hints=[])
    return Statement.everything.filter(pk__in=known.order_by().values("pk"))


@dataclass(frozen=True)
class Sender:
    """What the queue says about the device of a card. The number counts the devices of this event, nothing else."""

    number: int
    waiting: int
    approved: int
    held: int


def sender_of(statement: Statement) -> Sender | None:
    """The device that a statement came from; None where it is not known. Two queries."""
    if not statement.device_key:
        return None
    in_event = Statement.everything.filter(gathering=statement.gathering_id, rehearsal=statement.rehearsal)
    own = in_event.filter(device_key=statement.device_key).order_by()
    found = own.aggregate(
        first=Min("received_at"),
        waiting=Count("pk", filter=Q(state=ModerationState.PENDING)),
        approved=Count("pk", filter=Q(state=ModerationState.APPROVED)),
        held=Count("pk", filter=Q(state=ModerationState.HELD)),
    )
    earlier = Q(received_at__lt=found["first"]) | Q(received_at=found["first"], device_key__lt=statement.device_key)
    before = in_event.filter(earlier).exclude(device_key="").exclude(device_key=statement.device_key)
    number = before.aggregate(number=Count("device_key", distinct=True))["number"] + 1
    return Sender(number, found["waiting"], found["approved"], found["held"])


@dataclass(frozen=True)
class Burst:
    """Unusually much at once."""

    statements: int
    devices: int
    minutes: int = BURST_MINUTES


def burst(statements: QuerySet[Statement], *, now: datetime | None = None) -> Burst | None:
    """How much of what waits has come within the last minutes, if that is more than a hall writes. One query."""
    since = (now or timezone.now()) - timedelta(minutes=BURST_MINUTES)
    found: dict[str, Any] = (
        statements.filter(received_at__gt=since)
        .order_by()
        .aggregate(number=Count("pk"), devices=Count("device_key", distinct=True))
    )
    return Burst(found["number"], found["devices"]) if found["number"] >= BURST_STATEMENTS else None


# How far back "decided last" looks for what was decided together.
_LOOKED_THROUGH = 200


def last_deeds(gathering: Gathering | None, number: int) -> list[Statement]:
    """What was decided last, the newest first: one statement for each deed, with `together`, how many it concerned.

    What appeared by itself was decided by nobody and is left out.
    """
    decided = Statement.objects.all() if gathering is None else statements_in_the_hall(gathering)
    decided = decided.filter(moderated_at__isnull=False).exclude(moderated_at=F("received_at"))
    deeds: dict[Any, list[Statement]] = {}
    for row in decided.select_related("table", "round", "gathering").order_by("-moderated_at", "id")[:_LOOKED_THROUGH]:
        deeds.setdefault((row.moderated_at, row.gathering_id, row.state, row.hold_reason), []).append(row)
    found = []
    for rows in list(deeds.values())[:number]:
        rows[0].together = len(rows)  # type: ignore[attr-defined]
        found.append(rows[0])
    return found
