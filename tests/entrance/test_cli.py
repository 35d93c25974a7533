"""The command `ortsdialog` as it is called: what it prints, and with what code it ends."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import new_database
from tests.environment import KEY
from tests.sites import server_address

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Call the command in an empty folder, with these settings and no others."""

    def call(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
        environment |= {f"ORTSDIALOG_{name}": value for name, value in settings.items()}
        return subprocess.run(
            [sys.executable, "-m", "ortsdialog", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return call


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """Settings of a site that may be served."""
    name = f"cli_{os.getpid()}_{tmp_path.name}"
    return {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": new_database(name, address=server_address()),
        "SECRET_KEY": KEY,
        "BASE_URL": "https://ortsdialog.test",
        "TRUSTED_PROXIES": "1",
        "MAIL_URL": "none",
    }


def test_without_words_it_says_what_it_can(run: Run) -> None:
    done = run()
    assert done.returncode == 0
    assert "ortsdialog serve" in done.stdout


def test_new_key_is_strong_and_never_the_same(run: Run) -> None:
    first, second = run("new_key").stdout.strip(), run("new_key").stdout.strip()
    assert first != second
    assert len(first) >= 100


@pytest.mark.parametrize("words", [("check",), ("migrate",), ("serve",)])
def test_missing_settings_stop_every_command_in_plain_words(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for name in ("ORTSDIALOG_DATA_DIR", "ORTSDIALOG_SECRET_KEY", "ORTSDIALOG_BASE_URL"):
        assert f"{name} fehlt" in done.stderr


def test_settings_file_in_the_working_folder_is_used(run: Run, site: dict[str, str], tmp_path: Path) -> None:
    lines = [f"ORTSDIALOG_{name}={value}" for name, value in site.items() if name != "MAIL_URL"]
    (tmp_path / "ortsdialog.env").write_text("\n".join(lines), encoding="utf-8")
    done = run("serve")
    assert done.returncode == 2
    assert "Eine Einstellung stimmt nicht" in done.stderr
    assert "ORTSDIALOG_MAIL_URL fehlt" in done.stderr


def test_serve_refuses_unsafe_settings(run: Run, site: dict[str, str]) -> None:
    done = run("serve", **site | {"DEBUG": "on", "ALLOWED_HOSTS": "*"})
    assert done.returncode == 2
    assert "ORTSDIALOG_DEBUG ist an" in done.stderr
    assert "ORTSDIALOG_ALLOWED_HOSTS enthält einen Platzhalter" in done.stderr


def test_serve_refuses_a_database_without_migrations(run: Run, site: dict[str, str]) -> None:
    done = run("serve", **site)
    assert done.returncode == 2
    assert "ortsdialog migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_a_database_that_is_not_there(run: Run, site: dict[str, str]) -> None:
    done = run("serve", **site | {"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/dialog"})
    # Not 2: the service manager shall try again.
    assert done.returncode == 75
    assert "nicht erreichbar" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_command_makes_is_nobody_elses(run: Run, site: dict[str, str]) -> None:
    folder = Path(site["DATA_DIR"])
    assert run("serve", **site).returncode == 2
    assert run("check", "--database", "default", **site | {"DATABASE_URL": "sqlite:///dialog.sqlite3"}).returncode == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes["running.lock"] == modes["dialog.sqlite3"] == 0o600


@pytest.mark.parametrize(("mode", "told"), [(0o755, True), (0o750, False)])
def test_serve_says_that_a_folder_is_open_to_others(run: Run, site: dict[str, str], mode: int, told: bool) -> None:
    folder = Path(site["DATA_DIR"])
    folder.mkdir()
    folder.chmod(mode)
    assert (f"chmod 700 {folder}" in run("serve", **site).stdout) is told


def test_serve_refuses_a_taken_port(run: Run, site: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", **site | {"PORT": str(port)})
    assert done.returncode == 2
    assert f"Port {port} an 127.0.0.1 ist belegt" in done.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_folder_holds_one_site_at_a_time(run: Run, site: dict[str, str], command: str) -> None:
    folder = Path(site["DATA_DIR"])
    folder.mkdir()
    (folder / "ortsdialog-demo").touch()
    with (folder / "running.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("http://127.0.0.1:8000, Prozess 4711")
        lock.flush()
        done = run(command, **site)
    assert done.returncode == 2
    assert "läuft schon ein Ortsdialog (http://127.0.0.1:8000, Prozess 4711)" in done.stderr


def test_demo_refuses_a_folder_that_is_not_its_own(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "ernst"
    folder.mkdir()
    (folder / "ortsdialog.sqlite3").write_bytes(b"real data")
    for words in (("demo",), ("demo", "--reset")):
        done = run(*words, DATA_DIR=str(folder))
        assert done.returncode == 2
        assert "enthält anderes" in done.stderr
    assert (folder / "ortsdialog.sqlite3").read_bytes() == b"real data"


def test_demo_names_a_free_port_when_the_wanted_one_is_taken(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("demo", "--port", str(port), DATA_DIR=str(tmp_path / "demo"))
    assert done.returncode == 2
    assert f"Port {port} ist belegt" in done.stderr
    assert "ortsdialog demo --port" in done.stderr


def test_unknown_command_is_refused(run: Run, site: dict[str, str]) -> None:
    done = run("tanzen", **site)
    assert done.returncode != 0
    assert "tanzen" in done.stderr
