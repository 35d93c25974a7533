"""The part that Django looks for by this name: the connection."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from ortsdialog.kernel.precedence import gives_way

# Beside the database, as its log and its index are.
TURN, NEXT = "-turn", "-next"
# Even steps: whoever has waited long is not looking less often than who comes just now.
LOOK_AGAIN_SECONDS = 0.001
SECONDS = 20.0
# The longest that a writer of batches lets others go first.
GIVES_WAY_SECONDS = 0.2


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes its turn before a transaction begins, and lets go when it ends, however it ends.

    The lock belongs to the open file of this connection, so it holds between threads as between processes, and a
    process that dies lets go of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._let_go_unless_open()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go_unless_open()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_go()

    def _take_turn(self) -> None:
        """First be the next, then wait for the turn.

        With one lock alone, whoever lets go and comes back at once passes by those who look only now and then. Being
        the next is held by one waiter: nobody comes between that one and the turn. Who gives way goes when nobody is
        the next; not for ever, since those who come one after the other would never let it in.
        """
        if self.is_in_memory_db() or self._turn is not None:
            return
        deadline = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", SECONDS)
        with self._opened(NEXT) as being_next, self._opened(TURN) as turn:
            given_way_until = time.monotonic() + GIVES_WAY_SECONDS
            if not (gives_way() and _is_locked_before(given_way_until, lambda: _lock_both(being_next, turn))):
                _wait_for(lambda: _lock(being_next), deadline)
                _wait_for(lambda: _lock(turn), deadline)
            # The lock belongs to the open file, whatever its number.
            self._turn = os.dup(turn)

    @contextmanager
    def _opened(self, suffix: str) -> Iterator[int]:
        """A file of its own for each waiter. With the last number closed, its lock is gone."""
        file = os.open(f"{self.settings_dict['NAME']}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield file
        finally:
            os.close(file)

    def _let_go_unless_open(self) -> None:
        """A commit that failed for want of room leaves the transaction open; the rollback that follows ends it."""
        if self.connection is None or not self.connection.in_transaction:
            self._let_go()

    def _let_go(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None


def _wait_for(locked: Callable[[], bool], deadline: float) -> None:
    if not _is_locked_before(deadline, locked):
        # The words and the kind of error that SQLite itself uses, so that everybody treats it alike.
        raise OperationalError("database is locked")


def _is_locked_before(deadline: float, locked: Callable[[], bool]) -> bool:
    while not locked():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_AGAIN_SECONDS)
    return True


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_both(being_next: int, turn: int) -> bool:
    """The turn, if nobody is the next. Held for this one look alone: who gives way is never waited for."""
    if not _lock(being_next):
        return False
    if _lock(turn):
        return True
    fcntl.flock(being_next, fcntl.LOCK_UN)
    return False
