"""The way in for the web server: it answers the lifespan protocol, and lets go of open streams at the end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ortsdialog.asgi import application
from ortsdialog.kernel.live import hub


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def speak(*words: str) -> list[str]:
    """Say these lifespan words to the application; what it answers."""
    waiting = list(words)
    answers: list[str] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": f"lifespan.{waiting.pop(0)}"}

    async def send(message: Mapping[str, Any]) -> None:
        answers.append(message["type"].removeprefix("lifespan."))

    await application({"type": "lifespan"}, receive, send)
    return answers


def test_lifespan_is_answered_to_its_end(monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "hub", hub.Hub())
    assert asyncio.run(speak("startup", "shutdown")) == ["startup.complete", "shutdown.complete"]


def test_shutdown_ends_the_streams_that_are_open(monkeypatch: Any) -> None:
    fresh = hub.Hub()
    monkeypatch.setattr(hub, "hub", fresh)

    async def listen_and_stop() -> Any:
        queue: asyncio.Queue[Any] = asyncio.Queue()
        fresh.listeners["gathering:1"].add(queue)
        await speak("startup", "shutdown")
        return queue.get_nowait()

    # None is what tells a stream to end.
    assert asyncio.run(listen_and_stop()) is None
