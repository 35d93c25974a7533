"""One poller a process, many listeners: reads the event table and feeds the open streams.

On PostgreSQL a transaction that took an id early may commit late, so "id > last" would skip it.
The poller therefore re-reads the last stretch of the table and drops what it has handed out already.

A stream promises *at least once*: after a reconnect, an event of the last seconds may come again.
Events carry names and ids only, so hearing one twice means fetching a fragment twice.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import connections
from django.db.models import Max, Q
from django.http import StreamingHttpResponse
from django.utils import timezone

from ortsdialog.kernel.live.events import LiveEvent

log = logging.getLogger(__name__)

# A look costs about a millisecond, and only while somebody listens.
POLL_SECONDS = 0.1
# While the database is away: no flood of the same message in the log.
PAUSE_AFTER_FAILURE_SECONDS = 2.0
HEARTBEAT_SECONDS = 15
# How late a transaction may commit and still be heard; more than the clocks of two web nodes may differ.
REREAD = timedelta(seconds=60)
REREAD_AT_MOST = 1000
# A page was rendered a moment before its stream opened, or lost its connection: what it may have missed.
REPLAYED = timedelta(seconds=10)
REPLAYED_AT_MOST = 500


@dataclass(frozen=True)
class Heard:
    """An event as the streams see it."""

    id: int
    topic: str
    name: str
    object_id: str

    def as_sse(self) -> bytes:
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.object_id}\n\n".encode()


FIELDS = ("id", "topic", "name", "object_id")


def _read_recent(since: datetime) -> list[Heard]:
    """The last stretch of the table, oldest first; nothing from before `since`."""
    since = max(since, timezone.now() - REREAD)
    try:
        newest = LiveEvent.objects.aggregate(newest=Max("id"))["newest"] or 0
        rows = LiveEvent.objects.filter(id__gt=newest - REREAD_AT_MOST, created_at__gte=since).order_by("id")
        return [Heard(*row) for row in rows.values_list(*FIELDS)]
    finally:
        # The thread comes from a pool: a connection left open here would be one too many.
        connections.close_all()


def _read_missed(topic: str, last_id: int | None) -> list[Heard]:
    """What a page may have missed: everything after the last id it heard, and the last seconds in any case."""
    missed = Q(created_at__gte=timezone.now() - REPLAYED)
    if last_id is not None:
        missed |= Q(id__gt=last_id)
    try:
        rows = LiveEvent.objects.filter(missed, topic=topic).order_by("-id")[:REPLAYED_AT_MOST]
        return [Heard(*row) for row in reversed(rows.values_list(*FIELDS))]
    finally:
        connections.close_all()


# In threads of their own: the poller outlives the request in which it began, and its thread.
_recent = sync_to_async(_read_recent, thread_sensitive=False)
_missed = sync_to_async(_read_missed, thread_sensitive=False)


@dataclass
class Hub:
    """The listeners of one process. Lives in the server's event loop."""

    listeners: dict[str, set[asyncio.Queue[Heard | None]]] = field(default_factory=lambda: defaultdict(set))
    task: asyncio.Task[None] | None = None
    seen: dict[int, None] = field(default_factory=dict)
    closing: bool = False

    def listen(self, topic: str) -> asyncio.Queue[Heard | None]:
        queue: asyncio.Queue[Heard | None] = asyncio.Queue()
        self.listeners[topic].add(queue)
        if self.task is None or self.task.done():
            # An empty context: the poller belongs to no request, no person and no place.
            self.task = asyncio.get_running_loop().create_task(
                self._poll(timezone.now() - REPLAYED), context=contextvars.Context()
            )
        return queue

    def leave(self, topic: str, queue: asyncio.Queue[Heard | None]) -> None:
        self.listeners[topic].discard(queue)
        if not self.listeners[topic]:
            del self.listeners[topic]

    async def _poll(self, since: datetime) -> None:
        """Runs while somebody listens. `since`: what is older was replayed to whoever needed it."""
        while self.listeners and not self.closing:
            pause = POLL_SECONDS
            try:
                self._hand_out(await _recent(since))
            except Exception:
                # The database may be away for a moment; the streams stay open and the next round tries again.
                log.exception("The live events could not be read.")
                pause = PAUSE_AFTER_FAILURE_SECONDS
            await asyncio.sleep(pause)

    def _hand_out(self, recent: list[Heard]) -> None:
        for heard in recent:
            if heard.id in self.seen:
                continue
            self.seen[heard.id] = None
            for queue in self.listeners.get(heard.topic, ()):
                queue.put_nowait(heard)
        while len(self.seen) > 20 * REREAD_AT_MOST:
            del self.seen[next(iter(self.seen))]

    def close_all(self) -> None:
        """End every stream, so that the server can stop at once."""
        self.closing = True
        for queues in self.listeners.values():
            for queue in queues:
                queue.put_nowait(None)


hub = Hub()


def close_all() -> None:
    """For the server's shutdown."""
    hub.close_all()


def follow(topic: str, *, last_event_id: str | None = None) -> AsyncGenerator[bytes, None]:
    """What happens on the topic, as server-sent events; endless, with replay after the id of the last one heard."""
    return _stream(topic, _number(last_event_id or ""))


async def _stream(topic: str, last_id: int | None) -> AsyncGenerator[bytes, None]:
    # Listen first, then read what was missed: nothing falls between the two, and `told` drops the overlap.
    queue = hub.listen(topic)
    told: set[int] = set()
    try:
        yield b"retry: 1000\n\n"
        for heard in await _missed(topic, last_id):
            told.add(heard.id)
            yield heard.as_sse()
        while not hub.closing:
            try:
                heard_now = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                # Proxies and phones drop a silent connection.
                yield b": still here\n\n"
                continue
            if heard_now is None:
                return
            if heard_now.id not in told:
                yield heard_now.as_sse()
    finally:
        hub.leave(topic, queue)


def _number(text: str) -> int | None:
    """An id from a header that anybody can write; None for words and for numbers that no column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


async def event_stream(topic: str, *, last_event_id: str | None = None) -> StreamingHttpResponse:
    """The answer of a live view: an endless stream, with replay after `Last-Event-ID`."""
    # What the view looked up ran in the request's own thread, whose connection would stay open as long as the
    # stream: a hall of walls and hosts would empty the pool.
    await sync_to_async(connections.close_all)()
    events = follow(topic, last_event_id=last_event_id)
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
