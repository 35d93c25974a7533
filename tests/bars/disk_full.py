"""A full disk refuses with 503 and loses nothing; reading goes on; with room again, all of it arrives (bar A3).

    python -m tests.bars.disk_full
    python -m tests.bars.disk_full --control      a server that answers before it has stored: statements must be lost

The site's data lie on a file system in memory. Phones hand in; a ballast file then takes all the room; the phones keep
trying, as a page's outbox does; pages are read meanwhile; after some seconds the ballast goes. SQLite only: a site on
PostgreSQL has its disk elsewhere. Prints one JSON line; the exit code says whether the bar is passed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bars.hall import Hall, a_hall
from tests.bars.phones import Card, Lost, Phone, hand_in

ROOM = "60m"
LONGEST_SECONDS = 40


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ortsdialog-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                # A short write is how the last of the room goes; the next one fails.
                file.write(b"\0" * 65536)
        except OSError:
            pass
    return ballast


async def one_phone(
    hall: Hall, cards: list[Card], found: dict[str, str], statuses: Counter[int], dice: random.Random, *, trusting: bool
) -> None:
    phone = Phone(hall.port)
    for card in cards:
        await asyncio.sleep(dice.uniform(0, 0.6))
        while True:
            try:
                status, _said = await hand_in(phone, card)
            except Lost:
                await asyncio.sleep(0.3)
                continue
            statuses[status] += 1
            # The negative control believes every answer, as if the outbox were emptied without looking.
            if status in (200, 201) or trusting:
                found[card.id.replace("-", "")] = card.text
                break
            await asyncio.sleep(dice.uniform(0.3, 1.2))


async def measure(*, statements: int, phones: int, full_seconds: float, seed: int, trusting: bool) -> dict[str, Any]:
    dice = random.Random(seed)
    with small_disk() as disk, a_hall("sqlite", folder=disk) as hall:
        hall.start()
        # Long cards, so that the room that is left in the database's own files is soon used up.
        cards = [Card.new(hall.codes[n % len(hall.codes)], f"Beitrag {n} " + "Wort " * 300) for n in range(statements)]
        acknowledged: dict[str, str] = {}
        statuses: Counter[int] = Counter()
        reads: Counter[int] = Counter()
        phones_at_work = [
            asyncio.create_task(
                one_phone(
                    hall, cards[n::phones], acknowledged, statuses, random.Random(dice.random()), trusting=trusting
                )
            )
            for n in range(phones)
        ]
        await asyncio.sleep(1.5)
        ballast = await asyncio.to_thread(fill, disk)
        full_from = time.monotonic()
        reader = Phone(hall.port)
        # The room that is left in the database's own files may last for a while.
        while (full := time.monotonic() - full_from) < full_seconds or (not statuses[503] and full < LONGEST_SECONDS):
            for path in (f"/t/{hall.codes[0]}/", f"/wand/{hall.wall}/", "/"):
                status, _body = await reader.ask("GET", path)
                reads[status] += 1
            await asyncio.sleep(0.4)
        refused = statuses[503]
        ballast.unlink()
        await asyncio.wait_for(asyncio.gather(*phones_at_work), 120)
        stopped = hall.stop()
        stored = hall.stored()
        return {
            "bar": "A3 full disk",
            "database": "sqlite",
            "control": trusting,
            "seed": seed,
            "statements": statements,
            "acknowledged": len(acknowledged),
            "stored": len(stored),
            "lost": sum(1 for key in acknowledged if key not in stored),
            "statuses": {str(key): number for key, number in sorted(statuses.items())},
            "refused_while_full": refused,
            "pages_read_while_full": {str(key): number for key, number in sorted(reads.items())},
            "sound": hall.is_sound(),
            "stop_seconds": round(stopped, 2),
        }


def run(**asked: Any) -> dict[str, Any]:
    """Measure in a name space of mounts of its own: the small disk is nobody else's, and needs no root."""
    words = json.dumps({"trusting": False, **asked})
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-m", "tests.bars.disk_full", "--inside", words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def passed(found: dict[str, Any]) -> bool:
    if found["control"]:
        return bool(found["lost"] > 0)
    return (
        found["lost"] == 0
        and found["stored"] == found["acknowledged"] == found["statements"]
        and found["refused_while_full"] > 0
        and set(found["statuses"]) <= {"200", "201", "503"}
        and set(found["pages_read_while_full"]) == {"200"}
        and found["sound"]
    )


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fill the disk under a site while a hall hands in.")
    parser.add_argument("--statements", type=int, default=3_000)
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--full-seconds", type=float, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true", help="believe every answer; passing means losses")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if asked.inside:
        found = asyncio.run(measure(**json.loads(asked.inside)))
        print(json.dumps(found))
        return 0
    found = run(
        statements=asked.statements,
        phones=asked.phones,
        full_seconds=asked.full_seconds,
        seed=asked.seed,
        trusting=asked.control,
    )
    found["passed"] = passed(found)
    print(json.dumps(found))
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
