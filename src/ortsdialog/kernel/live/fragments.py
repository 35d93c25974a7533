"""A fragment that two hundred screens ask for at the same moment is rendered once.

Whoever asks names the live event it has heard (`seit`). A rendering that began after that event was known here
shows it, so it may be handed out; any other is made anew. On PostgreSQL ids say nothing about the order of commits,
so "newer than" is not enough: the cache remembers for which events it was made.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import connections
from django.db.models import Max

from ortsdialog.kernel.live.events import LiveEvent

# The clock on the wall counts minutes; nothing else changes without an event.
LONGEST_SECONDS = 5.0
EVENTS_REMEMBERED = 200
FRAGMENTS_AT_MOST = 500


@dataclass
class _Shelf:
    """One fragment: the last rendering, the events it covers, and who waits for the next."""

    body: bytes = b""
    made_at: float = 0.0
    covers: OrderedDict[int, None] = field(default_factory=OrderedDict)
    wanted: set[int] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Fragments:
    """The fragments of one process. Lives in the server's event loop."""

    def __init__(self) -> None:
        self._shelves: OrderedDict[Hashable, _Shelf] = OrderedDict()

    async def get(self, key: Hashable, event_id: int | None, render: Callable[[], bytes]) -> bytes:
        """The fragment as it was after `event_id` (None: as it is now); `render` runs in a thread."""
        shelf = self._shelves.setdefault(key, _Shelf())
        self._shelves.move_to_end(key)
        while len(self._shelves) > FRAGMENTS_AT_MOST:
            self._shelves.popitem(last=False)
        if event_id is not None and self._fits(shelf, event_id):
            return shelf.body
        if event_id is not None:
            shelf.wanted.add(event_id)
        asked_at = time.monotonic()
        async with shelf.turn:
            # Whoever held the turn may have begun after we asked, and so have seen what we need.
            if (event_id is not None and self._fits(shelf, event_id)) or shelf.made_at > asked_at:
                return shelf.body
            # What is known before the rendering begins is in it.
            wanted, begun_at = set(shelf.wanted), time.monotonic()
            newest, shelf.body = await _in_a_thread(render)
            shelf.made_at = begun_at
            for known in wanted:
                # An id that does not exist yet can be guessed; it must not vouch for what is to come.
                if known <= newest:
                    shelf.covers[known] = None
            shelf.wanted -= wanted
            while len(shelf.covers) > EVENTS_REMEMBERED:
                shelf.covers.popitem(last=False)
            return shelf.body

    @staticmethod
    def _fits(shelf: _Shelf, event_id: int) -> bool:
        return event_id in shelf.covers and time.monotonic() - shelf.made_at < LONGEST_SECONDS


def _render(render: Callable[[], bytes]) -> tuple[int, bytes]:
    """The newest event that was there before, and the fragment."""
    try:
        return LiveEvent.objects.aggregate(newest=Max("id"))["newest"] or 0, render()
    finally:
        # The thread comes from a pool: a connection left open here would be one too many.
        connections.close_all()


_in_a_thread = sync_to_async(_render, thread_sensitive=False)
fragments = Fragments()
