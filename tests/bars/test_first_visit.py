"""The table's page stays light and quick, and the bar notices when it does not."""

from __future__ import annotations

import pytest

from tests.bars.first_visit import measure, passed

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.one_database("sqlite", reason="the weight of a page does not depend on the database"),
]


def test_the_first_visit_is_light_and_quick() -> None:
    found = measure(runs=3)
    assert passed(found), found


def test_a_page_without_care_misses_the_bar() -> None:
    found = measure(control=True, runs=1)
    assert passed(found), found
