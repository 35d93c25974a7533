"""Real sites for the journeys: `ortsdialog serve` with its web server and job worker, on either database.

Journeys talk to a site as a stranger would, by HTTP and a browser, or by its commands. They never open its
database in their own process.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from ortsdialog.config.values import DEMO_MARK
from tests.databases import new_database
from tests.environment import HOST, database_choice, run_folder

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Site:
    """One site: its folder, its database, its address, and what runs there."""

    data_dir: Path
    database_url: str
    port: int
    demo: bool
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
        return own | {
            "ORTSDIALOG_ENV_FILE": "",
            "ORTSDIALOG_DATA_DIR": str(self.data_dir),
            "ORTSDIALOG_DATABASE_URL": self.database_url,
            "ORTSDIALOG_SECRET_KEY": os.environ["ORTSDIALOG_SECRET_KEY"],
            "ORTSDIALOG_BASE_URL": self.url,
            "ORTSDIALOG_PORT": str(self.port),
            "ORTSDIALOG_HTTPS": "off",
            "ORTSDIALOG_MAIL_URL": "none",
            "ORTSDIALOG_DEMO": "on" if self.demo else "off",
        }

    def run(self, *words: str) -> str:
        """Run one command of this site; what it prints. A failing command fails the test with its words."""
        done = subprocess.run(
            [sys.executable, "-m", "ortsdialog", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"ortsdialog {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def python(self, code: str) -> str:
        """Run code where Django of this site is set up; what it prints."""
        return self.run("shell", "--no-imports", "-c", code)

    def get(self, path: str, **headers: str) -> Answer:
        """Fetch a page as a stranger, without following where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    @cached_property
    def sign_ins(self) -> list[dict[str, Any]]:
        """One sign-in a role of the demo: role_label, email, password, totp_secret."""
        code = (
            "import dataclasses, json; from ortsdialog.demo import sign_ins; "
            "print(json.dumps([dataclasses.asdict(one) for one in sign_ins()]))"
        )
        found: list[dict[str, Any]] = json.loads(self.python(code))
        return found

    @property
    def log(self) -> Path:
        return self.data_dir / "serve.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            begun_at = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ortsdialog", "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while "Ortsdialog läuft" not in (printed := self.log.read_bytes()[begun_at:].decode("utf-8", errors="replace")):
            alive = self.process.poll() is None
            if not alive or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"The site did not start:\n{printed}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"The site did not stop within {STOP_SECONDS} s.") from None
        finally:
            self.process = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Only one process of a parallel run at a time."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def original(kind: str) -> Site:
    """The site that all sites of a kind are copies of; made once a run, whoever comes first."""
    name = f"original_{kind}"
    folder = run_folder() / name
    site = Site(folder, "", port=1, demo=kind == "demo")
    made = folder / "made.json"
    with held(run_folder() / f"{name}.lock"):
        if made.exists():
            site.database_url = json.loads(made.read_text(encoding="utf-8"))
            return site
        folder.mkdir()
        if site.demo:
            (folder / DEMO_MARK).touch()
        site.database_url = new_database(name, address=server_address())
        site.run("migrate", "--no-input", "--verbosity", "0")
        site.run("collectstatic", "--no-input", "--verbosity", "0")
        if site.demo:
            site.run("load_demo")
        made.write_text(json.dumps(site.database_url), encoding="utf-8")
    return site


def server_address() -> str:
    return os.environ["ORTSDIALOG_DATABASE_URL"] if database_choice() == "postgres" else ""


@contextmanager
def running_copy(kind: str) -> Iterator[Site]:
    source = original(kind)
    name = f"{kind}_{os.getpid()}_{time.monotonic_ns()}"
    folder = run_folder() / name
    shutil.copytree(source.data_dir, folder)
    address = server_address() or source.database_url
    with held(run_folder() / "copying.lock"):
        database_url = new_database(name, address=address, copy_of=source.database_url)
    site = Site(folder, database_url, port=free_port(), demo=source.demo)
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def demo_site() -> Iterator[Site]:
    """The demonstration as loaded, running; changes stay within the test module."""
    with running_copy("demo") as site:
        yield site


@pytest.fixture(scope="module")
def empty_site() -> Iterator[Site]:
    """A site as after its installation, running; changes stay within the test module."""
    with running_copy("empty") as site:
        yield site


__all__ = ["HOST", "Answer", "Site", "demo_site", "empty_site", "free_port"]
