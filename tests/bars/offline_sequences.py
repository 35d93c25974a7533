"""Every statement that a phone shows as kept arrives exactly once, whatever happens meanwhile (bar A7).

    python -m tests.bars.offline_sequences --sequences 200 --seed 1
    python -m tests.bars.offline_sequences --control new-ids            an id made anew at each try: must find doubles
    python -m tests.bars.offline_sequences --control not-kept           kept in memory alone: must find losses
    python -m tests.bars.offline_sequences --control arrived-too-early  shown before the answer: must find lies

Random sequences of writing, double taps, no network, reloads, closed tabs, `kill -9` of the server, a clock that is up
to two days off, answers that get lost after the server has stored, and closing the tab in the moment of the tap; in a
real Chromium against a real server process, each sequence a phone of its own. The ledger is what the page showed: a
statement in its list is kept; one shown as arrived must lie in the database in that very moment. A tap of which nobody
saw the outcome is "unknown" and may arrive once or not at all. Prints one JSON line; the exit code says whether the bar
is passed. With --control a protection is taken out of the page's script, and passing means that it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

from tests.bars.hall import DATABASES, Hall, a_hall
from tests.browser import NOTHING_OUTSIDE
from tools import chromium

STEPS = (5, 9)
# Until a phone with network and a server has sent everything it holds.
SETTLED_SECONDS = 60
CONTROLS = {
    "new-ids": ("id, text: await words(record)", "id: freshId(), text: await words(record)"),
    "not-kept": ("const durable = new Durable();", "const durable = new Volatile();"),
    "arrived-too-early": ('state: "device", receipt_code: ""', 'state: "arrived", receipt_code: "0000-0000-0000"'),
}
MISSED_BY = {"new-ids": "doubled", "not-kept": "lost", "arrived-too-early": "shown_as_arrived_too_early"}

# The page's clock, moved while it runs and on every later page of this phone.
CLOCK = """(() => {
  const True = Date;
  const shift = () => Number(localStorage.getItem("bar-shift") || 0);
  const Shifted = class extends True {
    constructor(...words) { if (words.length) super(...words); else super(True.now() + shift()); }
    static now() { return True.now() + shift(); }
  };
  window.Date = Shifted;
})();"""
SHOWN = """() => [...document.querySelectorAll("[data-record]")].map((row) =>
  [row.querySelector("[data-words]").textContent, row.dataset.state])"""


@dataclass
class Ledger:
    """What the pages showed."""

    kept: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    too_early: set[str] = field(default_factory=set)
    drafts_lost: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    lost_replies: int = 0
    not_settled: int = 0


class Phone:
    """One guest's phone during one sequence."""

    def __init__(self, browser: Browser, hall: Hall, ledger: Ledger, dice: random.Random, name: str) -> None:
        self.hall, self.ledger, self.dice, self.name = hall, ledger, dice, name
        self.address = f"http://127.0.0.1:{hall.port}/t/{dice.choice(hall.codes)}/"
        self.context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(CLOCK)
        self.context.route("**/einwurf/", self._route)
        self.lose_replies = 0
        self.written = 0
        self.seen: set[str] = set()
        self.page = self._tab()
        self.open()
        # One visit: from then on it opens without network.
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self._until(self._page_is_kept, "the page was not kept for later")

    # ---- What can happen ----

    def write(self) -> None:
        self._tap(self._type(), lambda button: button.click())

    def double_tap(self) -> None:
        self._tap(self._type(), lambda button: button.dblclick(delay=5))

    def offline(self) -> None:
        self.context.set_offline(True)

    def online(self) -> None:
        self.context.set_offline(False)

    def reload(self) -> None:
        draft = self._type() if self.dice.random() < 0.5 else ""
        self.page.reload()
        self._ready()
        if draft:
            self._draft_is_back(draft)

    def close_tab(self) -> None:
        self.page.close()
        self.page = self._tab()
        self.open()

    def tap_and_close(self) -> None:
        words = self._type()
        self.ledger.unknown.add(words)
        self.page.evaluate("document.querySelector('#abgeben button').click()")
        self.close_tab()
        if self.page.input_value("#id_text") == words:
            # It had not been kept yet: the draft is what is left, and it is all there.
            self._tap(words, lambda button: button.click())

    def kill_server(self) -> None:
        if self.hall.server is not None:
            self.hall.kill()
            self.hall.server = None

    def start_server(self) -> None:
        if self.hall.server is None:
            self.hall.start()

    def lose_reply(self) -> None:
        self.lose_replies += 1

    def shift_clock(self) -> None:
        hours = self.dice.uniform(-48, 48)
        self.page.evaluate("(by) => localStorage.setItem('bar-shift', by)", str(round(hours * 3_600_000)))

    def wait(self) -> None:
        self.page.wait_for_timeout(self.dice.uniform(50, 700))

    # ---- How it goes on ----

    def live(self) -> None:
        choices: list[tuple[Callable[[], None], int]] = [
            (self.write, 5),
            (self.double_tap, 3),
            (self.offline, 3),
            (self.online, 2),
            (self.reload, 3),
            (self.close_tab, 2),
            (self.tap_and_close, 2),
            (self.kill_server, 1),
            (self.start_server, 1),
            (self.lose_reply, 3),
            (self.shift_clock, 2),
            (self.wait, 2),
        ]
        deeds = self.dice.choices(
            [deed for deed, _weight in choices], [weight for _deed, weight in choices], k=self.dice.randint(*STEPS)
        )
        for deed in [self.write, *deeds]:
            deed()
            self.ledger.done[deed.__name__] += 1
            self._look()
        # In the end there is network and a server, and the guest opens the page once more.
        self.lose_replies = 0
        self.start_server()
        self.online()
        self.close_tab()
        try:
            self._until(lambda: self.page.locator('[data-record][data-state="device"]').count() == 0, "not sent")
        except TimeoutError:
            self.ledger.not_settled += 1
        self._look()
        self.context.close()

    def open(self) -> None:
        self.page.goto(self.address)
        self._ready()

    def _tab(self) -> Page:
        page = self.context.new_page()
        # Whoever is asked whether to leave the page, leaves.
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def _ready(self) -> None:
        self.page.locator("html[data-ready]").wait_for(state="attached")

    def _type(self) -> str:
        self.written += 1
        words = f"{self.name}-{self.written}: Es fehlt ein Bus am Abend."
        self.page.fill("#id_text", words)
        return words

    def _draft_is_back(self, words: str) -> None:
        if self.page.input_value("#id_text") != words:
            self.ledger.drafts_lost.append(words)

    def _tap(self, words: str, tap: Callable[[Any], None]) -> None:
        self.ledger.unknown.add(words)
        tap(self.page.locator("#abgeben button"))
        self.page.locator("[data-record]", has_text=words).first.wait_for()
        self._look()

    def _look(self) -> None:
        """Write down what the page shows just now."""
        shown = self.page.evaluate(SHOWN)
        for words, state in shown:
            self.ledger.kept.add(words)
            if state in {"arrived", "wall"} and words not in self.seen:
                self.seen.add(words)
                if words not in self.hall.stored().values():
                    self.ledger.too_early.add(words)

    def _route(self, route: Route) -> None:
        if not self.lose_replies:
            route.continue_()
            return
        self.lose_replies -= 1
        try:
            # The server stores it and answers; the phone never hears of it.
            if route.fetch().status in (200, 201):
                self.ledger.lost_replies += 1
        except Error:
            # No network or no server: lost on the way there.
            pass
        route.abort()

    def _page_is_kept(self) -> bool:
        found = self.page.evaluate("caches.match(location.href).then((answer) => Boolean(answer))")
        return bool(found)

    def _until(self, come_true: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + SETTLED_SECONDS
        while not come_true():
            if time.monotonic() > deadline:
                raise TimeoutError(otherwise)
            self.page.wait_for_timeout(30)


def take_out(hall: Hall, control: str) -> None:
    """Take a protection out of the script that the site serves."""
    kept, without = CONTROLS[control]
    for path in (hall.folder / "static" / "js").glob("outbox.*"):
        if path.suffix != ".js":
            path.unlink()
            continue
        source = path.read_text(encoding="utf-8")
        if kept not in source:
            raise RuntimeError(f"{path.name} has changed: {kept!r} is not in it.")
        path.write_text(source.replace(kept, without), encoding="utf-8")


def measure(database: str, *, sequences: int, seed: int, control: str = "") -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        raise RuntimeError("No Chromium: run `python -m tools.chromium` or name one in ORTSDIALOG_CHROMIUM.")
    arguments = [*NOTHING_OUTSIDE, "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    ledger, begun = Ledger(), time.monotonic()
    with a_hall(database, tables=3, moderators=0) as hall:
        if control:
            take_out(hall, control)
        hall.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            for number in range(sequences):
                Phone(browser, hall, ledger, random.Random(f"{seed} {number}"), f"{seed}/{number}").live()
            browser.close()
        stored = Counter(hall.stored().values())
        hall.stop()
    return {
        "bar": "A7 offline",
        "database": database,
        "control": control,
        "seed": seed,
        "sequences": sequences,
        "steps": dict(sorted(ledger.done.items())),
        "replies_lost_after_storing": ledger.lost_replies,
        "shown_as_kept": len(ledger.kept),
        "stored": sum(stored.values()),
        "lost": sum(1 for words in ledger.kept if not stored[words]),
        "doubled": sum(number - 1 for number in stored.values()),
        "shown_as_arrived_too_early": len(ledger.too_early),
        "never_written": sum(1 for words in stored if words not in ledger.kept | ledger.unknown),
        "drafts_lost": len(ledger.drafts_lost),
        "not_settled": ledger.not_settled,
        "seconds": round(time.monotonic() - begun, 1),
    }


def passed(found: dict[str, Any]) -> bool:
    if found["control"]:
        return bool(found[MISSED_BY[found["control"]]] > 0)
    faults = ("lost", "doubled", "shown_as_arrived_too_early", "never_written", "drafts_lost", "not_settled")
    return found["shown_as_kept"] >= found["sequences"] and not any(found[name] for name in faults)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Live through random evenings with a phone on bad Wi-Fi.")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--sequences", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", choices=CONTROLS, default="", help="take this protection out; passing: missed")
    asked = parser.parse_args(words)
    found = measure(asked.database, sequences=asked.sequences, seed=asked.seed, control=asked.control)
    found["passed"] = passed(found)
    print(json.dumps(found))
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
