"""The demonstration from an empty folder, as a stranger starts it: its pages, its sign-ins, its stop and its return."""

from __future__ import annotations

import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.sites import free_port

pytestmark = [
    pytest.mark.timeout(400),
    # The demo always brings its own SQLite file, whatever database the tests run on.
    pytest.mark.one_database("sqlite", reason="the demo runs on SQLite only"),
]

FIRST_START_SECONDS = 120
# Three times what is promised for a machine that has nothing else to do: here other tests run beside it.
NEXT_START_SECONDS = 30
STOP_SECONDS = 10
PAGES = 300

# What a stranger must be able to reach from the front page by following links, …
PUBLIC = {
    "programme": r"/programme/[\w-]+/",
    "place": r"/orte/[\w-]+/",
    "process": r"/orte/[\w-]+/dialoge/[\w-]+/",
    "event": r"/orte/[\w-]+/dialoge/[\w-]+/veranstaltungen/[\w-]+/",
    "plan": r"/orte/[\w-]+/dialoge/[\w-]+/plan/",
    "measure": r"/orte/[\w-]+/dialoge/[\w-]+/massnahmen/\d+/",
}
# … and what staff must be able to reach from the desk: the codes are for the people in the hall.
IN_THE_HALL = {"table": r"/t/[\w-]+/", "wall": r"/wand/[\w-]+/"}
KINDS = PUBLIC | IN_THE_HALL
# Leaving is tried by nobody who still wants to look around.
LEAVING = re.compile(r"/konto/")
# Signs of a template that was not rendered.
UNRENDERED = ("<c-", "{%", "%}", "{{", "}}")
SIGN_IN = re.compile(
    r"^  (?P<role>\S.*?)  +(?P<email>\S+@\S+)  (?P<password>\S+)(?P<second>  zweiter Faktor: \S+)?$", re.MULTILINE
)


class Demo:
    """One start of `ortsdialog demo`, and what it printed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None
        self.seconds = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        return (self.folder / "printed.txt").read_text(encoding="utf-8")

    def start(self, within: float) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
        begun = time.monotonic()
        with (self.folder / "printed.txt").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ortsdialog", "demo", "--port", str(self.port)],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        while "Beenden mit Strg-C" not in self.printed:
            assert self.process.poll() is None, f"The demo ended by itself:\n{self.printed}"
            assert time.monotonic() - begun < within, f"The demo was not there after {within} s:\n{self.printed}"
            time.sleep(0.05)
        self.seconds = time.monotonic() - begun

    def press_ctrl_c(self) -> float:
        """Seconds until everything had ended."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        assert code == 0, self.printed
        self.process = None
        return time.monotonic() - begun

    def is_own(self, address: str) -> bool:
        return address == self.url or address.startswith(self.url + "/")

    def get(self, path: str, cookies: str = "") -> tuple[int, str, str]:
        """Status, media type and text of a page; redirects within the site are followed."""
        for _ in range(5):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", path, headers={"Accept-Language": "de", "Cookie": cookies})
                response = connection.getresponse()
                body = response.read()
                target = response.getheader("Location")
                if not 300 <= response.status < 400 or target is None:
                    kind = response.getheader("Content-Type", "").split(";")[0]
                    return response.status, kind, body.decode("utf-8", errors="replace") if kind == "text/html" else ""
                assert urlsplit(target).netloc in {"", f"127.0.0.1:{self.port}"}, f"{path} leads to {target}"
                # A host's card leads through a page that leaves a cookie.
                given = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
                cookies = "; ".join(filter(None, [cookies, *given]))
                path = urljoin(path, urlsplit(target)._replace(scheme="", netloc="").geturl())
            finally:
                connection.close()
        raise AssertionError(f"{path} leads round in circles")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"), free_port())
    try:
        running.start(FIRST_START_SECONDS)
        yield running
    finally:
        if running.process is not None:
            running.process.terminate()
            running.process.wait(30)


