"""The databases of the tests are those of production."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.environment import database_choice


@pytest.mark.django_db
def test_tests_run_on_the_database_that_was_asked_for() -> None:
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[database_choice()]


@pytest.mark.one_database("sqlite", reason="these settings are SQLite's own")
@pytest.mark.django_db
def test_sqlite_of_the_tests_is_a_file_that_loses_nothing() -> None:
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.one_database("postgres", reason="these settings are PostgreSQL's own")
@pytest.mark.django_db
def test_postgres_of_the_tests_loses_nothing() -> None:
    with connection.cursor() as cursor:
        found = {}
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert set(found.values()) == {"on"}
