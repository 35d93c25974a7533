"""The settings of a test run, made before Django reads any: an own folder, an own key, the chosen database.

Loaded with `-p tests.environment` (pyproject.toml), since Django's settings are read before any conftest.
The worker processes of a parallel run inherit all of it from the process that started them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

CHOICE = "ORTSDIALOG_TEST_DATABASE"
FOLDER = "ORTSDIALOG_TEST_FOLDER"
KEPT = (CHOICE, FOLDER, "ORTSDIALOG_CHROMIUM")

# Only ever used in a folder that lives as long as the run.
KEY = "tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HOST = "ortsdialog.test"


def database_choice() -> str:
    choice = os.environ.get(CHOICE, "sqlite")
    if choice not in {"sqlite", "postgres"}:
        raise pytest.UsageError(f"{CHOICE} is '{choice}'; it can be sqlite or postgres.")
    return choice


def run_folder() -> Path:
    return Path(os.environ[FOLDER])


def started_by_another_process() -> bool:
    """Whether this is a worker of a parallel run."""
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    if not started_by_another_process():
        prepare()
    yield


def prepare() -> None:
    choice = database_choice()
    for name in [name for name in os.environ if name.startswith("ORTSDIALOG_") and name not in KEPT]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="ortsdialog-tests-"))
    # Registered first, so that it runs last: after the database server has stopped.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # PostgreSQL runs under an account of its own when the tests run as root, and must get through.
    folder.chmod(0o755)
    (folder / "data" / "static").mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
    os.environ.update(
        ORTSDIALOG_ENV_FILE="",
        ORTSDIALOG_DATA_DIR=str(folder / "data"),
        ORTSDIALOG_SECRET_KEY=KEY,
        ORTSDIALOG_BASE_URL=f"https://{HOST}",
        ORTSDIALOG_MAIL_URL="none",
        DJANGO_SETTINGS_MODULE="ortsdialog.settings",
    )
    if choice == "postgres":
        from tests.postgres import start_postgres

        os.environ["ORTSDIALOG_DATABASE_URL"] = start_postgres(folder / "postgres")
