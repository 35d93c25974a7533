"""Many small writes, few transactions: what arrives during one sync to disk is the next batch.

A sync to disk costs the same for one row as for two hundred. One thread a process takes what is there, writes it in
one transaction and answers each sender after the commit: whoever gets an answer has it on disk. There is no waiting
for a batch to fill; under light load a batch holds one item.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import Error, connection

from ortsdialog.kernel.precedence import give_way, let_pages_go_first

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Ready = TypeVar("Ready")
Outcome = TypeVar("Outcome")

# Written in two hundredths of a second. A larger batch is little cheaper, and keeps everybody else waiting.
MOST_IN_A_BATCH = 40
# So many that nobody goes before them any more.
MANY_WAITING = 400
# Two thousand phones with two statements each. Beyond it a sender is asked to come back.
MOST_WAITING = 4000


class Full(RuntimeError):
    """Too much waits already. Nothing was taken; the sender keeps it and tries again."""


class Stopped(RuntimeError):
    """The process is about to end. Nothing was taken; the sender keeps it and tries again."""


@dataclass
class _Waiting(Generic[Item, Outcome]):
    item: Item
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Outcome]


class GroupCommit(Generic[Item, Ready, Outcome]):
    """`prepare` does what can be done before the transaction; `write` stores what it gave.

    `write` returns one outcome an item, in order, once all of it is on disk. What it raises is raised to every sender
    of the batch; it must then have stored nothing of it. Both run in one thread with a database connection of its own.
    """

    def __init__(
        self,
        prepare: Callable[[Sequence[Item]], Ready],
        write: Callable[[Ready], Sequence[Outcome]],
        *,
        name: str,
    ) -> None:
        self._prepare = prepare
        self._write = write
        self._name = name
        self._waiting: queue.SimpleQueue[_Waiting[Item, Outcome] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = False

    async def put(self, item: Item) -> Outcome:
        """Hand in one item; returns when it is on disk. Raises `Full`, `Stopped`, or what `write` raised."""
        if self._stopping:
            raise Stopped
        if self._waiting.qsize() >= MOST_WAITING:
            raise Full
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.put(_Waiting(item, loop, future))
        if self._thread is None or not self._thread.is_alive():
            # Begun with the first item: a server forks its workers after it has loaded the application.
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        return await future

    def stop(self) -> None:
        """Take nothing more. What waits is still written and answered; returns when it is."""
        self._stopping = True
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if first is not None:
                self._let_pages_go_first()
            batch = ([] if first is None else [first]) + list(self._what_is_there())
            if batch:
                self._answer(batch, self._outcomes([one.item for one in batch]))
            if first is None and self._waiting.empty():
                break
        connection.close()

    def _let_pages_go_first(self) -> None:
        crowd = self._waiting.qsize() >= MANY_WAITING
        give_way(not crowd)
        if not crowd:
            let_pages_go_first()

    def _what_is_there(self) -> Iterator[_Waiting[Item, Outcome]]:
        for _ in range(MOST_IN_A_BATCH - 1):
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                return
            if following is None:
                # Told to stop in the middle of a batch: the end stands behind it.
                self._waiting.put(None)
                return
            yield following

    def _outcomes(self, items: Sequence[Item]) -> Sequence[Outcome | BaseException]:
        try:
            ready = self._prepare(items)
            self._let_pages_go_first()
            return self._write(ready)
        except Error as error:
            # A connection that has failed once may fail for ever.
            with suppress(Error):
                connection.close()
            log.warning("%s: %d items could not be stored: %s", self._name, len(items), error)
            return [error] * len(items)
        except Exception as error:
            log.exception("%s: %d items could not be stored.", self._name, len(items))
            return [error] * len(items)

    @staticmethod
    def _answer(batch: list[_Waiting[Item, Outcome]], outcomes: Sequence[Outcome | BaseException]) -> None:
        """One call into the event loop for all of them."""
        loops = {one.loop for one in batch}
        for loop in loops:
            pairs = [(one, outcome) for one, outcome in zip(batch, outcomes, strict=True) if one.loop is loop]
            try:
                loop.call_soon_threadsafe(_resolve, pairs)
            except RuntimeError:
                # The loop was closed meanwhile: the sender has no answer, and asks again with the same id.
                log.warning("%d answers found nobody any more.", len(pairs))


def _resolve(pairs: list[tuple[_Waiting[Item, Outcome], Outcome | BaseException]]) -> None:
    for one, outcome in pairs:
        if one.future.done():
            continue
        if isinstance(outcome, BaseException):
            one.future.set_exception(outcome)
        else:
            one.future.set_result(outcome)
