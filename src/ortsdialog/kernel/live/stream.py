"""An event stream past Django: a thousand phones hold one open, and Django would give each a thread."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from ortsdialog.kernel.fast_lane import Receive, Send
from ortsdialog.kernel.live.hub import follow

_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ],
}


async def send_stream(receive: Receive, send: Send, topic: str, *, last_event_id: str | None) -> None:
    """Send what happens on the topic until the listener leaves or the server stops."""
    gone = asyncio.create_task(_until_gone(receive))
    events = follow(topic, last_event_id=last_event_id)
    heard: asyncio.Task[bytes] | None = None
    try:
        await send(_START)
        while True:
            heard = asyncio.ensure_future(anext(events))
            await asyncio.wait({heard, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return
            try:
                chunk = heard.result()
            except StopAsyncIteration:
                break
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        if heard is not None and not heard.done():
            heard.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await heard
        await events.aclose()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
