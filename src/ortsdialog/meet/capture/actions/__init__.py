"""Every change of walls, devices, paper cards and hand-overs, by noun."""

from ortsdialog.meet.capture.actions.cards import key_in_card, print_paper_cards
from ortsdialog.meet.capture.actions.devices import SignOfLife, note_signs_of_life
from ortsdialog.meet.capture.actions.handover import offer_table, take_over_table
from ortsdialog.meet.capture.actions.rehearsal import forget_practice
from ortsdialog.meet.capture.actions.wall_running import (
    arrange_wall,
    highlight_on_wall,
    pause_wall,
    quieten_wall,
    resume_wall,
    step_wall,
)
from ortsdialog.meet.capture.actions.walls import create_wall, remove_wall, rename_wall

__all__ = [
    "SignOfLife",
    "arrange_wall",
    "create_wall",
    "forget_practice",
    "highlight_on_wall",
    "key_in_card",
    "note_signs_of_life",
    "offer_table",
    "pause_wall",
    "print_paper_cards",
    "quieten_wall",
    "remove_wall",
    "rename_wall",
    "resume_wall",
    "step_wall",
    "take_over_table",
]
