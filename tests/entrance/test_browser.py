"""The watch over the browser's pages: seen catching what it is there for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser import Watched

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")

PAGES = {
    "/fine": '<link rel="icon" href="data:,"><h1>Altdorf</h1>',
    "/foreign": '<link rel="icon" href="data:,"><img src="http://cdn.example/x.png">',
    "/broken": '<link rel="icon" href="data:,"><script src="/broken.js"></script>',
    "/broken.js": "throw new Error('broken on purpose')",
    "/inline": '<link rel="icon" href="data:,"><script>document.title = "x"</script>',
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES[self.path].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src * data:")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the server's log says nothing that the test does not."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "fault"), [("/foreign", "foreign request"), ("/broken", "script error"), ("/inline", "CSP")]
)
def test_watch_catches(browser: Browser, address: str, path: str, fault: str) -> None:
    watched = Watched()
    context = browser.new_context()
    watched.watch(context)
    context.new_page().goto(address + path)
    context.close()
    assert [found.split(":")[0] for found in watched.faults] == [fault]


def test_watch_lets_a_sound_page_pass(browser: Browser, address: str) -> None:
    watched = Watched()
    context = browser.new_context()
    watched.watch(context)
    context.new_page().goto(address + "/fine")
    context.close()
    assert watched.faults == []
