"""Every change of walls and paper cards, by noun."""

from ortsdialog.meet.capture.actions.walls import create_wall

__all__ = ["create_wall"]
