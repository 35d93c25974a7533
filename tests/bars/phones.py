"""Phones of a hall for the bars: many keep-alive connections from one process, cheap enough to share two cores."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any


class Lost(ConnectionError):
    """No answer: what became of the request is not known."""


class _Wire(asyncio.Protocol):
    """One HTTP/1.1 connection with one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.answer is None or self.answer.done():
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise ValueError(f"no content-length: {head!r}")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return
        status, body = int(head[9:12]), self.buffer[end + 4 : end + 4 + length]
        self.buffer = self.buffer[end + 4 + length :]
        self.answer.set_result((status, body))

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(Lost())


@dataclass
class Phone:
    """A device with its cookies. `ask` raises `Lost` where there is no answer."""

    port: int
    cookie: str = ""
    wire: _Wire | None = field(default=None, repr=False)

    async def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", timeout: float = 30
    ) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(timeout):
                if self.wire is None or self.wire.closed:
                    loop = asyncio.get_running_loop()
                    _transport, self.wire = await loop.create_connection(_Wire, "127.0.0.1", self.port)
                wire = self.wire
                wire.answer = asyncio.get_running_loop().create_future()
                assert wire.transport is not None
                wire.transport.write(
                    f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {content_type}\r\n"
                    f"Content-Length: {len(body)}\r\n{f'Cookie: {self.cookie}' if self.cookie else 'X-No: cookie'}"
                    "\r\n\r\n".encode()
                    + body
                )
                return await wire.answer
        except (OSError, TimeoutError, Lost) as error:
            self.hang_up()
            raise Lost from error

    def hang_up(self) -> None:
        if self.wire is not None and self.wire.transport is not None:
            self.wire.transport.abort()
        self.wire = None


@dataclass(frozen=True)
class Card:
    """What somebody writes: the id is the device's."""

    id: str
    code: str
    text: str

    @classmethod
    def new(cls, code: str, text: str) -> Card:
        return cls(str(uuid.uuid4()), code, text)

    def body(self, *, id: str | None = None) -> bytes:
        said: dict[str, Any] = {"id": id or self.id, "text": self.text, "language": "de", "round": None}
        return json.dumps(said).encode()


async def hand_in(phone: Phone, card: Card, *, id: str | None = None) -> tuple[int, dict[str, Any]]:
    status, body = await phone.ask("POST", f"/t/{card.code}/einwurf/", card.body(id=id))
    return status, json.loads(body) if body else {}


class Stream:
    """A live stream held open: an async iterator of (id, name, what it is about)."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self._open = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def wait_open(self) -> None:
        await self._open.wait()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    async def __aiter__(self) -> AsyncIterator[tuple[str, str, str]]:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise Lost(head.decode())
        self._open.set()
        said: dict[str, str] = {}
        try:
            while line := (await reader.readline()).decode().rstrip("\r\n") + "\n":
                if reader.at_eof() and line == "\n":
                    return
                name, _colon, value = line.rstrip("\n").partition(": ")
                if name in ("id", "event", "data"):
                    said[name] = value
                elif line == "\n" and "event" in said:
                    yield said.get("id", ""), said["event"], said.get("data", "")
                    said = {}
        except (OSError, asyncio.IncompleteReadError):
            return
