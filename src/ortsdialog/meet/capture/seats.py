"""Tables by their code, kept at hand for some seconds: a hall that sends at once asks for the same few again and again.

What decides whether a statement may come in (the event's state, the rehearsal) is read anew when it is stored; here
stands only what hardly changes during an evening: tables, rounds, questions.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.codes import read_table_code
from ortsdialog.meet.gatherings.models import Round, Table
from ortsdialog.meet.gatherings.queries import table_by_code

KEPT_SECONDS = 5.0
SEATS_AT_MOST = 2_000


@dataclass(frozen=True)
class Seat:
    """A table with the rounds of its event by key, each with its question."""

    table: Table
    rounds: dict[int, Round]


_one_at_a_time = threading.Lock()
_seats: OrderedDict[str, tuple[float, Seat | None]] = OrderedDict()


def seat_by_code(code: str) -> Seat | None:
    """The table behind a code with its rounds; None for an unknown one or a draft's."""
    code = read_table_code(code)
    now = time.monotonic()
    with _one_at_a_time:
        kept = _seats.get(code)
    if kept is not None and now - kept[0] < KEPT_SECONDS:
        return kept[1]
    seat = _look_up(code)
    # The writer and the streams look things up in threads of their own.
    with _one_at_a_time:
        _seats[code] = (now, seat)
        _seats.move_to_end(code)
        while len(_seats) > SEATS_AT_MOST:
            _seats.popitem(last=False)
    return seat


def forget_seats() -> None:
    """Look everything up anew."""
    _seats.clear()


def _look_up(code: str) -> Seat | None:
    table = table_by_code(code)
    if table is None:
        return None
    with open_place(table.place_id):
        rounds = Round.objects.filter(gathering_id=table.gathering_id).select_related("question")
        return Seat(table, {round.pk: round for round in rounds})
