from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils import timezone

from ortsdialog.kernel.live import announce
from ortsdialog.kernel.live import hub as hub_module
from ortsdialog.kernel.live.events import KEPT_FOR, LiveEvent, forget_old_events
from ortsdialog.kernel.live.hub import REPLAYED, Hub, event_stream
from ortsdialog.kernel.tenancy import open_place, open_places

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "gathering:17"


class Listener:
    """Somebody's open page: reads the stream part by part."""

    def __init__(self, answer: StreamingHttpResponse) -> None:
        self.parts: AsyncIterator[bytes] = answer.__aiter__()

    async def next(self) -> str:
        return (await asyncio.wait_for(anext(self.parts), 10)).decode()

    async def events(self, number: int) -> list[tuple[int, str, str]]:
        found: list[tuple[int, str, str]] = []
        while len(found) < number:
            found += [
                (int(key), name, thing)
                for key, name, thing in re.findall(r"id: (\d+)\nevent: (.*)\ndata: (.*)\n\n", await self.next())
            ]
        return found

    async def silence(self, seconds: float = 0.6) -> None:
        """Nothing comes. Ends the stream, so it stands last."""
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(self.parts), seconds)


def _run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Play a scene in a loop with a hub of its own; what it leaves running is ended."""

    async def play() -> None:
        try:
            await scene()
        finally:
            hub_module.hub.close_all()
            if hub_module.hub.task:
                await hub_module.hub.task

    asyncio.run(play())


@pytest.fixture(autouse=True)
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    made = Hub()
    monkeypatch.setattr(hub_module, "hub", made)
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.02)
    return made


@sync_to_async(thread_sensitive=False)
def tell(thing: int, *, topic: str = TOPIC, **fields: Any) -> int:
    try:
        event = announce(topic, "statement", thing)
        LiveEvent.objects.filter(pk=event.pk).update(**fields or {"name": "statement"})
        return event.pk
    finally:
        connection.close()


async def open_page(topic: str = TOPIC, last_event_id: str | None = None) -> Listener:
    listener = Listener(await event_stream(topic, last_event_id=last_event_id))
    assert await listener.next() == "retry: 1000\n\n"
    return listener


def test_open_pages_hear_what_happens_on_their_topic() -> None:
    async def scene() -> None:
        one, two, other = await open_page(), await open_page(), await open_page("table:3")
        waiting = asyncio.create_task(one.events(1))
        await asyncio.sleep(0.1)
        key = await tell(5)
        assert await waiting == await two.events(1) == [(key, "statement", "5")]
        await other.silence()

    _run(scene)


def test_event_of_a_rolled_back_change_is_not_heard() -> None:
    with transaction.atomic():
        announce(TOPIC, "statement", 5)
        transaction.set_rollback(True)
    assert not LiveEvent.objects.exists()


def test_event_in_an_open_transaction_is_heard_after_the_commit() -> None:
    async def scene() -> None:
        page = await open_page()
        begun, commit = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def write() -> None:
            try:
                with transaction.atomic():
                    announce(TOPIC, "statement", 5)
                    loop.call_soon_threadsafe(begun.set)
                    asyncio.run_coroutine_threadsafe(commit.wait(), loop).result(10)
            finally:
                connection.close()

        writing = asyncio.create_task(asyncio.to_thread(write))
        await begun.wait()
        hearing = asyncio.create_task(page.events(1))
        await asyncio.sleep(0.3)
        assert not hearing.done()
        commit.set()
        await writing
        assert [thing for _, _, thing in await hearing] == ["5"]

    _run(scene)


@pytest.mark.one_database("postgres", reason="SQLite has one writer, so ids are committed in their order")
def test_late_commit_with_an_earlier_id_is_still_heard() -> None:
    async def scene() -> None:
        page = await open_page()
        begun, commit = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def write() -> None:
            try:
                with transaction.atomic():
                    announce(TOPIC, "statement", "early id")
                    loop.call_soon_threadsafe(begun.set)
                    asyncio.run_coroutine_threadsafe(commit.wait(), loop).result(10)
            finally:
                connection.close()

        writing = asyncio.create_task(asyncio.to_thread(write))
        await begun.wait()
        later = await tell(6)
        assert await page.events(1) == [(later, "statement", "6")]
        commit.set()
        await writing
        ((key, _, thing),) = await page.events(1)
        assert (thing, key < later) == ("early id", True)

    _run(scene)


def test_ids_out_of_order_are_all_heard_once() -> None:
    """The same as a late commit, on both databases: a smaller id turns up after a larger one."""

    @sync_to_async(thread_sensitive=False)
    def appear(key: int) -> None:
        LiveEvent.objects.create(pk=key, topic=TOPIC, name="statement", object_id=str(key))
        connection.close()

    async def scene() -> None:
        page = await open_page()
        for key in (1000, 999, 1001, 950):
            await appear(key)
            assert await page.events(1) == [(key, "statement", str(key))]
        await page.silence()

    _run(scene)


def test_returning_page_hears_what_it_missed_then_what_comes_and_nothing_else() -> None:
    async def scene() -> None:
        old = {"created_at": timezone.now() - REPLAYED - timedelta(minutes=5)}
        keys = [await tell(thing, **old) for thing in range(1, 6)]
        await tell(9, topic="table:3", **old)
        page = await open_page(last_event_id=str(keys[1]))
        assert [key for key, _, _ in await page.events(3)] == keys[2:]
        await page.silence(0.3)

    _run(scene)


def test_returning_page_then_hears_the_next_event_once() -> None:
    async def scene() -> None:
        old = {"created_at": timezone.now() - timedelta(hours=1)}
        keys = [await tell(thing, **old) for thing in (1, 2)]
        page = await open_page(last_event_id=str(keys[0]))
        assert [key for key, _, _ in await page.events(1)] == [keys[1]]
        key = await tell(3)
        assert [found for found, _, _ in await page.events(1)] == [key]
        await page.silence()

    _run(scene)


def test_new_page_hears_the_last_seconds_once_and_no_history() -> None:
    """Between rendering a page and opening its stream something may have happened."""

    async def scene() -> None:
        await tell(1, created_at=timezone.now() - timedelta(hours=1))
        recent = await tell(2)
        first = await open_page()
        assert [key for key, _, _ in await first.events(1)] == [recent]
        await first.silence()
        second = await open_page()
        assert [key for key, _, _ in await second.events(1)] == [recent]
        await second.silence()

    _run(scene)


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "1; DROP", "²"])
def test_nonsense_as_last_event_id_is_ignored(nonsense: str) -> None:
    async def scene() -> None:
        await tell(1, created_at=timezone.now() - timedelta(hours=1))
        page = await open_page(last_event_id=nonsense)
        await page.silence(0.3)

    _run(scene)


def test_all_streams_end_when_the_server_stops() -> None:
    async def scene() -> None:
        pages = [await open_page(), await open_page("table:3")]
        waiting = [asyncio.create_task(anext(page.parts, "end")) for page in pages]
        await asyncio.sleep(0.1)
        hub_module.close_all()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 2) == ["end", "end"]
        assert hub_module.hub.listeners == {}
        late = Listener(await event_stream(TOPIC))
        assert await late.next() == "retry: 1000\n\n"
        with pytest.raises(StopAsyncIteration):
            await late.next()

    _run(scene)


def test_poller_stops_when_nobody_listens_and_starts_again(own_hub: Hub) -> None:
    async def scene() -> None:
        page = await open_page()
        waiting = asyncio.create_task(anext(page.parts))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        task = own_hub.task
        assert task
        await asyncio.wait_for(task, 2)
        assert own_hub.listeners == {}
        again = await open_page()
        key = await tell(5)
        assert [found for found, _, _ in await again.events(1)] == [key]

    _run(scene)


def test_silent_stream_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "HEARTBEAT_SECONDS", 0.1)

    async def scene() -> None:
        page = await open_page()
        assert await page.next() == ": still here\n\n"
        key = await tell(5)
        assert [found for found, _, _ in await page.events(1)] == [key]

    _run(scene)


def test_streams_survive_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hub_module, "PAUSE_AFTER_FAILURE_SECONDS", 0.05)
    works = hub_module._recent
    rounds: list[int] = []

    async def sometimes(since: Any) -> Any:
        rounds.append(1)
        if len(rounds) < 4:
            raise ConnectionError("away")
        return await works(since)

    monkeypatch.setattr(hub_module, "_recent", sometimes)

    async def scene() -> None:
        page = await open_page()
        waiting = asyncio.create_task(page.events(1))
        while len(rounds) < 5:
            await asyncio.sleep(0.01)
        key = await tell(5)
        assert [found for found, _, _ in await waiting] == [key]

    with caplog.at_level(logging.ERROR):
        _run(scene)
    assert caplog.text.count("The live events could not be read.") == 3


def test_poller_belongs_to_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(hub_module.Hub, "_hand_out", lambda self, recent: seen.append(open_places()))

    async def scene() -> None:
        with open_place(1):
            page = await open_page()
            waiting = asyncio.create_task(anext(page.parts))
            await asyncio.sleep(0.2)
            waiting.cancel()

    _run(scene)
    assert set(seen) == {None}


def test_stream_is_not_stored_and_not_buffered() -> None:
    answer = asyncio.run(event_stream(TOPIC))
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Accel-Buffering"] == "no"
    answer.close()


def test_event_carries_one_line_each() -> None:
    for name, thing in (("state\nment", 1), ("statement", "1\ndata: x")):
        with pytest.raises(ValueError, match="one line"):
            announce(TOPIC, name, thing)


def test_old_events_are_forgotten() -> None:
    for age in (timedelta(), KEPT_FOR - timedelta(minutes=1), KEPT_FOR + timedelta(minutes=1)):
        event = announce(TOPIC, "statement", 1)
        LiveEvent.objects.filter(pk=event.pk).update(created_at=timezone.now() - age)
    assert forget_old_events() == 1
    assert LiveEvent.objects.count() == 2


def test_open_stream_holds_no_connection_of_the_request_that_asked_for_it() -> None:
    """A pool has few connections, and a hall has many walls."""

    async def scene() -> None:
        in_the_request = sync_to_async(lambda: connection.connection is not None)
        await sync_to_async(lambda: connection.ensure_connection())()
        assert await in_the_request()
        (await event_stream(TOPIC)).close()
        assert not await in_the_request()

    _run(scene)
