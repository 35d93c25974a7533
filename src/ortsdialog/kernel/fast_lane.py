"""Addresses that are answered before Django: what a whole hall asks for at once.

Django gives each request a thread and a dozen middlewares, which is right for pages and too much for thousands of
short answers (decision 0010 has the figures). A context registers an ASGI application for a pattern of paths; it has
no session, no language and no user, and has to see to its own safety: `is_foreign` is the part that all need.
Each entry says who may come in, as a view does; the tests walk over them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import validate_host

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[..., Awaitable[None]]

# What is answered here is fetched by our own pages; opened by itself it may do nothing.
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
]


@dataclass(frozen=True)
class Lane:
    """One address: the pattern's named groups are handed to the application as text."""

    name: str
    method: str
    pattern: re.Pattern[str]
    application: Application
    door: str


_lanes: list[Lane] = []


def register(name: str, method: str, pattern: str, application: Application, *, door: str) -> None:
    """Answer `method` on paths that match `pattern` as a whole. `door` says who may come in, in words."""
    if any(lane.name == name for lane in _lanes):
        return
    _lanes.append(Lane(name, method, re.compile(pattern), application, door))


def lanes() -> tuple[Lane, ...]:
    return tuple(_lanes)


def find(scope: Scope) -> tuple[Lane, dict[str, str]] | None:
    """The lane of a request with what its path says; None for everything that is Django's."""
    for lane in _lanes:
        if lane.method == scope["method"] and (match := lane.pattern.fullmatch(scope["path"])):
            return lane, match.groupdict()
    return None


class TooLong(Exception):
    """The body is longer than anything this address takes."""


class Gone(Exception):
    """The sender has gone before the body was complete."""


async def read_body(receive: Receive, *, longest: int) -> bytes:
    """The whole body. Raises `TooLong` after `longest` bytes, `Gone` when the connection is closed before."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        length += len(part)
        if length > longest:
            raise TooLong
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def cookies_of(headers: Mapping[str, str]) -> dict[str, str]:
    return parse_cookie(headers.get("cookie", ""))


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether another site's page sends this, or it names a host that is not ours.

    Stands where Django has its token against forged requests. A token would strand old pages: it is bound to a
    cookie that may be gone when a phone comes back with a full outbox. Browsers say where a request comes from
    (`Sec-Fetch-Site`, `Origin`), and JSON from another site never leaves them without our consent.
    """
    host = headers.get("host", "")
    if not validate_host(urlsplit(f"//{host}").hostname or "", settings.ALLOWED_HOSTS):
        return True
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in {host, urlsplit(settings.BASE_URL).netloc}


async def answer_json(send: Send, status: int, said: Mapping[str, Any], *, retry_after: int | None = None) -> None:
    await answer(send, status, json.dumps(said).encode(), b"application/json", retry_after=retry_after)


async def answer(send: Send, status: int, body: bytes, content_type: bytes, *, retry_after: int | None = None) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *_HEADERS]
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
