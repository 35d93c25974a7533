"""What an event needs before it can be announced. Each answer is a list of whole sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.conditions import missing_for_invitation
from ortsdialog.meet.gatherings.models import Gathering


def missing_for_announcement(gathering: Gathering) -> list[Any]:
    """Why the event cannot be announced today. Announcing it is the invitation. Empty when it can."""
    missing = list(missing_for_invitation(gathering.process))
    if not gathering.venue:
        missing.append(_("The venue is not written down yet."))
    if not gathering.tables.exists():
        missing.append(_("There is no table yet. Statements arrive at a table, so there has to be one at least."))
    if not gathering.rounds.exists():
        missing.append(_("There is no round with a guiding question yet."))
    return missing
