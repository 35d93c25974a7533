"""A site at work: what the demo takes from its surroundings, and children that live and die together."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ortsdialog.running import demo, folder
from ortsdialog.running.children import FIRST_PAUSE, LIVED_WELL, LONGEST_PAUSE, Children
from ortsdialog.running.stops import CannotStart
from tests.sites import free_port

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")

ASLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DYING = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment as a stranger's shell may hold it; put back afterwards, whatever the demo changes."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("ORTSDIALOG_")]:
        monkeypatch.delenv(name)
    yield monkeypatch
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def children() -> Iterator[Children]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    with Children(say=lambda text: None) as running:
        yield running
    for number, handler in before.items():
        signal.signal(number, handler)


# ---- The demo's settings ------------------------------------------------------------------------


def test_demo_never_works_on_a_real_sites_database_or_mail(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    surroundings.chdir(tmp_path)
    (tmp_path / "ortsdialog.env").write_text("ORTSDIALOG_DATABASE_URL=postgres://real/site\n", encoding="utf-8")
    surroundings.setenv("ORTSDIALOG_DATABASE_URL", "postgres://real/site")
    surroundings.setenv("ORTSDIALOG_MAIL_URL", "smtp://real.example")
    surroundings.setenv("ORTSDIALOG_SECRET_KEY", "the real site's")
    place = tmp_path / "demo"
    place.mkdir()

    config = demo.configure(place, port=free_port(), bind=None)

    assert config.demo
    assert config.database["NAME"] == str(place / "ortsdialog.sqlite3")
    assert config.mail.backend.endswith("console.EmailBackend")
    assert config.secret_key == (place / "secret_key").read_text(encoding="ascii").strip()


def test_demo_key_is_private_and_stays(tmp_path: Path) -> None:
    first = folder.own_key(tmp_path).read_text(encoding="ascii")
    assert folder.own_key(tmp_path).read_text(encoding="ascii") == first
    assert folder.own_key(tmp_path).stat().st_mode & 0o777 == 0o600


def test_demo_takes_the_next_free_port_unless_one_was_asked_for(
    surroundings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        surroundings.setenv("ORTSDIALOG_PORT", str(port))
        config = demo.configure(tmp_path, port=None, bind=None)
        assert config.port > port
        assert config.base_url == f"http://127.0.0.1:{config.port}"
        assert f"Port {port} ist belegt, die Demo nimmt {config.port}." in capsys.readouterr().out
        with pytest.raises(CannotStart, match="ist belegt"):
            demo.configure(tmp_path, port=port, bind=None)


def test_reset_empties_the_folder_but_keeps_the_lock(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").touch()
    (tmp_path / "ortsdialog.sqlite3").touch()
    with folder.only_one(tmp_path):
        demo.empty(tmp_path)
        assert [entry.name for entry in tmp_path.iterdir()] == [folder.LOCK]
        with pytest.raises(CannotStart), folder.only_one(tmp_path):
            pass


# ---- Children -----------------------------------------------------------------------------------


def test_a_child_that_may_die_is_started_again_with_growing_pauses(children: Children) -> None:
    said: list[str] = []
    started: list[float] = []
    begun = time.monotonic()

    def say(text: str) -> None:
        said.append(text)
        started.append(time.monotonic() - begun)
        children.told_to_stop = len(said) == 3

    children.say = say
    children.start("Alma", ASLEEP)
    children.start("Nils", DYING, revive=True)
    children.revived["Nils"].pause = 0.6
    assert children.watch() == 0
    assert children.running["Alma"].poll() is None
    assert all("Nils hat sich unerwartet beendet (Code 3). Neustart in" in text for text in said)
    assert started[1] - started[0] >= 0.6
    assert started[2] - started[1] >= 1.2


def test_a_pause_has_an_end_and_begins_anew_after_a_good_life(children: Children) -> None:
    children.start("Nils", DYING, revive=True)
    children.running["Nils"].wait()
    revival = children.revived["Nils"]
    revival.pause = LONGEST_PAUSE
    children._revive("Nils", revival)
    assert revival.pause == LONGEST_PAUSE
    revival.due_at = None
    revival.started_at -= LIVED_WELL + 60
    children._revive("Nils", revival)
    assert revival.pause == 2 * FIRST_PAUSE


def test_the_web_server_takes_a_revived_child_along(children: Children) -> None:
    children.start("Der Webserver", DYING)
    children.start("Der Aufgabendienst", ASLEEP, revive=True)
    worker = children.running["Der Aufgabendienst"]
    assert children.watch() == 1
    children.stop()
    assert worker.poll() == -signal.SIGTERM


def test_if_one_child_dies_the_other_is_stopped(children: Children) -> None:
    children.start("Alma", ASLEEP)
    children.start("Nils", DYING)
    other = children.running["Alma"]
    assert children.watch() == 1
    children.stop()
    assert other.poll() == -signal.SIGTERM


def test_ctrl_c_ends_the_watch_in_peace(children: Children) -> None:
    children.start("Alma", ASLEEP)
    os.kill(os.getpid(), signal.SIGINT)
    assert children.watch() == 0


def test_a_child_that_does_not_listen_is_killed(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ortsdialog.running.children.STOP_SECONDS", 0.3)
    children.start("Nils", DEAF)
    deaf = children.running["Nils"]
    time.sleep(0.5)
    begun = time.monotonic()
    children.stop()
    assert time.monotonic() - begun < 5
    assert deaf.poll() is not None
