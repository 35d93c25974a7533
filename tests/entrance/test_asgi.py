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


async def post(body: list[bytes], *, length: int | None) -> list[Mapping[str, Any]]:
    """Send a form in parts; what the application answers."""
    parts, answers = list(body), []
    headers = [(b"host", b"ortsdialog.test")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope = {"type": "http", "method": "POST", "path": "/t/", "query_string": b"", "headers": headers}

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Mapping[str, Any]) -> None:
        answers.append(message)

    await application(scope, receive, send)
    return answers


def test_a_form_of_fifty_megabytes_is_refused_before_it_is_read() -> None:
    start, body = asyncio.run(post([], length=50_000_000))
    assert start["status"] == 413
    assert "zu groß" in body["body"].decode()


def test_a_body_that_hides_its_length_is_cut_off() -> None:
    assert asyncio.run(post([b"x" * 1_000_000] * 9, length=None)) == []
