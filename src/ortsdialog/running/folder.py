"""The data folder of a running site: one site at a time, and free ports."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ortsdialog.running.stops import CannotStart

LOCK = "running.lock"
KEY = "secret_key"


@contextmanager
def only_one(data_dir: Path) -> Iterator[IO[str]]:
    """Hold the folder. The kernel drops the lock when the process ends, however it ends.

    Gives the lock's file, into which `note_address` writes where the site answers.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            where = file.read().strip() or "noch beim Starten"
            raise CannotStart(
                f"Im Ordner {data_dir} läuft schon ein Ortsdialog ({where}). "
                "Beenden Sie ihn zuerst mit Strg-C, oder nehmen Sie einen anderen Ordner."
            ) from None
        file.truncate(0)
        yield file
        file.truncate(0)


def note_address(file: IO[str], address: str) -> None:
    file.truncate(0)
    file.write(f"{address}, Prozess {os.getpid()}")
    file.flush()


def others_may_look(data_dir: Path) -> bool:
    """Whether accounts that are neither ours nor of our group get in."""
    return bool(data_dir.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH))


def is_free(bind: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the web server does: connections of the last run that are still fading do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def next_free_port(bind: str, first: int) -> int | None:
    return next((port for port in range(first, min(first + 50, 65536)) if is_free(bind, port)), None)


def own_key(data_dir: Path) -> Path:
    """A random key for this folder, made once. Sessions survive a restart, and no two demos share a key."""
    path = data_dir / KEY
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
    return path
