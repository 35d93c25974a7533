"""Web server and job worker as children of one process: watched, revived or stopped; nothing is left behind.

The web server is the site: if it dies, everything stops. A job worker that dies is started again.
"""

from __future__ import annotations

import ctypes
import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from ortsdialog.config import Config

# The web server gives its workers 8 s to end what they began.
STOP_SECONDS = 12.0
# Counted with idle connections and event streams: a hall of phones behind one access point must fit.
CONNECTIONS = 4096

# Pauses before a child is started again grow from the first to the longest; a child that lived well starts anew.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
LIVED_WELL = 300.0

PR_SET_PDEATHSIG = 1


def web_server(config: Config) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "ortsdialog.asgi:application"),
        *("--interface", "asgi", "--http", "1", "--no-ws"),
        *("--host", config.bind, "--port", str(config.port)),
        *("--workers", str(config.workers), "--workers-kill-timeout", "8"),
        *("--backlog", str(CONNECTIONS), "--backpressure", str(CONNECTIONS)),
        # A crashed worker is replaced; one hall must not go dark for one request.
        "--respawn-failed-workers",
        *("--log-level", "warning"),
    ]


def job_worker() -> list[str]:
    return [sys.executable, "-m", "ortsdialog", "run_jobs"]


@dataclass
class Revival:
    """How a child is brought back that may die without taking the others along."""

    command: Sequence[str]
    started_at: float
    pause: float = FIRST_PAUSE
    # While it lies dead: when it is started again.
    due_at: float | None = None


@dataclass
class Children:
    """Starts commands, waits, stops them. Use as a context manager: leaving it stops everything."""

    say: Callable[[str], None]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    revived: dict[str, Revival] = field(default_factory=dict)
    told_to_stop: bool = False

    def __enter__(self) -> Children:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True

    def start(self, name: str, command: Sequence[str], *, revive: bool = False) -> None:
        self._spawn(name, command)
        if revive:
            self.revived[name] = Revival(command, started_at=time.monotonic())

    def _spawn(self, name: str, command: Sequence[str]) -> None:
        # A group of its own: Ctrl-C reaches only this process, which then stops its children in order.
        # preexec_fn is safe here, since this process has no threads.
        self.running[name] = subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)

    def dead(self) -> str | None:
        """A child that died and without which the others are of no use."""
        gone = (name for name, child in self.running.items() if name not in self.revived and child.poll() is not None)
        return next(gone, None)

    def watch(self) -> int:
        """Block until told to stop (0) or until a child dies that cannot be missed (1)."""
        while not self.told_to_stop:
            name = self.dead()
            if name is not None:
                code = self.running[name].returncode
                self.say(f"{name} hat sich unerwartet beendet (Code {code}). Alles wird angehalten.")
                return 1
            for name, revival in self.revived.items():
                self._revive(name, revival)
            time.sleep(0.2)
        return 0

    def _revive(self, name: str, revival: Revival) -> None:
        code = self.running[name].poll()
        if code is None:
            return
        now = time.monotonic()
        if revival.due_at is None:
            if now - revival.started_at > LIVED_WELL:
                revival.pause = FIRST_PAUSE
            revival.due_at = now + revival.pause
            self.say(f"{name} hat sich unerwartet beendet (Code {code}). Neustart in {revival.pause:.0f} s.")
            revival.pause = min(revival.pause * 2, LONGEST_PAUSE)
        elif now >= revival.due_at:
            revival.due_at, revival.started_at = None, now
            self._spawn(name, revival.command)

    def stop(self) -> None:
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.running.clear()
        self.revived.clear()


def _end_with_parent() -> None:
    """If this process is killed outright, its children get SIGTERM. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for_answer(config: Config, children: Children, *, seconds: float = 60) -> bool:
    """True as soon as the web server answers a request; False if it dies, is too late, or we are told to stop."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.bind, config.bind)  # noqa: S104 (compared, not bound)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not children.told_to_stop and children.dead() is None:
        connection = http.client.HTTPConnection(host, config.port, timeout=5)
        try:
            # Any answer will do, a refusal as well: what counts is that the application speaks.
            connection.request("HEAD", "/", headers={"Host": config.allowed_hosts[0]})
            connection.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    return False
