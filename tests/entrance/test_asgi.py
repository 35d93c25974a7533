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


async def post(body: list[bytes], *, length: int | None, path: str = "/t/") -> list[Mapping[str, Any]]:
    """Send a form in parts; what the application answers."""
    parts, answers = list(body), []
    headers = [(b"host", b"ortsdialog.test")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}

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


PHOTOS = "/t/ACDEFG/gastgeber/fotos/"


def test_photos_of_fifty_megabytes_end_in_a_page_that_says_what_to_do() -> None:
    """A browser shows no answer before it has sent everything: all of it is taken and thrown away."""
    parts = [b"x" * 1_000_000] * 50
    start, body = asyncio.run(post(parts, length=50_000_000, path=PHOTOS))
    assert start["status"] == 413
    assert (b"content-type", b"text/html; charset=utf-8") in start["headers"]
    words = body["body"].decode()
    assert "nichts ging verloren" in words
    assert f'href="{PHOTOS}"' in words


def test_photos_whose_address_is_markup_stay_an_address() -> None:
    _start, body = asyncio.run(post([b"x"], length=50_000_000, path='/"><b>/fotos/'))
    assert "<b>" not in body["body"].decode()


def test_photos_that_hide_their_length_are_cut_off() -> None:
    assert asyncio.run(post([b"x" * 1_000_000] * 20, length=None, path=PHOTOS)) == []
