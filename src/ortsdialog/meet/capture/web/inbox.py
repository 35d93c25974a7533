"""The inbox: statements as JSON from the outbox of a page. The contract is `docs/contracts/inbox.md`, version 1.

An old page may come back after days with a full outbox, so what version 1 says stays: fields are added, none is taken
away, none gets another meaning, and unknown ones are ignored.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error

from ortsdialog.kernel import fast_lane
from ortsdialog.kernel.fast_lane import Gone, Receive, Scope, Send, TooLong, answer_json
from ortsdialog.kernel.group_commit import Full, GroupCommit, Stopped
from ortsdialog.meet.capture.intake import Batch, Posted, Reply, prepared, store
from ortsdialog.meet.capture.limits import Buckets, wait_for_device, wait_for_host
from ortsdialog.meet.capture.queries import has_handed_over
from ortsdialog.meet.capture.web.cookies import device_key, device_mark_of, host_table_mark, leading_actor
from ortsdialog.meet.contributions.words import LONGEST, MOST_SPEAKERS
from ortsdialog.meet.gatherings.models import Table

# Four bytes a character, and some for the rest.
LONGEST_BODY = 8 * LONGEST + 4_000
RETRY_AFTER_SECONDS = 3
log = logging.getLogger(__name__)
buckets = Buckets(settings.STATEMENTS_PER_DEVICE)


class Unfit(Exception):
    """A field is not what it has to be."""

    def __init__(self, field: str, code: str = "invalid") -> None:
        self.field, self.code = field, code
        super().__init__(field)


@cache
def _writer() -> GroupCommit[Posted, Batch, Reply]:
    return GroupCommit(prepared, store, name="inbox")


def start_anew() -> None:
    """End the present writer, once it has stored and answered what it took, and forget the buckets; for tests."""
    if _writer.cache_info().currsize:
        _writer().stop()
        _writer.cache_clear()
    buckets.clear()


async def take_in(scope: Scope, receive: Receive, send: Send, *, code: str, as_host: bool) -> None:
    """201 and 200 say that the statement is on disk. Everything else says that the sender must keep it."""
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
    cookies = fast_lane.cookies_of(headers)
    device_mark = device_mark_of(cookies)
    host_mark = host_table_mark(cookies) if as_host else None
    if host_mark == "":
        # Nobody's host: not worth a look into the database.
        await answer_json(send, 404, {"state": "unknown"})
        return
    try:
        posted = _read(body, code, device_mark, host_mark)
    except Unfit as unfit:
        await answer_json(send, 422, {"state": "invalid", "field": unfit.field, "code": unfit.code})
        return
    wait = wait_for_host(buckets, host_mark) if host_mark else wait_for_device(buckets, device_mark, code)
    if wait:
        await answer_json(send, 429, {"state": "slow"}, retry_after=wait)
        return
    try:
        reply = await _writer().put(posted)
    except (Full, Stopped, Error):
        # The disk is full, the database is away, or too much comes at once.
        await answer_json(send, 503, {"state": "busy"}, retry_after=RETRY_AFTER_SECONDS)
        return
    except Exception:
        # A mistake of ours. The sender keeps it and tries again; nothing is said to have arrived.
        log.exception("A statement was not taken.")
        await answer_json(send, 503, {"state": "busy"}, retry_after=RETRY_AFTER_SECONDS)
        return
    await answer_json(send, reply.status, reply.said)


def _read(body: bytes, code: str, device_mark: str, host_mark: str | None) -> Posted:
    """What the body says; `host_mark` is None for a guest's."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unfit("body") from error
    if not isinstance(said, dict):
        raise Unfit("body")
    words: dict[str, Any] = {
        "code": code,
        "id": _uuid(said.get("id")),
        "text": _text(said, "text"),
        "language": _text(said, "language"),
        "round": _whole(said.get("round"), "round", most=2**63 - 1),
        "sent_at": _moment(said.get("sent_at")),
        "device_key": partial(device_key, device_mark),
        "rehearsed": said.get("rehearsed") is True,
    }
    if host_mark is not None:
        words |= {
            "as_host": True,
            "leads": partial(leading_actor, host_mark),
            "said_by_count": _whole(said.get("said_by_count"), "said_by_count", most=MOST_SPEAKERS) or 1,
            "interpreted": said.get("interpreted") is True,
            "approve": said.get("approve") is True,
            "still_leads": partial(_still_leads, host_mark),
        }
    return Posted(**words)


def _still_leads(host_mark: str, table: Table) -> bool:
    """The third part of the mark names the device, where it was opened since devices have one."""
    parts = host_mark.split("-")
    return not has_handed_over(table, parts[2] if len(parts) > 2 else "")


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unfit("id") from error


def _text(said: Mapping[str, Any], field: str) -> str:
    value = said.get(field)
    if not isinstance(value, str):
        raise Unfit(field, "empty" if value is None else "invalid")
    try:
        # Half of a surrogate pair is no character, and no database stores it.
        value.encode()
    except UnicodeEncodeError as error:
        raise Unfit(field) from error
    return value


def _whole(value: Any, field: str, *, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Unfit(field)
    return value


def _moment(value: Any) -> datetime | None:
    """The device's own time, a claim. What is no time is none; a clock may be wrong, a statement is not lost for it."""
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None and 2000 <= moment.year <= 2100 else None
