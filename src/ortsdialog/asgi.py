"""The way in for the web server.

Django's handler refuses the lifespan protocol. It is answered here, because its end is the moment to release
what waits: a server that holds open event streams does not exit.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.asgi import get_asgi_application

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortsdialog.settings")
django_application = get_asgi_application()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await django_application(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
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
