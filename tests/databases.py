"""Both databases: SQLite as a real file with the settings of production, and a real PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.environment import database_choice, run_folder


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings
    from django.db import connections

    connection = connections.databases["default"]
    if database_choice() == "sqlite":
        # Without a name Django would test in memory, where WAL, locks and syncs do not exist.
        connection["TEST"]["NAME"] = str(run_folder() / "test.sqlite3")
    # Names of static files are only hashed after collectstatic; the journeys run on collected ones.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def new_database(name: str, *, address: str, copy_of: str | None = None) -> str:
    """The address of a fresh database for a site, empty or a copy of another; `address` is any on the server."""
    if database_choice() == "sqlite":
        target = run_folder() / f"{name}.sqlite3"
        if copy_of:
            # Nothing writes to the original any more, so that after a checkpoint the file is the whole database.
            source = Path(urlsplit(copy_of).path[1:])
            with closing(sqlite3.connect(source)) as original:
                original.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(source, target)
        return f"sqlite:///{target}"
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        template = f' TEMPLATE "{urlsplit(copy_of).path[1:]}"' if copy_of else ""
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    parts = urlsplit(address)
    return parts._replace(path=f"/{name}").geturl()
