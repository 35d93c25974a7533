"""The same events as for the contributions: Altdorf's with two tables, Neustadt's with one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.tests.conftest import (  # noqa: F401
    evening,
    in_altdorf,
    other_evening,
    other_table,
    rolf,
    second_table,
    table,
    tessa,
)


@pytest.fixture
def phone() -> Client:
    """A guest's phone."""
    return Client()


@pytest.fixture
def host_phone(table: Any) -> Client:  # noqa: F811
    """The phone of the host of table 1, opened with the key from her card."""
    client = Client()
    client.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    return client


@pytest.fixture
def wall(evening: Any) -> Wall:  # noqa: F811
    with open_place(evening.place_id):
        return Wall.objects.create(place_id=evening.place_id, gathering=evening, number=1, code="ACDEFGHJKM")
