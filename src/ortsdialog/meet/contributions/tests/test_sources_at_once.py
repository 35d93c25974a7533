"""The same photo sent by several people at the same moment: one source, and no file that nobody knows."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import add_source
from ortsdialog.meet.contributions.models import Source
from ortsdialog.meet.contributions.tests.test_pictures import media, photo  # noqa: F401
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 5


def test_one_photo_from_many_threads_is_one_source(
    evening: Gathering,
    as_alma: Actor,
    media: Path,  # noqa: F811
) -> None:
    sent, barrier = photo(), threading.Barrier(SENDERS)
    outcomes: list[Any] = []

    def run() -> None:
        try:
            barrier.wait()
            with open_place(evening.place_id):
                gathering = Gathering.objects.select_related("process").get(pk=evening.pk)
                outcomes.append(add_source(actor=as_alma, gathering=gathering, sent=sent))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new for _source, new in outcomes) == [False] * (SENDERS - 1) + [True]
    assert len({source.pk for source, _new in outcomes}) == 1
    with open_place(evening.place_id):
        assert Source.objects.count() == 1
    assert len(list((media / "sources").iterdir())) == 2
