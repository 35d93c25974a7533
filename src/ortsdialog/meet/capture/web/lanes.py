"""What of the hall is answered before Django, and who may come in."""

from __future__ import annotations

from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.db import connections

from ortsdialog.kernel import fast_lane
from ortsdialog.kernel.fast_lane import Receive, Scope, Send, answer, answer_json
from ortsdialog.kernel.language import INTERFACE_LANGUAGES, SPOKEN_LANGUAGES
from ortsdialog.kernel.live.fragments import fragments
from ortsdialog.kernel.live.stream import send_stream
from ortsdialog.meet.capture.queries import wall_with_round
from ortsdialog.meet.capture.seats import Seat, seat_by_code
from ortsdialog.meet.capture.web.inbox import take_in
from ortsdialog.meet.capture.web.stand import host_stand, table_stand
from ortsdialog.meet.capture.web.wall import OLDER, SECOND, SHOWN_IN, wall_stand
from ortsdialog.meet.gatherings.codes import read_table_code

# The last live event that a display has heard of.
HEARD = "seit"


async def guest_inbox(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    await take_in(scope, receive, send, code=code, as_host=False)


async def host_inbox(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    await take_in(scope, receive, send, code=code, as_host=True)


async def table_stream(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    """Tells the phones at a table what happens in the hall: names and handles, no words."""
    seat = await _seat(code)
    if seat is None:
        await answer_json(send, 404, {"state": "unknown"})
        return
    last_event_id = fast_lane.headers_of(scope).get("last-event-id")
    await send_stream(receive, send, f"gathering:{seat.table.gathering_id}", last_event_id=last_event_id)


async def wall_stream(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    """Wakes a wall: a statement was approved, a round begins, somebody at the desk runs the wall."""
    gathering_id = await _gathering_of_wall(code)
    if gathering_id is None:
        await answer_json(send, 404, {"state": "unknown"})
        return
    last_event_id = fast_lane.headers_of(scope).get("last-event-id")
    await send_stream(receive, send, f"gathering:{gathering_id}", last_event_id=last_event_id)


async def wall_cards(scope: Scope, receive: Receive, send: Send, *, code: str) -> None:
    """The changing part of a wall, rendered once for all who have heard of the same event."""
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    language, second = _asked(asked, SHOWN_IN), _asked(asked, SECOND)
    # The page of the wall names its language; what nobody knows would only fill the shelves.
    language = language if language in INTERFACE_LANGUAGES else "de"
    second = second if second in SPOKEN_LANGUAGES else ""
    heard = _asked(asked, HEARD)
    event_id = int(heard) if heard.isascii() and heard.isdigit() and len(heard) < 19 else None
    older = bool(_asked(asked, OLDER))
    key = (read_table_code(code), language, second, older)
    body = await fragments.get(key, event_id, lambda: _stand(code, language, second, older=older))
    if not body:
        await answer_json(send, 404, {"state": "unknown"})
        return
    await answer(send, 200, body, b"text/html; charset=utf-8")


def _asked(words: dict[str, list[str]], name: str) -> str:
    return words.get(name, [""])[-1]


def _stand(code: str, language: str, second: str, *, older: bool) -> bytes:
    return (wall_stand(code, language, second, older=older) or "").encode()


def _look_up_wall(code: str) -> int | None:
    try:
        wall = wall_with_round(code)
        return wall.gathering_id if wall else None
    finally:
        connections.close_all()


_gathering_of_wall = sync_to_async(_look_up_wall, thread_sensitive=False)


def _look_up(code: str) -> Seat | None:
    try:
        return seat_by_code(code)
    finally:
        connections.close_all()


_seat = sync_to_async(_look_up, thread_sensitive=False)

_CODE = r"/t/(?P<code>[^/]+)"
fast_lane.register("capture:inbox", "POST", f"{_CODE}/einwurf/", guest_inbox, door="public")
fast_lane.register("capture:host-inbox", "POST", f"{_CODE}/gastgeber/einwurf/", host_inbox, door="host card")
fast_lane.register("capture:table-stream", "GET", f"{_CODE}/strom/", table_stream, door="public")
fast_lane.register("capture:table-stand", "POST", f"{_CODE}/stand/", table_stand, door="public")
fast_lane.register("capture:host-stand", "POST", f"{_CODE}/gastgeber/stand/", host_stand, door="host card")
fast_lane.register("capture:wall-cards", "GET", r"/wand/(?P<code>[^/]+)/karten/", wall_cards, door="public")
fast_lane.register("capture:wall-stream", "GET", r"/wand/(?P<code>[^/]+)/strom/", wall_stream, door="public")
