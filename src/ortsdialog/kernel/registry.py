"""Lists kept downstairs, in which upstairs writes itself down when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Section(IntEnum):
    """Order of the desk navigation: the order of time, as the house."""

    TODAY = 0
    PREPARE = 1
    MEET = 2
    DELIVER = 3
    LEARN = 4
    GROUND = 5


@dataclass(frozen=True)
class NavigationEntry:
    """One line of the desk navigation. `url_name` takes the place's slug as its only argument."""

    section: Section
    label: Any
    url_name: str
    permission: str
    order: int = 100


_navigation: list[NavigationEntry] = []


def register_navigation(*entries: NavigationEntry) -> None:
    for entry in entries:
        if entry not in _navigation:
            _navigation.append(entry)


def navigation_entries() -> list[NavigationEntry]:
    """All entries, by section, order and name of the page."""
    return sorted(_navigation, key=lambda entry: (entry.section, entry.order, entry.url_name))
