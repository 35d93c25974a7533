"""What one finds from a dialogue's desk page: a list kept here, in which the floors above write themselves down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ortsdialog.ground.process.models import BuildingBlock, Process
from ortsdialog.kernel.access import Actor, allowed

if TYPE_CHECKING:
    from ortsdialog.ground.process.queries import NextStep


class Doorway(NamedTuple):
    """One line: what is there, and the page on which one works on it. Without `url` it only tells.

    With `permission` it is shown to those who hold this right on the dialogue.
    """

    text: Any
    url: str = ""
    hint: Any = ""
    permission: str = ""


@dataclass(frozen=True)
class Workplace:
    """A part of the work on a dialogue, with a box of its own. `describe` may ask the database once.

    `steps` says what comes next there; it is handed the dialogue's blocks, so that it need not ask for them.
    """

    label: Any
    permission: str
    order: int
    describe: Callable[[Process], Sequence[Doorway]]
    steps: Callable[[Process, Sequence[BuildingBlock]], Sequence[NextStep]] | None = None


@dataclass(frozen=True)
class OpenWorkplace:
    """A workplace as one person sees it."""

    label: Any
    doorways: list[Doorway]


_workplaces: list[Workplace] = []


def register_workplace(workplace: Workplace) -> None:
    if workplace not in _workplaces:
        _workplaces.append(workplace)


def workplaces() -> list[Workplace]:
    """All workplaces in their order."""
    return sorted(_workplaces, key=lambda workplace: workplace.order)


def open_workplaces(actor: Actor, process: Process) -> list[OpenWorkplace]:
    """What the actor may enter of this dialogue. A workplace with nothing to say is left out."""
    found = []
    for workplace in workplaces():
        if not allowed(actor, workplace.permission, process):
            continue
        doorways = [
            doorway
            for doorway in workplace.describe(process)
            if not doorway.permission or allowed(actor, doorway.permission, process)
        ]
        if doorways:
            found.append(OpenWorkplace(workplace.label, doorways))
    return found
