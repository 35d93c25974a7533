"""One rendering for all who heard of the same event, and never one from before it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.db import connections

from ortsdialog.kernel.live import announce, fragments
from ortsdialog.kernel.live.fragments import Fragments

pytestmark = pytest.mark.django_db(transaction=True)


class Drawing:
    """Something to render that changes, and how often it was rendered."""

    def __init__(self) -> None:
        self.state, self.times = "before", 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> bytes:
        self.times += 1
        seen = self.state
        assert self.gate.wait(10)
        return seen.encode()


def announce_elsewhere() -> int:
    """In a thread of its own, whose connection must not outlive it."""
    try:
        return announce("gathering:1", "statement").pk
    finally:
        connections.close_all()


def test_all_who_heard_of_one_event_share_one_rendering() -> None:
    drawing, shelf = Drawing(), Fragments()
    event = announce("gathering:1", "statement").pk

    async def hall() -> list[bytes]:
        return await asyncio.gather(*(shelf.get("wall", event, drawing) for _ in range(200)))

    assert asyncio.run(hall()) == [b"before"] * 200
    assert drawing.times == 1


def test_a_rendering_from_before_an_event_is_not_handed_out_after_it() -> None:
    drawing, shelf = Drawing(), Fragments()
    first = announce("gathering:1", "statement").pk

    async def hall() -> tuple[bytes, bytes]:
        drawing.gate.clear()
        slow = asyncio.create_task(shelf.get("wall", first, drawing))
        await asyncio.sleep(0.1)
        # While it is still being rendered, something happens.
        drawing.state = "after"
        second = await asyncio.to_thread(announce_elsewhere)
        late = asyncio.create_task(shelf.get("wall", second, drawing))
        await asyncio.sleep(0.05)
        drawing.gate.set()
        return await slow, await late

    assert asyncio.run(hall()) == (b"before", b"after")


def test_an_event_that_does_not_exist_yet_vouches_for_nothing() -> None:
    drawing, shelf = Drawing(), Fragments()
    newest = announce("gathering:1", "statement").pk
    assert asyncio.run(shelf.get("wall", newest + 1, drawing)) == b"before"
    drawing.state = "after"
    assert announce("gathering:1", "statement").pk == newest + 1
    assert asyncio.run(shelf.get("wall", newest + 1, drawing)) == b"after"


def test_without_an_event_it_is_rendered_as_it_is_now() -> None:
    drawing, shelf = Drawing(), Fragments()
    assert asyncio.run(shelf.get("wall", None, drawing)) == b"before"
    drawing.state = "after"
    assert asyncio.run(shelf.get("wall", None, drawing)) == b"after"


def test_keys_are_told_apart_and_old_ones_forgotten(monkeypatch: Any) -> None:
    monkeypatch.setattr(fragments, "FRAGMENTS_AT_MOST", 2)
    shelf = Fragments()
    event = announce("gathering:1", "statement").pk
    for name in ("a", "b", "c"):
        assert asyncio.run(shelf.get(name, event, name.encode)) == name.encode()
    assert len(shelf._shelves) == 2