class Links(HTMLParser):
    """Where a page leads, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag in {"script", "img", "iframe", "source", "audio", "video"} and found.get("src"):
            self.loads.append(str(found["src"]))
        if tag == "link" and found.get("rel") in {"stylesheet", "icon", "preload", "manifest", "modulepreload"}:
            self.loads.append(str(found["href"]))


def crawl(demo: Demo, start: str = "/", cookies: str = "") -> tuple[dict[str, str], list[str]]:
    """Every page that links lead to, at most PAGES of them, and everything that is wrong with them."""
    waiting, seen, pages, faults = [start], {start}, {}, []
    while waiting and len(pages) < PAGES:
        path = waiting.pop(0)
        status, kind, text = demo.get(path, cookies)
        pages[path] = text
        if status != 200:
            faults.append(f"{path}: {status}")
        if kind != "text/html":
            continue
        faults += [f"{path}: {sign} in the page" for sign in UNRENDERED if sign in text]
        links = Links()
        links.feed(text)
        for address in links.loads:
            if not address.startswith("data:") and not demo.is_own(urljoin(demo.url + path, address)):
                faults.append(f"{path}: loads {address}")
        for address in links.links:
            found = urldefrag(urljoin(demo.url + path, address)).url
            target = urlsplit(found)._replace(scheme="", netloc="").geturl() or "/"
            if demo.is_own(found) and target not in seen and not LEAVING.match(target):
                seen.add(target)
                waiting.append(target)
        waiting.sort(key=lambda target: turn(target, pages))
    return pages, faults


def turn(path: str, pages: dict[str, str]) -> int:
    """A page of a kind not seen yet comes first, a page in another language last: there are many of both."""
    if urlsplit(path).query:
        return 2
    return 0 if kind_of(path) and kind_of(path) not in map(kind_of, pages) else 1


def kind_of(path: str) -> str | None:
    return next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, urlsplit(path).path)), None)


def missing(kinds: Iterable[str], pages: Iterable[str]) -> list[str]:
    return sorted(set(kinds) - {kind for kind in map(kind_of, pages) if kind})


def sign_in(page: Page, demo: Demo, email: str, password: str) -> None:
    page.goto(f"{demo.url}/schreibtisch/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/schreibtisch/**")


def receipt_codes(demo: Demo) -> list[str]:
    """Codes that guests of the demo hold. No page lists them, so they are read where they are kept."""
    with closing(sqlite3.connect(f"file:{demo.folder}/.demo/ortsdialog.sqlite3?mode=ro", uri=True)) as database:
        return [code for (code,) in database.execute("SELECT receipt_code FROM contributions_statement LIMIT 40")]


def test_every_page_a_stranger_is_led_to_answers(demo: Demo) -> None:
    pages, faults = crawl(demo)
    assert faults == []
    assert missing(PUBLIC, pages) == []


def test_every_receipt_shows_its_way(demo: Demo) -> None:
    codes = receipt_codes(demo)
    assert codes
    assert [code for code in codes if demo.get(f"/weg/{code}/")[0] != 200] == []


def test_every_printed_sign_in_opens_the_desk(demo: Demo, open_page: Callable[..., Page]) -> None:
    found = list(SIGN_IN.finditer(demo.printed))
    assert len(found) >= 3, demo.printed
    for one in found:
        page = open_page()
        sign_in(page, demo, one["email"], one["password"])
        assert page.locator("h1").first.inner_text(), one["role"]


def test_every_page_the_coordinator_is_led_to_answers(demo: Demo, page: Page) -> None:
    first = next(SIGN_IN.finditer(demo.printed))
    sign_in(page, demo, first["email"], first["password"])
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    pages, faults = crawl(demo, "/schreibtisch/", cookies)
    assert faults == []
    assert missing(IN_THE_HALL, pages) == []


def test_ctrl_c_ends_it_and_the_next_start_is_quick_and_keeps_the_data(demo: Demo) -> None:
    codes_before = receipt_codes(demo)
    printed_before = SIGN_IN.findall(demo.printed)

    stopped_after = demo.press_ctrl_c()
    with pytest.raises(ConnectionRefusedError):
        demo.get("/")
    demo.start(60)

    assert stopped_after < STOP_SECONDS
    assert demo.seconds < NEXT_START_SECONDS
    # The codes are random: had the data been made anew, they would differ.
    assert receipt_codes(demo) == codes_before
    assert SIGN_IN.findall(demo.printed) == printed_before


def test_a_second_demo_in_the_same_folder_is_refused(demo: Demo) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ortsdialog", "demo"],
        cwd=demo.folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"läuft schon ein Ortsdialog ({demo.url}" in done.stderr
