"""PostgreSQL was started anew: every connection that lay in the pool is dead, and nobody has to wait for that."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.db import connection, connections

from tests.sites import server_address

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database("postgres", reason="SQLite has no server that could be started anew"),
]
CONNECTIONS = 12


def _fill_the_pool() -> None:
    """So many threads hold a connection at the same time and lay it back."""
    together = threading.Barrier(CONNECTIONS)

    def one() -> None:
        try:
            connection.ensure_connection()
            together.wait(20)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_first_request_after_a_restart_does_not_meet_every_dead_connection() -> None:
    _fill_the_pool()
    connection.close()
    with psycopg.connect(server_address(), autocommit=True) as other:
        name = str(connection.settings_dict["NAME"])
        killed = other.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = %s", [name]
        ).fetchone()
    assert killed is not None
    assert killed[0] >= CONNECTIONS
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert time.monotonic() - begun < 2
