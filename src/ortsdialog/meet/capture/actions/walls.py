"""Setting up walls."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import ALPHABET
from ortsdialog.meet.gatherings.models import Gathering

# 45 bits: a wall shows nothing secret, but nobody should find it by trying.
CODE_LENGTH = 10


def create_wall(*, actor: Actor, gathering: Gathering, second_language: str = "") -> Wall:
    """Set up a further display for an event. Whoever has its address may show it."""
    require(actor, "capture.set_up_wall", gathering)
    if second_language and second_language not in SPOKEN_LANGUAGES:
        raise ValidationError({"second_language": _("Please choose a language from the list.")})
    if gathering.state == GatheringState.CLOSED:
        raise ValidationError(_("The event is over."), code="closed")
    wall = Wall(
        place_id=gathering.place_id,
        gathering=gathering,
        code="".join(secrets.choice(ALPHABET) for _letter in range(CODE_LENGTH)),
        second_language=second_language,
    )
    with recorded("capture.create_wall", actor=actor, on=wall):
        # Whoever numbers next waits for this row.
        Gathering.objects.select_for_update().get(pk=gathering.pk)
        last = Wall.objects.filter(gathering=gathering).aggregate(last=Max("number"))["last"]
        wall.number = (last or 0) + 1
        wall.save(force_insert=True)
    return wall
