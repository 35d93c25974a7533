"""The guests of a hall under load: phones that hand in statements and show signs of life, as the table's page does."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from tests.bars.hall import Hall
from tests.bars.phones import Card, Lost, Phone, hand_in

LOOP_PHONES = 150
EACH = 3
CSRF = "b" * 32
# As `hall.js` has it: every half minute, spread, with the newest receipts of the device.
SIGN_EVERY_SECONDS = 30.0
RECEIPTS = 30


@dataclass
class Ledger:
    """What the phones know: how long each answer took, and what was acknowledged."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    signs: list[float] = field(default_factory=list)
    sign_statuses: Counter[int] = field(default_factory=Counter)
    # The numbers of the phones that have shown life.
    devices: set[int] = field(default_factory=set)

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        return percentile(self.seconds, part)


def percentile(seconds: list[float], part: float) -> float:
    if not seconds:
        return float("inf")
    return round(1000 * sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * part))], 1)


class Guest:
    """A phone with a device of its own at one table. `plain`: it hands in by the page's form, the negative control."""

    def __init__(self, hall: Hall, number: int, ledger: Ledger, *, plain: bool = False) -> None:
        self.code = hall.codes[number % len(hall.codes)]
        csrf = f"; csrf={CSRF}" if plain else ""
        self.phone = Phone(hall.port, cookie=hall.devices[number] + csrf)
        self.ledger, self.plain, self.number = ledger, plain, number
        self.receipts: deque[str] = deque(maxlen=RECEIPTS)
        self._one_sign = asyncio.Lock()
        # The page of most guests has been open for a while.
        self.next_sign = time.monotonic() + random.uniform(0, SIGN_EVERY_SECONDS)  # noqa: S311

    async def say(self, text: str) -> None:
        """Hand in a statement; before it, a sign of life where one is due."""
        if time.monotonic() >= self.next_sign:
            await self.show_life()
        card, ledger = Card.new(self.code, text), self.ledger
        begun = time.monotonic()
        if self.plain:
            # The page's own form, one transaction and one thread each.
            fields = f"csrfmiddlewaretoken={CSRF}&statement_id={card.id}&language=de&text={text.replace(' ', '+')}"
            status, _body = await self.phone.ask(
                "POST", f"/t/{card.code}/", fields.encode(), "application/x-www-form-urlencoded"
            )
            status = 201 if status == 302 else status
        else:
            status, said = await hand_in(self.phone, card)
            self.receipts += [said["receipt_code"]] if "receipt_code" in said else []
        ledger.seconds.append(time.monotonic() - begun)
        ledger.statuses[status] += 1
        if status in (200, 201):
            ledger.acknowledged.add(card.id.replace("-", ""))

    async def show_life(self) -> dict[str, Any]:
        """The sign of life; returns what the server says of this device's own statements, by receipt code."""
        begun = time.monotonic()
        self.next_sign = begun + SIGN_EVERY_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311
        told = {"receipts": list(self.receipts), "unsent": 0, "role": "guest", "language": "de"}
        async with self._one_sign:
            status, body = await self.phone.ask("POST", f"/t/{self.code}/stand/", json.dumps(told).encode())
        self.ledger.signs.append(time.monotonic() - begun)
        self.ledger.sign_statuses[status] += 1
        self.ledger.devices.add(self.number)
        statements: dict[str, Any] = json.loads(body)["statements"] if status == 200 else {}
        return statements


async def loop(hall: Hall, ledger: Ledger, *, seconds: float, plain: bool = False) -> float:
    """150 phones, one statement after the other. Returns statements a second."""
    end = time.monotonic() + seconds

    async def one(number: int) -> None:
        guest, count = Guest(hall, number, ledger, plain=plain), 0
        while time.monotonic() < end:
            count += 1
            try:
                await guest.say(f"Beitrag {number} {count}: Ein Bus am Abend wäre gut für alle, die spät arbeiten.")
            except Lost:
                ledger.statuses[0] += 1
                return
        guest.phone.hang_up()

    begun = time.monotonic()
    await asyncio.gather(*(one(number) for number in range(LOOP_PHONES)))
    return len(ledger.seconds) / (time.monotonic() - begun)


async def at_once(hall: Hall, ledger: Ledger, *, phones: int, plain: bool = False) -> None:
    """So many phones connect in the same moment and hand in three statements each."""

    async def one(number: int) -> None:
        guest = Guest(hall, number, ledger, plain=plain)
        for count in range(EACH):
            try:
                await guest.say(f"Alle auf einmal {number} {count}")
            except Lost:
                ledger.statuses[0] += 1
        guest.phone.hang_up()

    await asyncio.gather(*(one(number) for number in range(phones)))
