"""The demonstration from an empty folder, as a stranger starts it: its pages, its sign-ins, its stop and its return."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
NEXT_START_SECONDS = 10
STOP_SECONDS = 10
PAGES = 300

# What a stranger must be able to reach from the front page by following links.
KINDS = {
    "programme": r"/programme/[\w-]+/",
    "place": r"/orte/[\w-]+/",
    "process": r"/orte/[\w-]+/dialoge/[\w-]+/",
    "event": r"/orte/[\w-]+/dialoge/[\w-]+/veranstaltungen/[\w-]+/",
    "plan": r"/orte/[\w-]+/dialoge/[\w-]+/plan/",
    "measure": r"/orte/[\w-]+/massnahmen/[\w-]+/",
    "table": r"/t/[\w-]+/",
    "wall": r"/wand/[\w-]+/",
    "receipt": r"/weg/[\w-]+/",
}
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

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, media type and text of a page; redirects within the site are followed."""
        for _ in range(5):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", path, headers={"Accept-Language": "de"})
                response = connection.getresponse()
                body = response.read()
                target = response.getheader("Location")
                if not 300 <= response.status < 400 or target is None:
                    kind = response.getheader("Content-Type", "").split(";")[0]
                    return response.status, kind, body.decode("utf-8", errors="replace") if kind == "text/html" else ""
                assert urlsplit(target).netloc in {"", f"127.0.0.1:{self.port}"}, f"{path} leads to {target}"
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


def crawl(demo: Demo) -> tuple[dict[str, str], list[str]]:
    """Every page that links lead to, at most PAGES of them, and everything that is wrong with them."""
    waiting, seen, pages, faults = ["/"], {"/"}, {}, []
    while waiting and len(pages) < PAGES:
        path = waiting.pop(0)
        status, kind, text = demo.get(path)
        pages[path] = text
        if status != 200:
            faults.append(f"{path}: {status}")
        if kind != "text/html":
            continue
        faults += [f"{path}: {sign} in the page" for sign in UNRENDERED if sign in text]
        links = Links()
        links.feed(text)
        for address in links.loads:
            if urlsplit(urljoin(demo.url + path, address)).netloc != f"127.0.0.1:{demo.port}":
                faults.append(f"{path}: loads {address}") if not address.startswith("data:") else None
        for address in links.links:
            found = urlsplit(urldefrag(urljoin(demo.url + path, address)).url)
            target = found._replace(scheme="", netloc="").geturl() or "/"
            inside = found.scheme == "http" and found.netloc == f"127.0.0.1:{demo.port}"
            # One link of each kind first: otherwise the list of one kind would use up all pages.
            if inside and target not in seen:
                seen.add(target)
                new_kind = not any(same_kind(target, other) for other in pages)
                waiting.insert(0, target) if new_kind else waiting.append(target)
    return pages, faults


def same_kind(one: str, other: str) -> bool:
    return next((kind for kind, p in KINDS.items() if re.fullmatch(p, one)), one) == next(
        (kind for kind, p in KINDS.items() if re.fullmatch(p, other)), other
    )


def test_every_linked_page_answers_and_every_kind_is_among_them(demo: Demo) -> None:
    pages, faults = crawl(demo)
    assert faults == []
    missing = [
        kind for kind, pattern in KINDS.items() if not any(re.fullmatch(pattern, urlsplit(p).path) for p in pages)
    ]
    assert missing == []


def test_every_printed_sign_in_opens_the_desk(demo: Demo, open_page: Callable[..., Page]) -> None:
    sign_ins = list(SIGN_IN.finditer(demo.printed))
    assert len(sign_ins) >= 3, demo.printed
    for sign_in in sign_ins:
        page = open_page()
        page.goto(f"{demo.url}/schreibtisch/")
        page.locator("input[name=login]").fill(sign_in["email"])
        page.locator("input[name=password]").fill(sign_in["password"])
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/schreibtisch/**")
        assert page.locator("h1").first.inner_text(), sign_in["role"]


def test_ctrl_c_ends_it_and_the_next_start_is_quick_and_keeps_the_data(demo: Demo) -> None:
    pages_before, _ = crawl(demo)
    printed_before = SIGN_IN.findall(demo.printed)

    stopped_after = demo.press_ctrl_c()
    with pytest.raises(ConnectionRefusedError):
        demo.get("/")
    demo.start(60)

    # Generous: other tests share the machine.
    assert stopped_after < STOP_SECONDS
    assert demo.seconds < NEXT_START_SECONDS * 1.5
    # Receipts and table codes are random: had the data been made anew, these paths would differ.
    kept = [path for path in pages_before if re.fullmatch(f"{KINDS['table']}|{KINDS['receipt']}|{KINDS['wall']}", path)]
    assert kept
    assert [path for path in kept if demo.get(path)[0] != 200] == []
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
