"""What capture shows on an event's desk page."""

from __future__ import annotations

from typing import Any

from ortsdialog.meet.capture.queries import channels_of
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.panels import Panel


def describe_paper(gathering: Gathering) -> dict[str, Any]:
    """Phone, host and paper side by side, and the ways to print, to key in and to add photos. Two queries."""
    return {"gathering": gathering, "channels": channels_of(gathering)}


PAPER = Panel(
    "capture/desk/_paper_panel.html", permission="contributions.see_unapproved", order=20, describe=describe_paper
)
