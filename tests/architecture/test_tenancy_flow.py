"""The open place follows the work it was opened for, and nothing else: threads, tasks, async code, streams."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import path

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.tenancy import PlaceNotOpen, open_place, open_places


@pytest.fixture
def ours(altdorf: Place, programme: Programme) -> Process:
    return make_process(altdorf, programme, title="Altdorf spricht")


@pytest.fixture
def theirs(neustadt: Place, programme: Programme) -> Process:
    return make_process(neustadt, programme, title="Neustadt-Geheimnis")


@pytest.mark.django_db
def test_new_thread_starts_with_nothing_open(ours: Process) -> None:
    found: list[Any] = []

    def look() -> None:
        try:
            found.append(open_places())
            Process.objects.exists()
        except PlaceNotOpen as refusal:
            found.append(refusal)
        finally:
            connection.close()

    with open_place(ours.place_id):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found[0] is None
    assert isinstance(found[1], PlaceNotOpen)


@pytest.mark.django_db
def test_place_follows_into_sync_code_of_an_async_view(ours: Process, theirs: Process) -> None:
    @async_to_sync
    async def count() -> int:
        with open_place(ours.place_id):
            return await sync_to_async(Process.objects.count)()

    assert count() == 1


def test_tasks_of_two_towns_do_not_mix() -> None:
    async def work(place_id: int, other: asyncio.Barrier) -> list[Any]:
        seen = []
        with open_place(place_id):
            for _ in range(3):
                await other.wait()
                seen.append(open_places())
        return [*seen, open_places()]

    async def both() -> list[list[Any]]:
        barrier = asyncio.Barrier(2)
        return await asyncio.gather(work(1, barrier), work(2, barrier))

    one, two = asyncio.run(both())
    assert one == [{1}, {1}, {1}, None]
    assert two == [{2}, {2}, {2}, None]


def test_async_generator_ended_elsewhere_does_not_fail_and_leaves_nothing_open() -> None:
    async def rows() -> AsyncIterator[int]:
        with open_place(1):
            yield 1
            yield 2

    async def half() -> Any:
        generator = rows()
        await asyncio.create_task(generator.__anext__())
        await asyncio.create_task(generator.aclose())
        return open_places()

    assert asyncio.run(half()) is None


@public
def sealed_stream(request: HttpRequest, place: Place) -> StreamingHttpResponse:
    """The mistake: the rows are read when the view has long returned."""
    return StreamingHttpResponse(str(row.title) for row in Process.objects.iterator())


@public
def open_stream(request: HttpRequest, place: Place) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        with open_place(place):
            titles = [str(row.title) for row in Process.objects.all()]
        yield from titles

    return StreamingHttpResponse(lines())


@login_not_required
def no_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(row.title) for row in Process.objects.all())


@public
async def async_stream(request: HttpRequest, place: Place) -> StreamingHttpResponse:
    async def lines() -> AsyncIterator[str]:
        with open_place(place):
            async for row in Process.objects.all():
                yield str(row.title)

    return StreamingHttpResponse(lines())


@public
async def async_sealed_stream(request: HttpRequest, place: Place) -> StreamingHttpResponse:
    async def lines() -> AsyncIterator[str]:
        async for row in Process.objects.get_queryset():
            yield str(row.title)

    return StreamingHttpResponse(lines())


urlpatterns = [
    path("<slug:place>/async/", async_stream),
    path("<slug:place>/async-sealed/", async_sealed_stream),
    path("<slug:place>/sealed/", sealed_stream),
    path("<slug:place>/open/", open_stream),
    path("none/", no_stream),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_stream_reads_only_what_it_opens_itself(client: Client, ours: Process, theirs: Process) -> None:
    answer = client.get("/altdorf/open/")
    assert b"".join(answer.streaming_content) == b"Altdorf spricht"
    with pytest.raises(PlaceNotOpen):
        b"".join(client.get("/altdorf/sealed/").streaming_content)
    with pytest.raises(PlaceNotOpen):
        client.get("/none/")


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_stream_of_an_async_server_is_the_same(async_client: AsyncClient, ours: Process, theirs: Process) -> None:
    @async_to_sync
    async def read(address: str) -> bytes:
        answer = await async_client.get(address)
        return b"".join([part async for part in answer])

    assert read("/altdorf/async/") == b"Altdorf spricht"
    with pytest.raises(PlaceNotOpen):
        read("/altdorf/async-sealed/")
