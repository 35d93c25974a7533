"""Every change of walls, devices, paper cards and hand-overs, by noun."""

from ortsdialog.meet.capture.actions.devices import note_sign_of_life
from ortsdialog.meet.capture.actions.handover import offer_table, take_over_table
from ortsdialog.meet.capture.actions.rehearsal import forget_practice
from ortsdialog.meet.capture.actions.walls import create_wall

__all__ = [
    "create_wall",
    "forget_practice",
    "note_sign_of_life",
    "offer_table",
    "take_over_table",
]
