"""Many small writes, few transactions: each sender gets its own outcome, after the commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from itertools import chain
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse

from ortsdialog.kernel import group_commit, precedence
from ortsdialog.kernel.group_commit import Full, GroupCommit, Stopped

Numbers = GroupCommit[int, Sequence[int], int]


def doubling(batches: list[list[int]], gate: threading.Event | None = None) -> Numbers:
    """Doubles numbers and notes which came together; waits for the gate before each batch."""

    def write(ready: Sequence[int]) -> list[int]:
        if gate is not None:
            assert gate.wait(10)
        batches.append(list(ready))
        return [2 * number for number in ready]

    return GroupCommit(list, write, name="doubling")


def test_each_sender_gets_its_own_outcome_and_what_waits_is_one_batch() -> None:
    batches: list[list[int]] = []
    gate = threading.Event()
    commit = doubling(batches, gate)

    async def many() -> list[int]:
        tasks = [asyncio.create_task(commit.put(number)) for number in range(40)]
        await asyncio.sleep(0.1)
        gate.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(many()) == [2 * number for number in range(40)]
    # The first went alone or with a few; the rest waited for it and came together.
    assert len(batches) <= 3
    assert sorted(chain.from_iterable(batches)) == list(range(40))
    commit.stop()


def test_a_batch_has_a_greatest_size(monkeypatch: Any) -> None:
    monkeypatch.setattr(group_commit, "MOST_IN_A_BATCH", 4)
    batches: list[list[int]] = []
    gate = threading.Event()
    commit = doubling(batches, gate)

    async def many() -> None:
        tasks = [asyncio.create_task(commit.put(number)) for number in range(10)]
        await asyncio.sleep(0.1)
        gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(many())
    assert max(len(batch) for batch in batches) == 4
    commit.stop()


def test_what_write_raises_reaches_every_sender_and_the_next_batch_is_fine() -> None:
    troubles = [OperationalError("disk is full"), ValueError("a mistake of ours")]

    def write(ready: Sequence[int]) -> list[int]:
        if troubles:
            raise troubles.pop(0)
        return list(ready)

    commit: Numbers = GroupCommit(list, write, name="failing")
    with pytest.raises(OperationalError):
        asyncio.run(commit.put(1))
    with pytest.raises(ValueError, match="of ours"):
        asyncio.run(commit.put(2))
    assert asyncio.run(commit.put(3)) == 3
    commit.stop()


def test_too_much_at_once_is_refused_and_takes_nothing(monkeypatch: Any) -> None:
    monkeypatch.setattr(group_commit, "MOST_WAITING", 2)
    batches: list[list[int]] = []
    gate = threading.Event()
    commit = doubling(batches, gate)

    async def crowd() -> list[Any]:
        tasks = []
        for number in range(6):
            tasks.append(asyncio.create_task(commit.put(number)))
            await asyncio.sleep(0.02)
        gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(crowd())
    refused = [outcome for outcome in outcomes if isinstance(outcome, Full)]
    assert refused
    assert sum(map(len, batches)) + len(refused) == 6
    commit.stop()


def test_stop_answers_what_waits_and_takes_nothing_more() -> None:
    batches: list[list[int]] = []
    gate = threading.Event()
    commit = doubling(batches, gate)

    async def stopping() -> list[Any]:
        tasks = [asyncio.create_task(commit.put(number)) for number in range(5)]
        await asyncio.sleep(0.05)
        threading.Timer(0.05, gate.set).start()
        await asyncio.to_thread(commit.stop)
        with pytest.raises(Stopped):
            await commit.put(9)
        return await asyncio.gather(*tasks)

    assert asyncio.run(stopping()) == [0, 2, 4, 6, 8]


def test_a_page_that_is_being_made_goes_first(monkeypatch: Any) -> None:
    monkeypatch.setattr(precedence, "LONGEST_WAIT_SECONDS", 10)
    batches: list[list[int]] = []
    commit = doubling(batches)

    async def beside_a_page() -> int:
        with precedence.a_page():
            task = asyncio.create_task(commit.put(4))
            await asyncio.sleep(0.3)
            assert batches == []
        return await task

    assert asyncio.run(beside_a_page()) == 8
    commit.stop()


def test_a_page_waits_for_a_crowd(monkeypatch: Any) -> None:
    monkeypatch.setattr(precedence, "LONGEST_WAIT_SECONDS", 10)
    monkeypatch.setattr(group_commit, "MANY_WAITING", 0)
    commit = doubling([])
    with precedence.a_page():
        assert asyncio.run(asyncio.wait_for(commit.put(4), 5)) == 8
    commit.stop()


def test_a_page_without_end_keeps_nobody_from_handing_in() -> None:
    commit = doubling([])
    with precedence.a_page():
        assert asyncio.run(commit.put(4)) == 8
    commit.stop()


def test_what_django_answers_is_a_page(rf: Any) -> None:
    seen: list[int] = []

    def answer(request: Any) -> HttpResponse:
        seen.append(precedence._pages)
        return HttpResponse()

    precedence.PagesFirstMiddleware(answer)(rf.get("/"))
    assert (seen, precedence._pages) == ([1], 0)
    assert "ortsdialog.kernel.precedence.PagesFirstMiddleware" in settings.MIDDLEWARE
