"""What of the hall is answered before Django, and who may come in."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import connections

from ortsdialog.kernel import fast_lane
from ortsdialog.kernel.fast_lane import Receive, Scope, Send, answer_json
from ortsdialog.kernel.live.stream import send_stream
from ortsdialog.meet.capture.seats import Seat, seat_by_code
from ortsdialog.meet.capture.web.inbox import take_in
from ortsdialog.meet.capture.web.stand import table_stand


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
