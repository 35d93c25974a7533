"""The building blocks of a process as a line: what was, what runs, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import pgettext_lazy

BlockState = Literal["done", "running", "planned", "left_out"]

STATE_WORDS: dict[str, Any] = {
    "done": pgettext_lazy("building block", "finished"),
    "running": pgettext_lazy("building block", "under way"),
    "planned": pgettext_lazy("building block", "planned"),
    "left_out": pgettext_lazy("building block", "left out"),
}


@dataclass(frozen=True)
class BuildingBlock:
    """One step of the line; `number` counts from one."""

    number: int
    label: Any
    state: BlockState
    starts_on: date | None = None
    ends_on: date | None = None
    url: str = ""
    text: Any = ""

    @property
    def state_words(self) -> Any:
        return STATE_WORDS[self.state]
