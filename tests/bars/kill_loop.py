"""Nothing acknowledged is lost and nothing arrives twice, however often the server dies (bar A1).

    python -m tests.bars.kill_loop --database sqlite
    python -m tests.bars.kill_loop --database postgres
    python -m tests.bars.kill_loop --control            ids made anew at each try: must find doubles

150 phones hand in 10,000 statements; 5 % of the answers are thrown away on the phone's side, and every second
`kill -9` hits the whole process group of the web server (on PostgreSQL also the database's own head process, from
time to time). A ledger on the phones' side is the truth; a time-out is "unknown", never "failed". Prints one JSON
line; the exit code says whether the bar is passed. With --control the protection is off, and passing means that the
doubles were found.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.bars.hall import DATABASES, Hall, a_hall
from tests.bars.phones import Card, Lost, Phone, hand_in

LOST_REPLIES = 0.05
KILL_SECONDS = (0.6, 1.6)
# A database that is killed recovers first; more often would measure the recovery.
KILLS_PER_KILL_OF_THE_DATABASE = 8


@dataclass
class Ledger:
    """What the phones know."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    unanswered: int = 0
    thrown_away: int = 0
    statuses: dict[int, int] = field(default_factory=dict)


async def one_phone(
    hall: Hall, ledger: Ledger, cards: list[Card], dice: random.Random, *, fresh_ids: bool, pause: float
) -> None:
    phone = Phone(hall.port)
    for card in cards:
        # The statements are spread over the time of the kills: people think between two cards.
        await asyncio.sleep(dice.uniform(0, 2 * pause))
        while True:
            ledger.tries += 1
            # The negative control gives the statement a new id at each try, as a server would.
            sent = str(uuid.UUID(int=dice.getrandbits(128), version=4)) if fresh_ids else card.id
            try:
                status, _said = await hand_in(phone, card, id=sent)
            except Lost:
                ledger.unanswered += 1
                await asyncio.sleep(dice.uniform(0.05, 0.5))
                continue
            ledger.statuses[status] = ledger.statuses.get(status, 0) + 1
            if status == 503:
                await asyncio.sleep(dice.uniform(0.1, 0.6))
                continue
            if status not in (200, 201):
                raise AssertionError(f"{status} for an honest statement")
            if dice.random() < LOST_REPLIES:
                ledger.thrown_away += 1
                phone.hang_up()
                continue
            ledger.acknowledged[sent.replace("-", "")] = card.text
            break


async def killer(hall: Hall, dice: random.Random, *, done: asyncio.Event) -> tuple[int, int]:
    kills = database_kills = 0
    while not done.is_set():
        await asyncio.sleep(dice.uniform(*KILL_SECONDS))
        if done.is_set():
            break
        if not hall.is_sqlite and kills % KILLS_PER_KILL_OF_THE_DATABASE == 3:
            await asyncio.to_thread(hall.kill_database)
            database_kills += 1
            await asyncio.to_thread(hall.revive_database)
        hall.kill()
        kills += 1
        await asyncio.to_thread(hall.start)
    return kills, database_kills


async def measure(database: str, *, cards: int, phones: int, kills: int, seed: int, fresh_ids: bool) -> dict[str, Any]:
    dice = random.Random(seed)
    with a_hall(database) as hall:
        hall.start()
        written = [
            Card(str(uuid.UUID(int=dice.getrandbits(128), version=4)), hall.codes[n % len(hall.codes)], f"Beitrag {n}")
            for n in range(cards)
        ]
        # A kill and the new start take about two seconds.
        pause = 2.2 * kills / (cards / phones)
        ledger, done, begun = Ledger(), asyncio.Event(), time.monotonic()
        async with asyncio.TaskGroup() as group:
            death = group.create_task(killer(hall, random.Random(seed + 1), done=done))
            at_work = [
                group.create_task(
                    one_phone(
                        hall, ledger, written[n::phones], random.Random(seed + 2 + n), fresh_ids=fresh_ids, pause=pause
                    )
                )
                for n in range(phones)
            ]
            await asyncio.wait(at_work, return_when=asyncio.FIRST_EXCEPTION)
            done.set()
        killed, database_killed = death.result()
        seconds = time.monotonic() - begun
        if not hall.answers():
            hall.start()
        hall.stop()
        return {
            "bar": "A1 kill loop",
            "database": database,
            "control": fresh_ids,
            "seed": seed,
            "phones": phones,
            "kills": killed,
            "kills_of_the_database": database_killed,
            "tries": ledger.tries,
            "without_answer": ledger.unanswered,
            "answers_thrown_away": ledger.thrown_away,
            "statuses": ledger.statuses,
            "seconds": round(seconds, 1),
            **_compared(hall, ledger, written),
        }


def _compared(hall: Hall, ledger: Ledger, written: list[Card]) -> dict[str, Any]:
    stored, entries = hall.stored(), hall.entries()
    by_words: dict[str, int] = {}
    for words in stored.values():
        by_words[words] = by_words.get(words, 0) + 1
    return {
        "statements": len(written),
        "acknowledged": len(ledger.acknowledged),
        "stored": len(stored),
        "lost": sum(1 for key in ledger.acknowledged if key not in stored),
        "altered": sum(1 for key, words in ledger.acknowledged.items() if stored.get(key, words) != words),
        "doubled": sum(number - 1 for number in by_words.values()),
        "without_audit_entry": len(set(stored) - entries),
        "sound": hall.is_sound(),
    }


def passed(found: dict[str, Any], *, kills: int) -> bool:
    if found["control"]:
        return bool(found["doubled"] > 0)
    clean = not any(found[name] for name in ("lost", "altered", "doubled", "without_audit_entry"))
    return clean and found["sound"] and found["acknowledged"] == found["statements"] and found["kills"] >= kills


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Kill the server again and again while a hall hands in.")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--phones", type=int, default=150)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true", help="ids made anew at each try; passing means doubles")
    asked = parser.parse_args(words)
    found = asyncio.run(
        measure(
            asked.database,
            cards=asked.statements,
            phones=asked.phones,
            kills=asked.kills,
            seed=asked.seed,
            fresh_ids=asked.control,
        )
    )
    found["passed"] = passed(found, kills=asked.kills)
    print(json.dumps(found))
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
