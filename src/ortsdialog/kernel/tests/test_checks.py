from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection, connections

from ortsdialog.kernel.checks import check_database_is_durable, check_second_factor

OTHER = "checked"


@pytest.fixture
def other_connection(django_db_blocker: Any) -> Iterator[Any]:
    """Open a connection with settings that differ from the house's: other_connection(**changes)."""

    def open_with(**changes: Any) -> None:
        mine = {**connections.databases["default"], **changes}
        connections.databases[OTHER] = mine
        connections[OTHER].ensure_connection()

    # A database of its own, which pytest knows nothing about: so its guard steps aside.
    with django_db_blocker.unblock():
        yield open_with
    connections[OTHER].close()
    del connections[OTHER]
    del connections.databases[OTHER]


def _ids() -> list[str]:
    return [message.id for message in check_database_is_durable([OTHER])]


@pytest.mark.django_db
def test_the_houses_own_settings_pass() -> None:
    assert check_database_is_durable(["default"]) == []


@pytest.mark.django_db
def test_check_is_among_those_that_django_runs_for_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ortsdialog.kernel.checks.SQLITE_PRAGMAS", {"journal_mode": ("delete",)})
    monkeypatch.setattr("ortsdialog.kernel.checks.POSTGRESQL_SETTINGS", {"fsync": ("off",)})
    found = {message.id for message in run_checks(databases=["default"])}
    assert found & {"ortsdialog.E002", "ortsdialog.E003"}


SQLITE = pytest.mark.one_database("sqlite", reason="pragmas are SQLite's")
GOOD = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"


def _sqlite(tmp_path: Path, *, mode: str | None = "IMMEDIATE", command: str = GOOD) -> dict[str, Any]:
    return {"NAME": str(tmp_path / "x.sqlite3"), "OPTIONS": {"transaction_mode": mode, "init_command": command}}


@SQLITE
@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"command": GOOD.replace("FULL", "EXTRA")}, []),
        ({"command": GOOD.replace("FULL", "NORMAL")}, ["ortsdialog.E002"]),
        ({"command": GOOD.replace("FULL", "OFF")}, ["ortsdialog.E002"]),
        ({"command": GOOD.replace("WAL", "DELETE")}, ["ortsdialog.E002"]),
        ({"command": GOOD + "PRAGMA foreign_keys=OFF;"}, ["ortsdialog.E002"]),
        ({"mode": "DEFERRED"}, ["ortsdialog.E001"]),
        ({"mode": None}, ["ortsdialog.E001"]),
    ],
    ids=["as it should be", "more careful", "NORMAL", "OFF", "no WAL", "no foreign keys", "DEFERRED", "no mode"],
)
def test_sqlite_with_other_settings_is_refused(
    other_connection: Any, tmp_path: Path, changes: dict[str, Any], ids: list[str]
) -> None:
    other_connection(**_sqlite(tmp_path, **changes))
    assert _ids() == ids


@SQLITE
def test_refusal_names_the_setting_and_the_way_out(other_connection: Any, tmp_path: Path) -> None:
    other_connection(**_sqlite(tmp_path, command=GOOD.replace("FULL", "NORMAL")))
    (message,) = check_database_is_durable([OTHER])
    assert "synchronous=1, not 2" in message.msg
    assert message.hint


@pytest.mark.one_database("postgres", reason="server settings are PostgreSQL's")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "ids"),
    [("on", []), ("local", []), ("remote_apply", []), ("off", ["ortsdialog.E003"])],
)
def test_postgresql_that_does_not_wait_for_the_disk_is_refused(value: str, ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL synchronous_commit = {value}")
    messages = check_database_is_durable(["default"])
    assert [message.id for message in messages] == ids
    assert all("synchronous_commit=off" in message.msg for message in messages)


def test_real_site_without_second_factor_is_refused(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED, settings.DEMO = False, False
    assert [message.id for message in check_second_factor()] == ["ortsdialog.E004"]
    settings.DEMO = True
    assert check_second_factor() == []
    settings.SECOND_FACTOR_REQUIRED, settings.DEMO = True, False
    assert check_second_factor() == []
