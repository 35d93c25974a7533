"""A flood of hate over HTTP: how long honest posts wait, and whether anything unseen is public (A25).

    python -m benchmarks.moderation_flood --minutes 4
    python -m benchmarks.moderation_flood --database postgres
    python -m benchmarks.moderation_flood --fifo             the same deeds in the order of arrival: must miss

500 hateful posts a minute from 200 devices, 25 honest ones from 60 others, all new to the event, at one address.
Two moderators work through the queue's own page, 2.5 seconds a decision; what a hateful device has waiting they hold
back with one button. Meanwhile somebody reads the wall and the public page. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import re
import statistics
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bars.flood import BAR_SECONDS, HATE, HONEST, PACE_SECONDS, arrivals
from tests.bars.hall import DATABASES, Hall, a_hall

CSRF = "b" * 32
SENDERS = 8
QUEUE = "/schreibtisch/altdorf/beitraege/freigeben/"
_TEXT = re.compile(rf"(?:{'|'.join(map(re.escape, (*HATE, *HONEST)))}) \(\d+\)")


@dataclass
class Browser:
    """One connection with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": jar, "Content-Type": kind, "Accept-Language": "de"}
            connection.request(method, path, body=body.encode(), headers=headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _sign, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            text = answer.read().decode()
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]}")
            return text
        finally:
            connection.close()


@dataclass
class Evening:
    """What the measurement knows: when each post arrived and was approved, and what was seen in public."""

    hall: Hall
    fifo: bool
    ends_at: float
    arrived: dict[str, float] = field(default_factory=dict)
    approved: dict[str, float] = field(default_factory=dict)
    decisions: int = 0
    unapproved_in_public: set[str] = field(default_factory=set)
    looks: int = 0
    failures: list[str] = field(default_factory=list)

    def send(self, mine: list, devices: dict[str, Browser], begun: float) -> None:  # type: ignore[type-arg]
        for coming in mine:
            time.sleep(max(0.0, begun + coming.at - time.monotonic()))
            code = self.hall.codes[hash(coming.device) % len(self.hall.codes)]
            said = {"id": str(uuid.uuid4()), "text": coming.text, "language": "de", "round": None}
            devices[coming.device].ask("POST", f"/t/{code}/einwurf/", json.dumps(said), "application/json")
            if not coming.hateful:
                self.arrived[coming.text] = time.monotonic()

    def moderate(self, session: str, number: int) -> None:
        browser = Browser(self.hall.port, {"sitzung": session, "csrf": CSRF})
        page_address = f"{QUEUE}?{urlencode({'fenster': f'bankfenster{number}', 'veranstaltung': self.hall.gathering})}"
        while time.monotonic() < self.ends_at:
            turn = time.monotonic()
            handle, text = self._oldest() if self.fifo else self._card(browser.ask("GET", page_address))
            # The person reads, then presses a button.
            time.sleep(max(0.0, PACE_SECONDS - (time.monotonic() - turn)))
            if not handle:
                continue
            fields = {"csrfmiddlewaretoken": CSRF, "next": page_address}
            honest = text.startswith(HONEST)
            if honest:
                self.approved.setdefault(text, float("inf"))
            fields |= (
                {"decision": "approve", "based_on": "1"} if honest else {"decision": "hold_device", "why": "hurts"}
            )
            browser.ask("POST", f"/schreibtisch/altdorf/beitraege/{handle}/entscheiden/", urlencode(fields))
            if honest:
                self.approved[text] = time.monotonic()
            self.decisions += 1

    def _card(self, page: str) -> tuple[str, str]:
        found = re.search(r'data-handle="(\w+)"', page)
        if found is None:
            return "", ""
        words = re.search(r"<blockquote.*?</blockquote>", page, re.DOTALL)
        plain = html.unescape(re.sub(r"<[^>]+>", "", words.group() if words else ""))
        return found.group(1), " ".join(plain.split())

    def _oldest(self) -> tuple[str, str]:
        sql = "SELECT handle, text FROM contributions_statement WHERE state = 'pending' ORDER BY received_at LIMIT 1"
        rows = self.hall.rows(sql)
        if not rows:
            return "", ""
        said = rows[0][1] if isinstance(rows[0][1], str) else json.dumps(rows[0][1], ensure_ascii=False)
        words = _TEXT.search(json.dumps(json.loads(said), ensure_ascii=False))
        return rows[0][0], words.group() if words else ""

    def look(self) -> None:
        browser = Browser(self.hall.port)
        while time.monotonic() < self.ends_at:
            for path in (f"/wand/{self.hall.wall}/karten/", "/orte/altdorf/dialoge/dialog/beitraege/"):
                page = html.unescape(browser.ask("GET", path))
                self.looks += 1
                self.unapproved_in_public |= {text for text in _TEXT.findall(page) if text not in self.approved}
            time.sleep(1)


def measure(hall: Hall, minutes: float, *, fifo: bool) -> dict[str, object]:
    coming = list(arrivals(minutes))
    devices = {name: Browser(hall.port) for name in sorted({one.device for one in coming})}
    for name, browser in devices.items():
        browser.ask("GET", f"/t/{hall.codes[hash(name) % len(hall.codes)]}/")
    begun = time.monotonic()
    evening = Evening(hall, fifo, begun + minutes * 60)

    def run(work, *words) -> threading.Thread:  # type: ignore[no-untyped-def]
        def guarded() -> None:
            try:
                work(*words)
            except Exception as error:  # noqa: BLE001  a thread that fails is told in the result
                evening.failures.append(repr(error))

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    threads = [run(evening.send, coming[part::SENDERS], devices, begun) for part in range(SENDERS)]
    threads += [run(evening.moderate, session, number) for number, session in enumerate(hall.sessions)]
    threads.append(run(evening.look))
    for thread in threads:
        thread.join()
    now = time.monotonic()
    # Who still waits has waited at least so long.
    waits = [min(evening.approved.get(text, now), now) - at for text, at in evening.arrived.items()]
    median = round(statistics.median(waits), 1)
    return {
        "bar": "A25",
        "order": "fifo" if fifo else "queue",
        "minutes": minutes,
        "devices": len(devices),
        "posts": len(coming),
        "honest": len(waits),
        "honest_median_wait_s": median,
        "honest_still_waiting": sum(1 for text in evening.arrived if text not in evening.approved),
        "decisions": evening.decisions,
        "looks_at_public_pages": evening.looks,
        "unapproved_in_public": len(evening.unapproved_in_public),
        "failures": evening.failures[:3],
        "passed": median < BAR_SECONDS
        and evening.decisions > 0
        and not evening.unapproved_in_public
        and not evening.failures,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--fifo", action="store_true", help="the negative control; must miss the bar")
    options = parser.parse_args()
    with a_hall(options.database, tables=20, moderators=2) as hall:
        hall.start()
        try:
            found = measure(hall, options.minutes, fifo=options.fifo)
        finally:
            hall.stop()
    print(json.dumps({**found, "database": options.database}, ensure_ascii=False))
    return 0 if found["passed"] is not options.fifo else 1


if __name__ == "__main__":
    sys.exit(main())
