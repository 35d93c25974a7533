"""Stores what the inbox has taken from many devices, a batch in one transaction."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.seats import Seat, seat_by_code
from ortsdialog.meet.contributions.actions import Incoming, Submitted, approve_statement
from ortsdialog.meet.contributions.actions.intake import Prepared, prepare, store_prepared
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers

log = logging.getLogger(__name__)
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One statement as a device sent it. `leads` tells whether the device leads the table it names."""

    code: str
    id: UUID
    text: str
    language: str
    round: int | None = None
    sent_at: datetime | None = None
    device_key: Callable[[int], str] = lambda gathering_id: ""
    as_host: bool = False
    leads: Callable[[Any], Actor | None] = lambda table: None
    said_by_count: int = 1
    interpreted: bool = False
    approve: bool = False
    # Whether the device still leads the table: one that has handed it over may deliver, and approves nothing.
    still_leads: Callable[[Any], bool] = lambda table: False
    rehearsed: bool = False


@dataclass(frozen=True)
class Reply:
    """What the device is told: a status of HTTP, and words for its script."""

    status: int
    said: dict[str, Any]


UNKNOWN = Reply(404, {"state": "unknown"})
BUSY = Reply(503, {"state": "busy"})
CLOSED = Reply(423, {"state": "closed"})
DIFFERS = Reply(409, {"state": "differs"})
# Which field a refusal is about.
FIELDS = {"language": "language", "speakers": "said_by_count", "other_gathering": "round"}


@dataclass(frozen=True)
class Batch:
    """What is to be stored: per town and sender the positions in the batch with what is ready there."""

    posted: Sequence[Posted]
    groups: Mapping[tuple[int, Actor], Sequence[tuple[int, Prepared]]]


def prepared(posted: Sequence[Posted]) -> Batch:
    """Everything that can be done before one's turn to write."""
    groups: dict[tuple[int, Actor], list[tuple[int, Prepared]]] = defaultdict(list)
    for position, one in enumerate(posted):
        seat = seat_by_code(one.code)
        actor = _actor(one, seat)
        if seat is not None and actor is not None:
            groups[seat.table.place_id, actor].append((position, prepare(_incoming(one, seat))))
    return Batch(posted, groups)


def store(batch: Batch) -> list[Reply]:
    """Store the batch; one reply each, in order, once all of it is on disk.

    Raises a database error only where nothing of the batch is stored.
    """
    try:
        return _store(batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # Another process has just used one of the ids, or one statement is such that it cannot be stored. One by
        # one, each finds out for itself, and none goes down with another.
        log.info("A batch of %d is stored one by one.", len(batch.posted), exc_info=True)
        return [_store_alone(one) for one in batch.posted]


def _store_alone(posted: Posted) -> Reply:
    for _try in range(TRIES):
        try:
            return _store(prepared([posted]))[0]
        except IntegrityError:
            # It is there now, or a receipt code met its twin: both are over at the next look.
            continue
        except Exception:
            log.exception("A statement could not be stored.")
            break
    return BUSY


def _store(batch: Batch) -> list[Reply]:
    replies: list[Reply] = [UNKNOWN] * len(batch.posted)
    with transaction.atomic():
        for (place_id, actor), items in batch.groups.items():
            with open_place(place_id):
                outcomes = store_prepared(actor=actor, prepared=[ready for _position, ready in items])
                for item, outcome in zip(items, outcomes, strict=True):
                    replies[item[0]] = _reply(outcome)
                    # Only what has just come: at a later try somebody may have held it back meanwhile. And no
                    # practice that comes after the rehearsal: it was meant for no wall.
                    if isinstance(outcome, Submitted) and outcome.created and not outcome.late_practice:
                        _approve(actor, batch.posted[item[0]], outcome.statement)
    return replies


def _approve(actor: Actor, posted: Posted, statement: Statement) -> None:
    if posted.approve and posted.still_leads(statement.table):
        approve_statement(actor=actor, statement=statement)


def _actor(posted: Posted, seat: Seat | None) -> Actor | None:
    if seat is None:
        return None
    return posted.leads(seat.table) if posted.as_host else Actor.guest()


def _incoming(posted: Posted, seat: Seat) -> Incoming:
    gathering = seat.table.gathering
    # The round in which it was begun, if there is such a one; else the current one, whatever was at hand before.
    round = seat.rounds.get(posted.round or 0) or seat.rounds.get(gathering.current_round_id or 0)
    by_host: dict[str, Any] = {
        "channel": Channel.HOST,
        "said_by_count": posted.said_by_count,
        "interpreted": posted.interpreted,
    }
    return Incoming(
        id=posted.id,
        table=seat.table,
        text=posted.text,
        language=posted.language,
        round=round,
        sent_at=posted.sent_at,
        device_key=posted.device_key(gathering.pk),
        rehearsed=posted.rehearsed,
        **(by_host if posted.as_host else {}),
    )


def _reply(outcome: Submitted | ValidationError | NotAllowed | StatementDiffers) -> Reply:
    if isinstance(outcome, Submitted):
        statement = outcome.statement
        said = {"state": "arrived", "receipt_code": statement.receipt_code, "handle": statement.handle}
        return Reply(201 if outcome.created else 200, said)
    if isinstance(outcome, StatementDiffers):
        return DIFFERS
    if isinstance(outcome, NotAllowed):
        return CLOSED
    return Reply(422, {"state": "invalid", "field": FIELDS.get(outcome.code or "", "text"), "code": outcome.code})
