"""A client for a LibreTranslate address: one text in, its translation out, or a reason why not. Off by default.

It speaks to the configured server alone: it follows no redirect, uses no proxy, and reads an answer only up to a limit
of size and time. It runs in jobs, never while somebody waits for a page.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from ortsdialog.kernel.language.recognition import recognise

# Seconds for one answer, from the first byte sent to the last one read.
PATIENCE = 20
# Two thousand characters, each written as two escapes of six.
LARGEST_ANSWER = 64 * 1024
# How long to leave a server alone, in seconds: where it does not say itself, and at most.
PAUSE = 60
LONGEST_PAUSE = 3_600
# The key is wrong or used up: a person has to look, so there is no hurry.
PAUSE_WITHOUT_ACCESS = 900


class TranslationFailed(Exception):
    """There is no translation now; the words say why."""


class ServerUnwell(TranslationFailed):
    """The server answers nobody just now, or not us. Nothing should be sent to it for `pause` seconds."""

    def __init__(self, why: str, pause: int = PAUSE) -> None:
        super().__init__(why)
        self.pause = max(1, min(pause, LONGEST_PAUSE))


class TextRefused(TranslationFailed):
    """The server lives, but makes nothing of this text or of this pair of languages."""


@dataclass(frozen=True)
class Server:
    """Where texts are translated. `host` is its name, as people are told where their words go."""

    secure: bool
    host: str
    port: int | None
    path: str
    key: str = field(repr=False)


def translation_server() -> Server | None:
    """The configured server; None where machine translation is off."""
    if not settings.TRANSLATION_URL:
        return None
    parts = urlsplit(settings.TRANSLATION_URL)
    return Server(
        parts.scheme == "https", parts.hostname or "", parts.port, parts.path.rstrip("/"), settings.TRANSLATION_KEY
    )


def translate(server: Server, text: str, *, source: str, target: str) -> str:
    """The text in the target language. Raises ServerUnwell or TextRefused."""
    body = {"q": text, "source": source, "target": target, "format": "text"}
    if server.key:
        body["api_key"] = server.key
    answer = _ask(server, "POST", "/translate", body)
    translated = answer.get("translatedText") if isinstance(answer, dict) else None
    if not isinstance(translated, str) or not translated.strip():
        raise TextRefused("The answer holds no translation.")
    if len(translated) > 4 * len(text) + 200:
        raise TextRefused("The answer is far longer than the text.")
    if translated.strip() == text.strip() or recognise(translated) not in ("", target):
        raise TextRefused(f"The answer is not written in {target}.")
    return translated.strip()


def offered_languages(server: Server, *, patience: float = PATIENCE) -> dict[str, set[str]]:
    """What the server translates: source → targets. Raises TranslationFailed."""
    answer = _ask(server, "GET", "/languages", patience=patience)
    try:
        return {str(one["code"]): {str(code) for code in one.get("targets", [])} for one in answer}
    except (TypeError, KeyError, AttributeError) as error:
        raise TextRefused("The answer is no list of languages.") from error


def _ask(server: Server, method: str, path: str, body: Any = None, *, patience: float = PATIENCE) -> Any:
    deadline = time.monotonic() + patience
    connection: http.client.HTTPConnection
    if server.secure:
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(server.host, server.port, timeout=patience, context=context)
    else:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=patience)
    try:
        payload = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Ortsdialog"}
        connection.request(method, server.path + path, payload, headers)
        with connection.getresponse() as response:
            _judge(response)
            raw = _read(connection, response, deadline)
    except (OSError, http.client.HTTPException) as error:
        # Its words may name addresses inside the town's network: only the kind of failure is told.
        raise ServerUnwell(f"The server does not answer ({type(error).__name__}).") from error
    finally:
        connection.close()
    try:
        return json.loads(raw)
    except ValueError as error:
        raise TextRefused("The answer is not JSON.") from error


def _judge(response: http.client.HTTPResponse) -> None:
    status = response.status
    if status == 200:
        return
    if 300 <= status < 400:
        raise ServerUnwell("The server sends to another address, which is not followed.", PAUSE_WITHOUT_ACCESS)
    if status in (401, 403):
        raise ServerUnwell("The server does not accept the key.", PAUSE_WITHOUT_ACCESS)
    if status == 429 or status >= 500:
        raise ServerUnwell(f"The server answers with {status}.", _wished_pause(response))
    raise TextRefused(f"The server answers with {status}.")


def _wished_pause(response: http.client.HTTPResponse) -> int:
    wished = response.headers.get("Retry-After", "")
    return int(wished) if wished.isdecimal() and len(wished) < 6 else PAUSE


def _read(connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole answer. A server that drips byte by byte would otherwise hold the worker for hours."""
    raw = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(16_384)
        if not piece:
            return bytes(raw)
        raw += piece
        if len(raw) > LARGEST_ANSWER:
            raise TextRefused("The answer is too large.")
