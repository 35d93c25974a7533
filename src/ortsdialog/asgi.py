"""The way in for the web server.

Django's handler refuses the lifespan protocol. It is answered here, because its end is the moment to release
what waits: a server that holds open event streams does not exit.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from importlib import import_module
from typing import Any

from django.core.asgi import get_asgi_application

from ortsdialog.kernel import fast_lane
from ortsdialog.kernel.storage import hold_database_open

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortsdialog.settings")
django_application = get_asgi_application()
# With the addresses come the lanes past Django, which must be known before the first request.
import_module("ortsdialog.urls")


# A thread that computes keeps the others of its process waiting this long at most. With Python's own 5 ms, a page that
# is made in several steps waits several times beside a hall that hands in.
sys.setswitchinterval(0.001)

# The longest form is a page of texts in several languages.
LONGEST_BODY = 5_000_000
# A photo of 15 MB and what stands around it, where photos are sent.
LONGEST_UPLOAD = 16_000_000
UPLOADS = "/fotos/"
# A browser shows an answer only after it has sent everything: this much is read and thrown away.
MOST_THROWN_AWAY = 200_000_000

# Beside the words of the form itself: the page behind it is never asked.
TOO_LARGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zu groß – Ortsdialog</title></head><body>
<main><h1>Diese Fotos sind zusammen zu groß.</h1>
<p>Es wurde nichts gespeichert, und nichts ging verloren. Zusammen können es 15 MB sein. Bitte senden Sie die Fotos
einzeln, oder stellen Sie in der Kamera eine kleinere Größe ein.</p>
<p lang="en">Together these photos are too large. Nothing was stored. Please send them one by one.</p>
<p><a href="{path}">Zurück zu den Fotos</a></p></main></body></html>
"""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif _announced_length(scope) > _longest_body(scope):
        await _refuse_too_long(scope, receive, send)
    elif found := fast_lane.find(scope):
        lane, words = found
        await lane.application(scope, receive, send, **words)
    else:
        await django_application(scope, _counted(receive, _longest_body(scope)), send)


def _announced_length(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


def _longest_body(scope: Scope) -> int:
    return LONGEST_UPLOAD if scope["path"].endswith(UPLOADS) else LONGEST_BODY


async def _refuse_too_long(scope: Scope, receive: Receive, send: Send) -> None:
    """Django would first read it all onto the disk."""
    words = "Das ist zu groß. Es wurde nichts gespeichert.\nThis is too large. Nothing was stored.\n".encode()
    kind = b"text/plain; charset=utf-8"
    if scope["path"].endswith(UPLOADS):
        await _throw_away(receive)
        words, kind = TOO_LARGE.format(path=escape(scope["path"])).encode(), b"text/html; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": words})


async def _throw_away(receive: Receive) -> None:
    thrown, more = 0, True
    while more and thrown < MOST_THROWN_AWAY:
        message = await receive()
        thrown += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


def _counted(receive: Receive, longest: int = LONGEST_BODY) -> Receive:
    """A body that does not say its length is cut off as well: to Django its sender has gone."""
    received = 0

    async def counted() -> Mapping[str, Any]:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return message if received <= longest else {"type": "http.disconnect"}

    return counted


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hold_database_open()
            _end_streams_on(signal.SIGTERM)
            _end_streams_on(signal.SIGINT)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            _end_streams()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _end_streams() -> None:
    # Imported late: the hub belongs to the application that get_asgi_application() has set up.
    from ortsdialog.kernel.live import hub

    hub.close_all()


def _end_streams_on(signal_number: signal.Signals) -> None:
    """Close the streams when the worker is told to stop; the server's own stopping goes on beside it.

    The server waits for open connections before it says lifespan.shutdown, and an open stream never ends by
    itself. The server listens through the event loop, which is told of a signal whatever handler stands here.
    """
    loop = asyncio.get_running_loop()
    try:
        signal.signal(signal_number, lambda *_: loop.call_soon_threadsafe(_end_streams))
    except ValueError:
        # Outside the main thread there are no signals: the shutdown message has to do.
        return
