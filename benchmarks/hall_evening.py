"""The evening of a hall under load: walls, phones that listen, moderators, and the end."""

from __future__ import annotations

import asyncio
import http.client
import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Awaitable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hall_guests import CSRF, EACH, LOOP_PHONES, Guest, Ledger, at_once, loop
from tests.bars.hall import Hall
from tests.bars.phones import Lost, Phone, Stream

WALLS = 100
LISTENING_PHONES = 100
# Of each moderator: faster than anybody reads, so that many are measured in a short time.
DECIDES_EVERY_SECONDS = 0.75


@dataclass(frozen=True)
class Decision:
    """One approval as its moderator saw it, on the clock that all processes share."""

    handle: str
    pressed_at: float
    seconds: float
    status: int


@dataclass
class Evening:
    """What was approved, and when each wall and phone knew it."""

    decisions: list[Decision] = field(default_factory=list)
    on_walls: list[tuple[str, float]] = field(default_factory=list)
    # Every phone hears of every approval; the one that holds its receipt asks, and shows it.
    heard: list[tuple[str, float]] = field(default_factory=list)
    on_phones: list[tuple[str, float]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    streams: list[Stream] = field(default_factory=list)

    def waits(self, seen: list[tuple[str, float]]) -> list[float]:
        """From the press of the button, the strictest reading of "from approval", in seconds."""
        pressed = {one.handle: one.pressed_at for one in self.decisions}
        return [at - pressed[handle] for handle, at in seen if handle in pressed]


async def a_wall(hall: Hall, evening: Evening) -> None:
    """Hears of an approval, fetches the cards, and has seen those that stand on it."""
    stream, fetching, told = Stream(hall.port, f"/wand/{hall.wall}/strom/"), Phone(hall.port), set[str]()
    evening.streams.append(stream)
    async for event_id, name, _handle in stream:
        if name != "statement":
            continue
        try:
            status, body = await fetching.ask("GET", f"/wand/{hall.wall}/karten/?anzeige=de&seit={event_id}")
        except Lost:
            return
        now = time.monotonic()
        evening.statuses[status] += 1
        cards = set(re.findall(r'data-key="([^"]+)"', body.decode()))
        evening.on_walls += [(handle, now) for handle in cards - told]
        told |= cards


async def a_listening_phone(evening: Evening, guest: Guest, own: dict[str, str]) -> None:
    """Hears of every approval; asks at once where the statement is its own. `own`: receipt codes by handle."""
    stream, told = Stream(guest.phone.port, f"/t/{guest.code}/strom/"), set[str]()
    guest.receipts.extend(own.values())
    evening.streams.append(stream)
    async for _event_id, name, handle in stream:
        if name != "statement" or handle in told:
            continue
        told.add(handle)
        evening.heard.append((handle, time.monotonic()))
        if handle in own:
            said = await guest.show_life()
            if said.get(own[handle], {}).get("state") == "wall":
                evening.on_phones.append((handle, time.monotonic()))


async def signs_of_life(guests: list[Guest]) -> None:
    """Of phones that only listen, each when it is due."""

    async def one(guest: Guest) -> None:
        while True:
            await asyncio.sleep(guest.next_sign - time.monotonic())
            with suppress(Lost):
                await guest.show_life()

    await asyncio.gather(*(one(guest) for guest in guests))


def moderate(port: int, session: str, handles: list[str]) -> list[Decision]:
    """Approve one card after the other over one connection, as a browser does.

    Runs in a process of its own: in the loop of the phones a moderator would also wait for their hundred answers.
    """
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"sitzung={session}; csrf={CSRF}", "Content-Type": "application/x-www-form-urlencoded"}
    done = []
    for handle in handles:
        time.sleep(DECIDES_EVERY_SECONDS)
        begun = time.monotonic()
        path = f"/schreibtisch/altdorf/beitraege/{handle}/entscheiden/"
        browser.request("POST", path, f"csrfmiddlewaretoken={CSRF}&decision=approve&based_on=1", headers)
        with browser.getresponse() as answer:
            answer.read()
            done.append(Decision(handle, begun, time.monotonic() - begun, answer.status))
    browser.close()
    return done


async def evening_of(hall: Hall, *, approvals: int, flood: bool) -> tuple[Evening, Ledger, Ledger]:
    """Two moderators approve so many each; in the flood the loop runs beside them.

    The first ledger is of the statements that wait, the second of the flood and of all signs of life.
    """
    before = Ledger()
    await at_once(hall, before, phones=-(-2 * approvals // EACH))
    waiting = (
        "SELECT handle, receipt_code FROM contributions_statement WHERE state = 'pending' ORDER BY received_at DESC"
    )
    rows = hall.rows(waiting)[: 2 * approvals]
    handles = [handle for handle, _receipt in rows]
    evening, ledger = Evening(), Ledger()
    guests = [Guest(hall, LOOP_PHONES + number, ledger) for number in range(LISTENING_PHONES)]
    listeners = [asyncio.create_task(a_wall(hall, evening)) for _ in range(WALLS)]
    listeners += [
        asyncio.create_task(a_listening_phone(evening, guest, dict(rows[number::LISTENING_PHONES])))
        for number, guest in enumerate(guests)
    ]
    listeners.append(asyncio.create_task(signs_of_life(guests)))
    await asyncio.gather(*(stream.wait_open() for stream in await _all_streams(evening)))
    here = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as moderators:
        # They sit down before it begins: starting a process is none of their waiting.
        await asyncio.gather(*(here.run_in_executor(moderators, time.sleep, 1.0) for _ in range(2)))
        work: list[Awaitable[list[Decision]]] = [
            here.run_in_executor(moderators, moderate, hall.port, hall.sessions[number], handles[number::2][:approvals])
            for number in (0, 1)
        ]
        seconds = approvals * DECIDES_EVERY_SECONDS
        load = asyncio.create_task(loop(hall, ledger, seconds=seconds)) if flood else None
        for decisions in await asyncio.gather(*work):
            evening.decisions += decisions
        if load is not None:
            await load
    evening.statuses.update(one.status for one in evening.decisions)
    await asyncio.sleep(2.0)
    await _end(evening, listeners)
    for guest in guests:
        guest.phone.hang_up()
    return evening, before, ledger


async def _all_streams(evening: Evening) -> list[Stream]:
    while len(evening.streams) < WALLS + LISTENING_PHONES:
        await asyncio.sleep(0.01)
    return evening.streams


async def _end(evening: Evening, listeners: list[asyncio.Task[None]]) -> None:
    for stream in evening.streams:
        stream.close()
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)


async def stop_under_load(hall: Hall) -> dict[str, Any]:
    """Stop in the middle of the loop with 200 streams open."""
    evening, ledger = Evening(), Ledger()
    before = set(hall.stored())
    listeners = [asyncio.create_task(a_wall(hall, evening)) for _ in range(WALLS + LISTENING_PHONES)]
    await asyncio.gather(*(stream.wait_open() for stream in await _all_streams(evening)))
    load = asyncio.create_task(loop(hall, ledger, seconds=30))
    await asyncio.sleep(2.0)
    seconds = await asyncio.to_thread(hall.stop)
    await asyncio.wait({load}, timeout=10)
    await _end(evening, listeners)
    await asyncio.gather(load, return_exceptions=True)
    stored = set(hall.stored()) - before
    return {
        "stop_seconds": round(seconds, 2),
        "stop_acknowledged": len(ledger.acknowledged),
        "stop_stored_without_answer": len(stored - ledger.acknowledged),
        "stop_lost": len(ledger.acknowledged - stored),
    }
