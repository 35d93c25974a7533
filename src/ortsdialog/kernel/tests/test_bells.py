from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import transaction

from ortsdialog.kernel.bells import Bell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def bell(heard: list[dict[str, Any]]) -> Bell:
    made = Bell()
    made.connect(lambda **ids: heard.append({"id": ids["thing_id"]}), weak=False)
    return made


def test_bell_rings_once_the_change_is_committed(bell: Bell, heard: list[Any]) -> None:
    with transaction.atomic():
        bell.send_on_commit(thing_id=7)
        assert heard == []
    assert heard == [{"id": 7}]


def test_bell_of_a_rolled_back_change_stays_silent(bell: Bell, heard: list[Any]) -> None:
    with transaction.atomic():
        bell.send_on_commit(thing_id=7)
        transaction.set_rollback(True)
    assert heard == []


def test_failing_listener_is_logged_and_the_others_hear(
    bell: Bell, heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**ids: Any) -> None:
        raise ZeroDivisionError

    late: list[int] = []
    bell.connect(broken, weak=False)
    bell.connect(lambda **ids: late.append(1), weak=False)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        bell.send_on_commit(thing_id=7)
        transaction.on_commit(lambda: late.append(2))
    assert heard == [{"id": 7}]
    assert late == [1, 2]
    assert "broken" in caplog.text
    assert "ZeroDivisionError" in caplog.text
