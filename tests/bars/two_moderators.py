"""Two moderators on the same cards: no text is ever unrecoverable (bar A8 of the quality plan).

    python tests/bars/two_moderators.py                          10,000 interleavings on SQLite
    python tests/bars/two_moderators.py --database postgres      the same on a PostgreSQL of its own
    python tests/bars/two_moderators.py --last-writer-wins       negative control: has to lose texts

An interleaving is one random order of what two people do with the same few cards: look at one, reword it with what
they saw (which may be old by then), bring an old wording back, approve, hold back, return. Beside the database runs a
model that is nothing but a list of wordings for each card. After each interleaving:

* every text that anybody ever wrote or said is found again in the database, word for word;
* the wording that counts is the one the model says, and the taken ones are numbered without a gap;
* whoever came too late got both texts: the one that counts and her own;
* the history names every version that was taken, in its order, and the log has an entry for each.

Half of the work is done by one driver that picks the order; then two threads with a connection each do the same at
the same time, where only the end can be compared. Prints one JSON line; the exit code says whether the bar is passed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
CARDS = 2
LONGEST = 9


@dataclass
class Card:
    """The model: what was ever written for a card, and which of it was taken, in order."""

    statement: Any
    written: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)


@dataclass
class Tally:
    interleavings: int = 0
    steps: int = 0
    conflicts: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def naive_edit(*, statement: Any, text: str, **_rest: Any) -> Any:
    """The negative control: the last writer wins, and nobody keeps what was there."""
    from ortsdialog.kernel.language import MultilingualText
    from ortsdialog.meet.contributions.models import Statement

    fresh = Statement.objects.get(pk=statement.pk)
    fresh.text, fresh.version = MultilingualText.written(text), fresh.version + 1
    fresh.save(update_fields=["text", "version"])
    return fresh


class Hall:
    """A table with cards, and two people who moderate it."""

    def __init__(self, table: Any, actors: tuple[Any, Any], *, last_writer_wins: bool = False) -> None:
        from ortsdialog.meet.contributions.actions import edit_statement

        self.table, self.actors = table, actors
        self.edit = naive_edit if last_writer_wins else edit_statement

    def new_card(self, number: int) -> Card:
        from ortsdialog.meet.contributions.tests.factories import make_statement

        text = f"Karte {number}"
        return Card(make_statement(self.table, text, state="pending"), {text}, [text])

    def reword(self, card: Card, actor: Any, seen: Any, text: str, tally: Tally) -> None:
        from ortsdialog.meet.contributions.refusals import EditedMeanwhile

        card.written.add(text)
        try:
            self.edit(actor=actor, statement=seen, based_on=seen.version, text=text, language="de", said_by_count=1,
                      interpreted=False)  # fmt: skip
        except EditedMeanwhile as late:
            self.late(card, late, text, tally)
        else:
            if seen.version == len(card.taken):
                card.taken.append(text)
            else:
                tally.wrong.append(f"A stale wording was taken: {text}")

    def restore(self, card: Card, actor: Any, seen: Any, chance: random.Random, tally: Tally) -> None:
        from ortsdialog.meet.contributions.actions import restore_revision
        from ortsdialog.meet.contributions.refusals import EditedMeanwhile

        rows = list(seen.revisions.order_by("id"))
        if not rows:
            return
        row = chance.choice(rows)
        text = row.text.original_text
        try:
            restore_revision(actor=actor, revision=row, based_on=seen.version)
        except EditedMeanwhile as late:
            self.late(card, late, text, tally)
        else:
            if text != card.taken[-1]:
                if seen.version != len(card.taken):
                    tally.wrong.append(f"A stale restoring was taken: {text}")
                card.taken.append(text)

    def late(self, card: Card, late: Any, text: str, tally: Tally) -> None:
        tally.conflicts += 1
        both = (late.statement.text.original_text, late.kept.text.original_text)
        if both != (card.taken[-1], text):
            tally.wrong.append(f"The loser got {both}, not {(card.taken[-1], text)}.")

    def decide(self, card: Card, actor: Any, chance: random.Random) -> None:
        from ortsdialog.meet.contributions.actions import approve_statement, hold_statement, return_to_queue

        deed = chance.choice(["approve", "hold", "return"])
        if deed == "approve":
            approve_statement(actor=actor, statement=card.statement)
        elif deed == "hold":
            hold_statement(actor=actor, statement=card.statement, why="names")
        else:
            return_to_queue(actor=actor, statement=card.statement)

    def check(self, card: Card, tally: Tally, *, in_order: bool = True) -> None:
        """Compare the database with the model. Without an order only what was written is known, not which won."""
        from ortsdialog.kernel.audit import AuditEntry
        from ortsdialog.meet.contributions.models import Statement

        now = Statement.objects.get(pk=card.statement.pk)
        rows = list(now.revisions.order_by("id"))
        kept = {row.text.original_text for row in rows} | {now.text.original_text}
        tally.lost += sorted(card.written - kept)
        versions = [row.version for row in rows if row.version]
        texts = [row.text.original_text for row in rows if row.version]
        if versions != list(range(1, now.version + 1)) and (rows or now.version > 1):
            tally.wrong.append(f"The versions are {versions} at version {now.version}.")
        if texts and texts[-1] != now.text.original_text:
            tally.wrong.append(f"The history ends with {texts[-1]}, the card says {now.text.original_text}.")
        if in_order and (now.text.original_text != card.taken[-1] or (texts and texts != card.taken)):
            tally.wrong.append(f"The card went {texts}, the model {card.taken}.")
        codes = ["contributions.edit_statement", "contributions.restore_revision"]
        edits = AuditEntry.objects.filter(object_id=str(now.pk), code__in=codes).count()
        if edits != now.version - 1:
            tally.wrong.append(f"{edits} entries in the log for {now.version - 1} edits.")


def interleave(hall: Hall, seed: int, tally: Tally) -> None:
    """One interleaving: who does what next is chance, and what each one sees is as old as she left it."""
    from ortsdialog.meet.contributions.models import Statement

    chance = random.Random(seed)
    cards = [hall.new_card(number) for number in range(CARDS)]
    seen: dict[tuple[int, int], Any] = {}
    for step in range(chance.randint(4, LONGEST)):
        who, which = chance.randrange(2), chance.randrange(CARDS)
        card, actor = cards[which], hall.actors[who]
        deed = chance.choices(["look", "edit", "restore", "decide"], [3, 5, 2, 2])[0]
        if deed == "look" or (who, which) not in seen:
            seen[who, which] = Statement.objects.get(pk=card.statement.pk)
        if deed == "edit":
            hall.reword(card, actor, seen[who, which], f"Fassung {seed}.{step} von {who}", tally)
        elif deed == "restore":
            hall.restore(card, actor, seen[who, which], chance, tally)
        elif deed == "decide":
            hall.decide(card, actor, chance)
        tally.steps += 1
    for card in cards:
        hall.check(card, tally)
    tally.interleavings += 1


def at_the_same_moment(hall: Hall, seed: int, tally: Tally) -> None:
    """Two threads, each with its own connection, on one card: only afterwards can anybody say what was first."""
    from django.db import connection

    from ortsdialog.kernel.tenancy import open_place
    from ortsdialog.meet.contributions.models import Statement
    from ortsdialog.meet.contributions.refusals import EditedMeanwhile

    card = hall.new_card(0)
    together = threading.Barrier(2)
    conflicts: list[int] = []
    faults: list[str] = []

    def work(who: int) -> None:
        chance = random.Random(seed * 2 + who)
        try:
            with open_place(hall.table.place_id):
                seen = Statement.objects.get(pk=card.statement.pk)
                together.wait(timeout=60)
                for step in range(chance.randint(2, 4)):
                    text = f"Fassung {seed}.{step} von {who}"
                    card.written.add(text)
                    try:
                        hall.edit(actor=hall.actors[who], statement=seen, based_on=seen.version, text=text,
                                  language="de", said_by_count=1, interpreted=False)  # fmt: skip
                    except EditedMeanwhile as late:
                        conflicts.append(who)
                        if late.kept.text.original_text != text or late.statement.text.original_text == text:
                            faults.append(f"The loser did not get both texts: {text}")
                    hall.decide(card, hall.actors[who], chance)
                    if chance.random() < 0.6:
                        seen = Statement.objects.get(pk=card.statement.pk)
        except Exception as error:  # noqa: BLE001  whatever goes wrong in a thread is reported
            faults.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.conflicts += len(conflicts)
    tally.wrong += faults
    hall.check(card, tally, in_order=False)
    tally.interleavings += 1


def measure(table: Any, actors: tuple[Any, Any], *, number: int, seed: int, last_writer_wins: bool) -> dict[str, Any]:
    """Run `number` interleavings, a tenth of them at the same moment; the table's place is open."""
    hall = Hall(table, actors, last_writer_wins=last_writer_wins)
    in_order, at_once = Tally(), Tally()
    begun = time.monotonic()
    for count in range(number - number // 10):
        interleave(hall, seed + count, in_order)
    for count in range(number // 10):
        at_the_same_moment(hall, seed + count, at_once)
    lost = in_order.lost + at_once.lost
    wrong = in_order.wrong + at_once.wrong
    # The control has no conflicts to get right: what counts there is that texts are gone.
    passed = bool(lost) if last_writer_wins else not lost and not wrong
    return {
        "bar": "two_moderators",
        "passed": passed,
        "control": last_writer_wins,
        "seed": seed,
        "interleavings": in_order.interleavings + at_once.interleavings,
        "of_these_at_the_same_moment": at_once.interleavings,
        "conflicts": in_order.conflicts + at_once.conflicts,
        "texts_lost": len(lost),
        "wrong": len(wrong),
        "first_wrong": (wrong or [""])[0] if not last_writer_wins else "",
        "seconds": round(time.monotonic() - begun, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--interleavings", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--last-writer-wins", action="store_true", help="the negative control")
    asked = parser.parse_args()
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ["ORTSDIALOG_TEST_DATABASE"] = asked.database
    from tests.environment import prepare, run_folder

    prepare()
    if asked.database == "sqlite":
        os.environ["ORTSDIALOG_DATABASE_URL"] = f"sqlite:///{run_folder() / 'bar.sqlite3'}"
    # Django reads its settings when it is imported.
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from ortsdialog.kernel.tenancy import open_place

    table, actors = make_hall()
    with open_place(table.place_id):
        result = measure(
            table, actors, number=asked.interleavings, seed=asked.seed, last_writer_wins=asked.last_writer_wins
        )
    print(json.dumps({**result, "database": asked.database}, ensure_ascii=False))
    return 0 if result["passed"] else 1


def make_hall() -> tuple[Any, tuple[Any, Any]]:
    """A running event with one table, its host, and a note-taker."""
    from ortsdialog.ground.accounts.choices import Role
    from ortsdialog.ground.accounts.tests.factories import actor_for, make_user
    from ortsdialog.ground.places.tests.factories import make_place
    from ortsdialog.ground.process.tests.factories import make_process, make_programme
    from ortsdialog.kernel.access import Actor
    from ortsdialog.kernel.tenancy import open_place
    from ortsdialog.meet.contributions.rules import HOST_LINK
    from ortsdialog.meet.gatherings.models import Table
    from ortsdialog.meet.gatherings.tests.factories import make_gathering

    place = make_place("Altdorf", "altdorf")
    gathering = make_gathering(make_process(place, make_programme(), published=True), tables=1, rounds=1)
    note_taker = make_user("nora@altdorf.example", "Nora", Role.NOTE_TAKER, place=place)
    with open_place(place):
        tables = Table.objects.select_related("gathering__current_round__question", "gathering__process", "place")
        table = tables.get(gathering=gathering)
    return table, (Actor.by_link(HOST_LINK, table.pk, label="Tessa"), actor_for(note_taker))


if __name__ == "__main__":
    sys.exit(main())
