"""The other side of machine translation: a small server that speaks LibreTranslate's /translate and /languages."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KURDISH = "Ji bo malbatên ciwan xaniyên erzan tune ne."
WORDS = {
    ("de", "ar"): "نحتاج إلى طبيب في القرية",
    ("de", "en"): "We need a doctor in the village",
    ("ar", "de"): "Wir brauchen einen Arzt im Dorf",
    ("de", "uk"): "Нам потрібен лікар у селі",
}


@dataclass
class Elsewhere:
    """What the server does, and what it was asked."""

    mood: str = "well"
    asked: list[dict[str, Any]] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        text = WORDS.get((body.get("source", ""), body.get("target", "")), "")
        plain: dict[str, tuple[int, bytes]] = {
            "well": (200, json.dumps({"translatedText": text}).encode()),
            "slow down": (429, b'{"error": "Slowdown"}'),
            "broken": (500, b"<html>oops</html>"),
            "no key": (403, b'{"error": "Invalid API key"}'),
            "unsupported": (400, b'{"error": "ti is not supported"}'),
            "garbage": (200, b"\xff\xfe not json"),
            "another shape": (200, b'{"translatedText": ["a"]}'),
            "a list": (200, b"[]"),
            "empty": (200, b'{"translatedText": "  "}'),
            "echo": (200, json.dumps({"translatedText": body.get("q", "")}).encode()),
            "wrong language": (
                200,
                json.dumps({"translatedText": KURDISH}).encode(),
            ),
            "far too long": (200, json.dumps({"translatedText": "We need a doctor. " * 200}).encode()),
            "huge": (200, b'{"translatedText": "' + b"a" * 3_000_000 + b'"}'),
        }
        if self.mood == "asleep":
            time.sleep(1.5)
        if self.mood == "drips":
            to.send_response(200)
            to.send_header("Content-Type", "application/json")
            to.end_headers()
            for _ in range(30):
                to.wfile.write(b" ")
                to.wfile.flush()
                time.sleep(0.1)
            return
        if self.mood == "elsewhere":
            to.send_response(307)
            to.send_header("Location", f"{self.url}/other/translate")
            to.end_headers()
            return
        status, raw = plain.get(self.mood, plain["well"])
        to.send_response(status)
        to.send_header("Content-Type", "application/json")
        if status == 429:
            to.send_header("Retry-After", "7")
        to.send_header("Content-Length", str(len(raw)))
        to.end_headers()
        to.wfile.write(raw)


@contextmanager
def translation_server_running() -> Iterator[Elsewhere]:
    """A LibreTranslate look-alike on a free port of this machine."""
    elsewhere = Elsewhere()

    class Speaks(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/translate":
                elsewhere.followed.append(self.path)
            elsewhere.asked.append(body)
            with suppress(BrokenPipeError, ConnectionResetError):
                elsewhere.answer(self, body)

        def do_GET(self) -> None:
            languages = [{"code": "de", "name": "German", "targets": ["ar", "en"]}, {"code": "ar", "targets": ["de"]}]
            if elsewhere.mood == "only others":
                languages = [{"code": "es", "targets": ["pt"]}]
            raw = b"{}" if elsewhere.mood == "garbage" else json.dumps(languages).encode()
            self.send_response(500 if elsewhere.mood == "broken" else 200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Speaks)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    elsewhere.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield elsewhere
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
