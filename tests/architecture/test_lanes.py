"""What is answered before Django: listed here, each with who may come in and why it needs no page's protection."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from ortsdialog.kernel import fast_lane
from tests.architecture.house import agreed

importlib.import_module("ortsdialog.urls")

# Name: (door, why it may do without session, language and token).
LANES = {
    "capture:inbox": ("public", "takes a guest's statement; refuses what another site's page sends"),
    "capture:host-inbox": ("host card", "asks for the host's signed cookie of this table"),
    "capture:table-stream": ("public", "tells names and handles, no words"),
    "capture:table-stand": ("public", "tells a phone how its own receipts stand; refuses foreign pages"),
    "capture:host-stand": (
        "host card",
        "asks for the cookie of this table, and tells what a phone is told",
    ),
    "capture:wall-cards": ("public", "what the wall shows to the hall: approved statements only"),
    "capture:wall-stream": ("public", "tells names and handles, no words"),
}


def wrong_lanes(lanes: Any) -> list[str]:
    complaints = [
        f"{lane.name} is not listed in tests/architecture/test_lanes.py with its door and a reason."
        for lane in lanes
        if lane.name not in LANES
    ]
    complaints += [
        f"{lane.name} says its door is {lane.door}, the list says {LANES[lane.name][0]}."
        for lane in lanes
        if lane.name in LANES and LANES[lane.name][0] != lane.door
    ]
    return complaints + [f"{name} is listed and does not exist." for name in set(LANES) - {one.name for one in lanes}]


def test_every_lane_past_django_is_listed_with_its_door() -> None:
    agreed(wrong_lanes(fast_lane.lanes()))


@pytest.mark.parametrize(
    ("name", "door", "complaint"),
    [("capture:everything", "public", "is not listed"), ("capture:inbox", "nobody asked", "says its door is")],
)
def test_a_new_lane_and_another_door_are_caught(name: str, door: str, complaint: str) -> None:
    async def application(*_: Any) -> None: ...

    lane = fast_lane.Lane(name, "GET", fast_lane.lanes()[0].pattern, application, door)
    others = [one for one in fast_lane.lanes() if one.name != name]
    (found,) = wrong_lanes([*others, lane])
    assert complaint in found
