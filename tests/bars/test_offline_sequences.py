"""The bar itself stays alive: some sequences pass, and each protection that is taken out is missed."""

from __future__ import annotations

import pytest

from tests.bars.offline_sequences import CONTROLS, Ledger, measure, passed

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.one_database("sqlite", reason="the bar chooses its database itself"),
]


def test_a_phone_on_bad_wifi_loses_and_doubles_nothing() -> None:
    found = measure("sqlite", sequences=6, seed=3)
    assert found["shown_as_kept"] >= 12
    assert passed(found), found


@pytest.mark.parametrize("control", CONTROLS)
def test_a_protection_taken_out_is_missed(control: str) -> None:
    # Sequences in which the thing itself happens.
    found = measure("sqlite", sequences=4, seed=5, control=control)
    assert passed(found), found


def test_a_bar_that_saw_nothing_is_not_passed() -> None:
    empty = dict.fromkeys(
        ("lost", "doubled", "shown_as_arrived_too_early", "never_written", "drafts_lost", "not_settled"), 0
    )
    assert not passed({**empty, "control": "", "sequences": 1, "shown_as_kept": len(Ledger().kept)})
