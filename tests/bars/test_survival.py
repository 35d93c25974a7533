"""The bars of survival, small: that they run, that they are passed, and that their controls find what they should.

At full size: `make bars`. The database is that of the test run.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.bars import disk_full, kill_loop, power_cut
from tests.environment import database_choice

pytestmark = pytest.mark.timeout(300)


def killed(*, kills: int, fresh_ids: bool) -> dict[str, Any]:
    return asyncio.run(
        kill_loop.measure(database_choice(), cards=200, phones=20, kills=kills, seed=7, fresh_ids=fresh_ids)
    )


def test_kill_loop_loses_doubles_and_alters_nothing() -> None:
    found = killed(kills=3, fresh_ids=False)
    assert kill_loop.passed(found, kills=1), found


def test_kill_loop_finds_doubles_where_ids_are_made_anew() -> None:
    found = killed(kills=1, fresh_ids=True)
    assert found["doubled"] > 0, found


def test_power_cut_loses_nothing_that_was_acknowledged() -> None:
    found = power_cut.measure(statements=600, cuts=60, seed=7, control=False)
    assert power_cut.passed(found, statements=600), found


def test_power_cut_finds_losses_under_a_weaker_setting() -> None:
    found = power_cut.measure(statements=600, cuts=60, seed=7, control=True)
    assert found["lost"] > 0, found


def test_full_disk_refuses_and_loses_nothing() -> None:
    found = disk_full.run(statements=600, phones=15, full_seconds=2, seed=7)
    assert disk_full.passed(found), found


def test_full_disk_finds_losses_where_every_answer_is_believed() -> None:
    found = disk_full.run(statements=600, phones=15, full_seconds=2, seed=7, trusting=True)
    assert found["lost"] > 0, found
