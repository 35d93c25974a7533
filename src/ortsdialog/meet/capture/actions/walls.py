"""Setting up walls, naming them and taking them down."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.live import announce
from ortsdialog.meet.capture.actions.wall_running import WALL_EVENT
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import ALPHABET
from ortsdialog.meet.gatherings.models import Gathering

# 45 bits: a wall shows nothing secret, but nobody should find it by trying.
CODE_LENGTH = 10
NAME_AT_MOST = 60


def create_wall(*, actor: Actor, gathering: Gathering, second_language: str = "", name: str = "") -> Wall:
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
        name=checked_name(name),
    )
    with recorded("capture.create_wall", actor=actor, on=wall):
        # Whoever numbers next waits for this row.
        Gathering.objects.select_for_update().get(pk=gathering.pk)
        last = Wall.objects.filter(gathering=gathering).aggregate(last=Max("number"))["last"]
        wall.number = (last or 0) + 1
        wall.save(force_insert=True)
    return wall


def rename_wall(*, actor: Actor, wall: Wall, name: str) -> Wall:
    """Say where the wall hangs. Only the desk reads it. Raises ValidationError for an unfit name."""
    require(actor, "capture.set_up_wall", wall)
    with recorded("capture.rename_wall", actor=actor, on=wall, detail={"from": wall.name}):
        wall.name = checked_name(name)
        wall.save(update_fields=["name"])
    return wall


def remove_wall(*, actor: Actor, wall: Wall) -> None:
    """Take a wall down. Its address stops working; statements are not touched."""
    require(actor, "capture.set_up_wall", wall)
    with recorded("capture.remove_wall", actor=actor, on=wall, detail={"number": wall.number}):
        announce(f"gathering:{wall.gathering_id}", WALL_EVENT, wall.pk)
        wall.delete()


def checked_name(name: str) -> str:
    """The name in one line. Raises ValidationError where it is too long."""
    name = " ".join(name.split())
    if len(name) > NAME_AT_MOST:
        raise ValidationError({"name": _("Please use a shorter name.")})
    return name
