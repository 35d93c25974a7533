"""What was acknowledged survives a power cut (bar A2).

    python -m tests.bars.power_cut
    python -m tests.bars.power_cut --control      `synchronous=NORMAL`: acknowledged rows must be lost

`kill -9` says nothing about this: what a dead process has written is still with the operating system. Here SQLite
writes through a file system of our own that remembers, for each file, the bytes at its last sync. A cut throws the
live files away and leaves those bytes, and in every second round also a random half of what was written since, as an
operating system may have got around to. The database is opened with the words that the product opens it with
(`config/databases.py`), so weakening them there fails this bar. Rows are written in groups of one to many a
transaction, as the inbox writes them; a row counts as acknowledged once its COMMIT has returned.

Prints one JSON line; the exit code says whether the bar is passed. Uses apsw, which brings an SQLite of its own; its
version is printed. On PostgreSQL a start-up check refuses anything weaker than its defaults instead.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from ortsdialog.config.databases import SQLITE_OPTIONS

NAME = "power-cut"
TABLE = "CREATE TABLE said (id TEXT PRIMARY KEY, words TEXT, state TEXT); CREATE INDEX by_state ON said (state)"


class Disk:
    """What survives: the bytes of each file at its last sync, and what was written to it since."""

    def __init__(self) -> None:
        self.synced: dict[str, bytes] = {}
        self.since: dict[str, list[tuple[int, bytes | None]]] = {}
        self.deleted: set[str] = set()

    def image(self, path: str, dice: random.Random, *, written_back: bool) -> bytes:
        content = bytearray(self.synced[path])
        if written_back:
            for offset, piece in self.since.get(path, []):
                if dice.random() < 0.5:
                    continue
                if piece is None:
                    del content[offset:]
                else:
                    content.extend(b"\0" * (offset - len(content)))
                    content[offset : offset + len(piece)] = piece
        return bytes(content)


disk = Disk()


class CutFile(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.deleted.discard(self.path)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  (SQLite's name)
        super().xWrite(data, offset)
        disk.since.setdefault(self.path, []).append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        disk.since.setdefault(self.path, []).append((size, None))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        disk.synced[self.path] = Path(self.path).read_bytes()
        disk.since[self.path] = []


class CutVfs(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> CutFile:  # noqa: N802
        return CutFile(name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        # A journal that was deleted must not come back as a hot one.
        disk.deleted.add(name)


@contextmanager
def _open(path: Path, synchronous: str) -> Iterator[apsw.Connection]:
    connection = apsw.Connection(str(path), vfs=NAME)
    words = SQLITE_OPTIONS["init_command"]
    words = words if synchronous == "product" else words.replace("synchronous=FULL", "synchronous=NORMAL")
    # Read to the end: it stops at the first answer otherwise.
    connection.execute(words).fetchall()
    try:
        yield connection
    finally:
        connection.close()


def one_round(dice: random.Random, synchronous: str, *, rows: int, written_back: bool) -> tuple[int, int, bool]:
    """(acknowledged, lost, sound) of one database and one cut."""
    global disk
    disk = Disk()
    acknowledged: list[str] = []
    with tempfile.TemporaryDirectory() as before, tempfile.TemporaryDirectory() as after:
        path = Path(before) / "hall.sqlite3"
        with _open(path, synchronous) as connection:
            connection.execute(TABLE)
            while len(acknowledged) < rows:
                group = [f"{dice.getrandbits(128):032x}" for _ in range(dice.choice((1, 1, 2, 5, 20)))]
                connection.execute("BEGIN IMMEDIATE")
                for key in group:
                    words = "Beitrag " + "Wort " * dice.randrange(60)
                    connection.execute("INSERT INTO said VALUES (?, ?, 'pending')", (key, words))
                connection.execute("COMMIT")
                acknowledged += group
                if dice.random() < 0.02:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            # The power goes now: before anything is closed.
            for file in disk.synced:
                if not file.endswith("-shm") and file not in disk.deleted:
                    image = disk.image(file, dice, written_back=written_back)
                    (Path(after) / Path(file).name).write_bytes(image)
        survivor = apsw.Connection(str(Path(after) / "hall.sqlite3"))
        try:
            sound = survivor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            found = {key for (key,) in survivor.execute("SELECT id FROM said")} if _has_table(survivor) else set()
        finally:
            survivor.close()
    return len(acknowledged), sum(1 for key in acknowledged if key not in found), sound


def _has_table(connection: apsw.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'said'").fetchall())


def measure(*, statements: int, cuts: int, seed: int, control: bool) -> dict[str, Any]:
    vfs = CutVfs()
    dice = random.Random(seed)
    acknowledged = lost = broken = 0
    for number in range(cuts):
        rows = dice.randrange(1, 2 * statements // cuts + 1)
        if number == cuts - 1:
            rows = max(rows, statements - acknowledged)
        synchronous = "normal" if control else "product"
        kept, gone, sound = one_round(dice, synchronous, rows=rows, written_back=bool(number % 2))
        acknowledged, lost, broken = acknowledged + kept, lost + gone, broken + (not sound)
    vfs.unregister()
    return {
        "bar": "A2 power cut",
        "database": "sqlite",
        "sqlite": apsw.sqlite_lib_version(),
        "control": control,
        "seed": seed,
        "cuts": cuts,
        "acknowledged": acknowledged,
        "lost": lost,
        "broken_databases": broken,
    }


def passed(found: dict[str, Any], *, statements: int) -> bool:
    if found["control"]:
        return bool(found["lost"] > 0)
    return bool(found["lost"] == 0 and found["broken_databases"] == 0 and found["acknowledged"] >= statements)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Cut the power under a database again and again.")
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--cuts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true", help="synchronous=NORMAL; passing means losses")
    asked = parser.parse_args(words)
    found = measure(statements=asked.statements, cuts=asked.cuts, seed=asked.seed, control=asked.control)
    found["passed"] = passed(found, statements=asked.statements)
    print(json.dumps(found))
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
