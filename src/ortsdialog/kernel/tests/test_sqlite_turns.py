"""Who writes beside a hall that never pauses takes turns with it. On an SQLite of their own, whatever the site has."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as Plain

from ortsdialog.config.databases import sqlite
from ortsdialog.kernel.precedence import give_way
from ortsdialog.kernel.sqlite.base import DatabaseWrapper as WithTurns

# The connections here are none of the site, but Django asks whether a test may have one at all.
pytestmark = pytest.mark.django_db

WAITING = {"TIME_ZONE": None, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "TEST": {}}


def opened(folder: Path, kind: type[Plain] = WithTurns, **options: Any) -> Any:
    settings = sqlite(folder, "turns.sqlite3") | WAITING
    settings["OPTIONS"] |= options
    connection = kind(settings, DEFAULT_DB_ALIAS)
    connection.ensure_connection()
    return connection


@contextmanager
def transaction(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """As `atomic` begins and ends one on a connection that no alias names."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    else:
        connection.commit()
    finally:
        if connection.connection is not None:
            connection.set_autocommit(True)


def longest_wait(folder: Path, kind: type[Plain]) -> float:
    """Three threads write without a pause; how long did another one wait for its turn at most?

    Without turns somebody may be passed by until SQLite gives up: then at least so long.
    """
    stop = threading.Event()

    def crowd() -> None:
        with closing(opened(folder, kind)) as mine:
            while not stop.is_set():
                with suppress(OperationalError), transaction(mine):
                    mine.cursor().execute("INSERT INTO said VALUES ('hall')")
                    time.sleep(0.004)

    with closing(opened(folder, kind)) as mine:
        mine.cursor().execute("CREATE TABLE IF NOT EXISTS said (words TEXT)")
        threads = [threading.Thread(target=crowd) for _ in range(3)]
        for thread in threads:
            thread.start()
        waits, end = [], time.monotonic() + 3
        while time.monotonic() < end:
            begun = time.monotonic()
            with suppress(OperationalError), transaction(mine):
                pass
            waits.append(time.monotonic() - begun)
            time.sleep(0.02)
        stop.set()
        for thread in threads:
            thread.join()
    return max(waits)


def test_with_turns_nobody_is_passed_by_as_long_as_without(tmp_path: Path) -> None:
    without, having = longest_wait(tmp_path, Plain), longest_wait(tmp_path, WithTurns)
    # Where nobody happened to sleep long without turns either, short is good enough.
    assert having < max(without, 0.1)


def test_a_turn_ends_with_commit_rollback_and_close(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as mine:
        held = []
        with transaction(mine):
            held.append(mine._turn is not None)
        held.append(mine._turn is not None)
        with pytest.raises(ZeroDivisionError), transaction(mine):
            raise ZeroDivisionError
        held.append(mine._turn is not None)
        mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        held.append(mine._turn is not None)
        mine.close()
        held.append(mine._turn is not None)
    assert held == [True, False, False, True, False]


def test_who_waits_too_long_is_told_as_sqlite_tells_it(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as one, closing(opened(tmp_path, timeout=0.2)) as other, transaction(one):
        begun = time.monotonic()
        with pytest.raises(OperationalError, match="database is locked"), transaction(other):
            pass
        assert time.monotonic() - begun >= 0.2
        assert other._turn is None


def order_of(folder: Path, *, giving_way: bool) -> list[str]:
    """A writer of many waits already when somebody else comes: who is let in first?"""
    served: list[str] = []

    def waiter(name: str) -> None:
        if name == "hall" and giving_way:
            give_way()
        with closing(opened(folder)) as mine, transaction(mine):
            served.append(name)

    with closing(opened(folder)) as first:
        with transaction(first):
            threads = []
            for name in ("hall", "page"):
                threads.append(threading.Thread(target=waiter, args=[name]))
                threads[-1].start()
                time.sleep(0.1)
        for thread in threads:
            thread.join()
    return served


def test_who_gives_way_writes_after_everybody_who_waits(tmp_path: Path) -> None:
    assert order_of(tmp_path, giving_way=True) == ["page", "hall"]
    assert order_of(tmp_path, giving_way=False) == ["hall", "page"]


def test_who_gives_way_is_let_in_beside_others_without_pause(tmp_path: Path) -> None:
    """Two who take turns without a pause always have one of them waiting as the next."""
    stop, written = threading.Event(), threading.Event()

    def others() -> None:
        with closing(opened(tmp_path)) as mine:
            while not stop.is_set():
                with transaction(mine):
                    time.sleep(0.002)

    def hall() -> None:
        give_way()
        with closing(opened(tmp_path)) as mine, transaction(mine):
            written.set()

    threads = [threading.Thread(target=others) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    threads.append(threading.Thread(target=hall))
    threads[-1].start()
    let_in = written.wait(5)
    stop.set()
    for thread in threads:
        thread.join()
    assert let_in
