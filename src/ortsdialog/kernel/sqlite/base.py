"""The part that Django looks for by this name: the connection."""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# Beside the database, as its log and its index are.
TURN, NEXT = "-turn", "-next"
# Even steps: whoever has waited long is not looking less often than who comes just now.
LOOK_AGAIN_SECONDS = 0.001
SECONDS = 20.0


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
        the next is held by one waiter: nobody comes between that one and the turn.
        """
        if self.is_in_memory_db() or self._turn is not None:
            return
        deadline = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", SECONDS)
        being_next = self._taken(NEXT, deadline)
        try:
            self._turn = self._taken(TURN, deadline)
        finally:
            os.close(being_next)

    def _taken(self, suffix: str, deadline: float) -> int:
        """The open file whose lock is ours now. Closing it lets go."""
        file = os.open(f"{self.settings_dict['NAME']}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not _try_to_lock(file):
                if time.monotonic() > deadline:
                    # The words and the kind of error that SQLite itself uses, so that everybody treats it alike.
                    raise OperationalError("database is locked")
                time.sleep(LOOK_AGAIN_SECONDS)
        except BaseException:
            os.close(file)
            raise
        return file

    def _let_go_unless_open(self) -> None:
        """A commit that failed for want of room leaves the transaction open; the rollback that follows ends it."""
        if self.connection is None or not self.connection.in_transaction:
            self._let_go()

    def _let_go(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None


def _try_to_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
