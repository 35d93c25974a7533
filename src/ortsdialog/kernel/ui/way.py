"""Der Weg: where a statement stands between being said and being done.

One drawing for the receipt (one statement), the measure, the process and the programme (many
statements). This module holds its shape; `templates/cotton/way.html` draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import pgettext_lazy

Key = Literal["said", "sorted", "proposed", "taken_on", "done", "not_possible"]
Mode = Literal["single", "stream"]
# A station is reached on a day, at some time nobody wrote down (True), or not yet (None).
Reached = date | datetime | bool | None

STATIONS: tuple[Key, ...] = ("said", "sorted", "proposed", "taken_on", "done")
LABELS: dict[Key, Any] = {
    "said": pgettext_lazy("way", "Said"),
    "sorted": pgettext_lazy("way", "Sorted"),
    "proposed": pgettext_lazy("way", "Proposed"),
    "taken_on": pgettext_lazy("way", "Taken on"),
    "done": pgettext_lazy("way", "Done"),
    "not_possible": pgettext_lazy("way", "Not possible"),
}
# Fewer people than this are never counted in public.
SMALLEST_GROUP = 5

# The stream is drawn on this canvas and stretched by the style sheet.
_LENGTH, _BREADTH = 1000, 100
# Even a station that nothing has reached keeps a thread, so that the line does not break.
_THREAD = 2.0


@dataclass(frozen=True)
class Station:
    key: Key
    label: Any
    reached: bool = False
    current: bool = False
    on: date | None = None
    text: Any = ""
    url: str = ""
    count: int | None = None
    # The count is one of people and too small to be told.
    protected: bool = False


@dataclass(frozen=True)
class Way:
    stations: tuple[Station, ...]
    mode: Mode = "single"

    @property
    def line(self) -> tuple[Station, ...]:
        """The stations in a row, without the branch."""
        return tuple(station for station in self.stations if station.key != "not_possible")

    @property
    def branch(self) -> Station | None:
        """Where the way ends with a reason, if it does."""
        return next((station for station in self.stations if station.key == "not_possible"), None)

    @property
    def river(self) -> str:
        """Outline of the stream as an SVG path, flowing along x; its breadth follows the counts."""
        return _outline(self._breadths(), across=False)

    @property
    def river_down(self) -> str:
        """The same stream, flowing along y, for narrow screens."""
        return _outline(self._breadths(), across=True)

    @property
    def marks(self) -> list[int]:
        """Where one station's stretch of the stream ends and the next begins."""
        return [_LENGTH * index // len(self.line) for index in range(1, len(self.line))]

    def _breadths(self) -> list[float]:
        # A protected count must not be readable from the drawing either.
        counts = [0 if station.protected else station.count or 0 for station in self.line]
        most = max(counts, default=0) or 1
        return [max(_THREAD, _BREADTH * count / most) for count in counts]


def _outline(breadths: list[float], *, across: bool) -> str:
    """A closed curve around the middle line: level at each station, smooth between them."""
    step = _LENGTH / len(breadths)
    middle = _BREADTH / 2
    # Start and end on the edges of the canvas with the breadth of the nearest station.
    points = [(0.0, breadths[0])]
    points += [(step * (index + 0.5), breadth) for index, breadth in enumerate(breadths)]
    points += [(float(_LENGTH), breadths[-1])]

    def pair(along: float, side: float) -> str:
        return f"{side:.1f} {along:.1f}" if across else f"{along:.1f} {side:.1f}"

    def curve(ahead: list[tuple[float, float]], sign: int) -> list[str]:
        parts = []
        for (x0, b0), (x1, b1) in pairwise(ahead):
            half = (x0 + x1) / 2
            bends = (pair(half, middle + sign * b0 / 2), pair(half, middle + sign * b1 / 2))
            parts.append(f"C{bends[0]} {bends[1]} {pair(x1, middle + sign * b1 / 2)}")
        return parts

    there = curve(points, -1)
    back = curve(points[::-1], 1)
    start = pair(0.0, middle - breadths[0] / 2)
    turn = pair(float(_LENGTH), middle + breadths[-1] / 2)
    return " ".join([f"M{start}", *there, f"L{turn}", *back, "Z"])


def _day(reached: Reached) -> date | None:
    if isinstance(reached, datetime):
        # The day on the calendar of the town, not of UTC.
        return (timezone.localtime(reached) if timezone.is_aware(reached) else reached).date()
    return reached if isinstance(reached, date) else None


def way_of_one(
    *,
    said: Reached,
    sorted: Reached = None,
    proposed: Reached = None,
    taken_on: Reached = None,
    done: Reached = None,
    not_possible: Reached = None,
    texts: Mapping[str, Any] | None = None,
    urls: Mapping[str, str] | None = None,
) -> Way:
    """The way of one statement or one measure.

    Each station takes a date, True (reached, day not known) or None. `texts` and `urls` are by
    station key. The last station reached is the current one. A refusal ends the line: stations
    that were not reached before it are left out, since they will not be.
    """
    given: dict[Key, Reached] = {
        "said": said,
        "sorted": sorted,
        "proposed": proposed,
        "taken_on": taken_on,
        "done": done,
        "not_possible": not_possible,
    }
    refused = bool(given["not_possible"])
    keys: list[Key] = [key for key in STATIONS if given[key] or not refused]
    if refused:
        keys.append("not_possible")
    reached = [key for key in keys if given[key]]
    return Way(
        tuple(
            Station(
                key=key,
                label=LABELS[key],
                reached=bool(given[key]),
                current=bool(reached) and key == reached[-1],
                on=_day(given[key]),
                text=(texts or {}).get(key, ""),
                url=(urls or {}).get(key, ""),
            )
            for key in keys
        )
    )


def way_of_many(
    counts: Mapping[str, int],
    *,
    people: bool = False,
    texts: Mapping[str, Any] | None = None,
    urls: Mapping[str, str] | None = None,
) -> Way:
    """The stream: how many statements have reached each station, by station key.

    A statement that is done counts at every station before as well, so the stream narrows. Counts
    of statements are exact; counts of people (`people=True`) below five are protected.
    """
    keys: list[Key] = list(STATIONS)
    if counts.get("not_possible"):
        keys.append("not_possible")
    return Way(
        tuple(
            Station(
                key=key,
                label=LABELS[key],
                reached=counts.get(key, 0) > 0,
                text=(texts or {}).get(key, ""),
                url=(urls or {}).get(key, ""),
                count=counts.get(key, 0),
                protected=people and counts.get(key, 0) < SMALLEST_GROUP,
            )
            for key in keys
        ),
        mode="stream",
    )
