"""Signs of life are gathered for a second and written together.

A thousand phones show life thirty times a second. Each on its own would be a sync to disk, beside the statements that
wait for theirs. Nobody waits for a sign of life: what is lost with the process is told again half a minute later.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable

from django.db import Error, connections

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.tenancy import WrongPlace, open_place
from ortsdialog.meet.capture.actions import SignOfLife, note_signs_of_life
from ortsdialog.meet.gatherings.models import Gathering

GATHERED_FOR_SECONDS = 1.0
# The town and the event that a device is at.
Where = tuple[int, int]
log = logging.getLogger(__name__)


class Gathered:
    """The signs of life of one process that are not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # One writes, and one waits at most, however long the database takes.
        self._writing = threading.Lock()
        self._signs: dict[Where, dict[str, SignOfLife]] = defaultdict(dict)

    def add(self, where: Where, sign: SignOfLife) -> None:
        """Returns at once; the first of a second starts the clock. Of several from one device the last counts."""
        with self._lock:
            if not self._signs:
                clock = threading.Timer(GATHERED_FOR_SECONDS, self.write)
                clock.daemon = True
                clock.start()
            self._signs[where][sign.key] = sign

    def write(self) -> None:
        with self._writing:
            with self._lock:
                signs, self._signs = self._signs, defaultdict(dict)
            try:
                for (place_id, gathering_id), told in signs.items():
                    with open_place(place_id):
                        _write(gathering_id, told.values())
            finally:
                connections.close_all()


def _write(gathering_id: int, told: Iterable[SignOfLife]) -> None:
    try:
        gathering = Gathering.objects.filter(pk=gathering_id).first()
        if gathering is not None:
            note_signs_of_life(actor=Actor.guest(), gathering=gathering, signs=told)
    except NotAllowed:
        log.debug("The event ended within this second.")
    except (Error, WrongPlace) as error:
        log.warning("Signs of life were not written; they are told again in half a minute: %s", error)


gathered = Gathered()
