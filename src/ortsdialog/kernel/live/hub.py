"""One poller a process, many listeners: reads the event table and feeds the open streams.

On PostgreSQL a transaction that took an id early may commit late, so "id > last" would skip it.
The poller therefore re-reads the last seconds and drops what it has handed out already.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import StreamingHttpResponse
from django.utils import timezone

from ortsdialog.kernel.live.events import LiveEvent

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 15
# How late a transaction may commit and still be heard.
REREAD = timedelta(seconds=5)
REPLAY_AT_MOST = 500


@dataclass(frozen=True)
class Heard:
    """An event as the streams see it."""

    id: int
    topic: str
    name: str
    object_id: str

    def as_sse(self) -> bytes:
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.object_id}\n\n".encode()


def _read_recent() -> list[Heard]:
    close_old_connections()
    rows = LiveEvent.objects.filter(created_at__gte=timezone.now() - REREAD).order_by("id")
    return [Heard(*row) for row in rows.values_list("id", "topic", "name", "object_id")]


def _read_after(topic: str, last_id: int) -> list[Heard]:
    close_old_connections()
    rows = LiveEvent.objects.filter(topic=topic, id__gt=last_id).order_by("id")[:REPLAY_AT_MOST]
    return [Heard(*row) for row in rows.values_list("id", "topic", "name", "object_id")]


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
            self.task = asyncio.get_running_loop().create_task(self._poll())
        return queue

    def leave(self, topic: str, queue: asyncio.Queue[Heard | None]) -> None:
        self.listeners[topic].discard(queue)
        if not self.listeners[topic]:
            del self.listeners[topic]

    async def _poll(self) -> None:
        """Runs while somebody listens."""
        while self.listeners and not self.closing:
            try:
                for heard in await sync_to_async(_read_recent)():
                    if heard.id in self.seen:
                        continue
                    self.seen[heard.id] = None
                    for queue in self.listeners.get(heard.topic, ()):
                        queue.put_nowait(heard)
                while len(self.seen) > 20_000:
                    del self.seen[next(iter(self.seen))]
            except Exception:
                # The database may be away for a moment; the streams stay open and the next round tries again.
                log.exception("The live events could not be read.")
            await asyncio.sleep(POLL_SECONDS)

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


async def _stream(topic: str, last_id: int | None) -> AsyncIterator[bytes]:
    queue = hub.listen(topic)
    told: set[int] = set()
    try:
        yield b"retry: 1000\n\n"
        if last_id is not None:
            for heard in await sync_to_async(_read_after)(topic, last_id):
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


def event_stream(topic: str, *, last_event_id: str | None = None) -> StreamingHttpResponse:
    """The answer of a live view: an endless stream, with replay after `Last-Event-ID`."""
    last_id = int(last_event_id) if last_event_id and last_event_id.isdigit() else None
    response = StreamingHttpResponse(_stream(topic, last_id), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
