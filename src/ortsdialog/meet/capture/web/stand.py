"""The sign of life of a phone at a table, and what it is told: its own statements, the round, announcements.

A thousand phones call every half minute, so this goes past Django (`lanes.py`): few queries, no session.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db import OperationalError, connections
from django.utils import timezone, translation

from ortsdialog.kernel import fast_lane
from ortsdialog.kernel.fast_lane import Gone, Receive, Scope, Send, TooLong, answer_json
from ortsdialog.kernel.language import INTERFACE_LANGUAGES, html_lang
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import SignOfLife
from ortsdialog.meet.capture.choices import DeviceRole
from ortsdialog.meet.capture.queries import Phase, has_handed_over, phase_of
from ortsdialog.meet.capture.signs import Where, gathered
from ortsdialog.meet.capture.web.cookies import (
    RECEIPTS_AT_MOST,
    device_key,
    device_mark_of,
    host_mark_of,
    host_table_mark,
    leading_actor,
)
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import statements_with_receipts
from ortsdialog.meet.contributions.receipts import read_receipt_code
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.queries import current_announcements, table_by_code

LONGEST_BODY = 10_000
RETRY_AFTER_SECONDS = 30
STATES = {ModerationState.APPROVED: "wall", ModerationState.HELD: "held"}


@dataclass(frozen=True)
class Told:
    """What a device says of itself; whatever does not fit is left out."""

    receipts: list[str]
    unsent: int
    role: str
    language: str


@dataclass(frozen=True)
class Stand:
    """What a device is told, and what it has told itself: None where it shows no mark, or nobody counts any more."""

    said: dict[str, Any]
    where: Where
    sign: SignOfLife | None


async def table_stand(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    """Always 200 with the stand, for a known table; 503 where the database is away."""
    await _take_sign(scope, receive, send, code=code, as_host=False)


async def host_stand(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    """The same for the host's page: 404 without the cookie of this table's host card."""
    await _take_sign(scope, receive, send, code=code, as_host=True)


async def _take_sign(scope: Scope, receive: Receive, send: Send, *, code: str, as_host: bool) -> None:
    headers = fast_lane.headers_of(scope)
    try:
        body = await fast_lane.read_body(receive, longest=LONGEST_BODY)
    except TooLong:
        await answer_json(send, 413, {"state": "too_long"})
        return
    except Gone:
        return
    if fast_lane.is_foreign(headers) or headers.get("content-type", "").split(";")[0].strip() != "application/json":
        await answer_json(send, 403, {"state": "foreign"})
        return
    told = read_told(body)
    if told is None:
        await answer_json(send, 422, {"state": "invalid"})
        return
    try:
        stand = await _answer(code, told, fast_lane.cookies_of(headers), as_host=as_host)
    except OperationalError:
        await answer_json(send, 503, {"state": "busy"}, retry_after=RETRY_AFTER_SECONDS)
        return
    if stand is None:
        await answer_json(send, 404, {"state": "unknown"})
        return
    if stand.sign is not None:
        gathered.add(stand.where, stand.sign)
    await answer_json(send, 200, stand.said)


def read_told(body: bytes) -> Told | None:
    """What the body says; None where it is no object of JSON."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    receipts, unsent = said.get("receipts"), said.get("unsent")
    role, language = said.get("role"), said.get("language")
    codes = (
        [read_receipt_code(code) for code in receipts if isinstance(code, str)] if isinstance(receipts, list) else []
    )
    return Told(
        receipts=[code for code in codes if code][:RECEIPTS_AT_MOST],
        unsent=unsent if isinstance(unsent, int) and not isinstance(unsent, bool) else 0,
        # Nobody becomes a host by saying so: the host's address asks for the cookie of the card (`stand_of`).
        role=DeviceRole.TABLET if role == DeviceRole.TABLET else DeviceRole.GUEST,
        language=language if isinstance(language, str) and language in INTERFACE_LANGUAGES else "de",
    )


def stand_of(code: str, told: Told, cookies: Mapping[str, str], *, as_host: bool = False) -> Stand | None:
    """The stand of the table with this code.

    None for an unknown table, and for a host's sign of life from a device that never led this table.
    """
    table = table_by_code(code)
    if table is None or (as_host and leading_actor(host_table_mark(cookies), table) is None):
        return None
    gathering = table.gathering
    with open_place(table.place_id), translation.override(told.language):
        said = {
            "now": timezone.now().isoformat(),
            "version": version_of(gathering),
            "phase": phase_of(gathering),
            "takes": gathering.takes_statements or gathering.takes_late_statements,
            "round": _round(gathering),
            "announcements": [
                {"id": one.pk, "text": text.text, "lang": html_lang(text.language)}
                for one in current_announcements(gathering)
                for text in [one.text.in_language()]
            ],
            "statements": {
                statement.receipt_code: _state(statement)
                for statement in statements_with_receipts(gathering, told.receipts)
            },
        }
        return Stand(said, (table.place_id, gathering.pk), _sign(table, told, cookies, as_host=as_host))


def version_of(gathering: Gathering) -> str:
    """Changes when the question on the page is another one; stands in the page as `data-version`."""
    rehearsal = " rehearsal" if gathering.is_rehearsing else ""
    return f"{phase_of(gathering)} {gathering.current_round_id or '-'}{rehearsal}"


def _sign(table: Table, told: Told, cookies: Mapping[str, str], *, as_host: bool) -> SignOfLife | None:
    key = device_key(device_mark_of(cookies), table.gathering_id)
    if not key or (phase_of(table.gathering) == Phase.CLOSED and not table.gathering.takes_late_statements):
        return None
    # A device that has handed the table over still says what it holds back, and leads nothing any more.
    leads = as_host and not has_handed_over(table, host_mark_of(cookies))
    return SignOfLife(
        table_id=table.pk,
        key=key,
        role=DeviceRole.HOST if leads else told.role,
        language=told.language,
        unsent_count=told.unsent,
    )


def _round(gathering: Gathering) -> dict[str, Any] | None:
    round = gathering.current_round
    if round is None:
        return None
    return {
        "id": round.pk,
        "number": round.number,
        "ends_at": round.ends_at.isoformat() if round.ends_at else None,
    }


def _state(statement: Statement) -> dict[str, str]:
    if statement.state != ModerationState.HELD:
        return {"state": STATES.get(ModerationState(statement.state), "arrived")}
    words = [str(statement.get_hold_reason_display()), statement.reason_for_writer]
    return {"state": "held", "reason": " ".join(word for word in words if word)}


def _look_up(code: str, told: Told, cookies: Mapping[str, str], *, as_host: bool) -> Stand | None:
    try:
        return stand_of(code, told, cookies, as_host=as_host)
    finally:
        connections.close_all()


_answer = sync_to_async(_look_up, thread_sensitive=False)
