"""What several actions ask before they change an event, and whom they wake."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.kernel.live import announce
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering

# The pages of the walls, of every table and of the hosts listen to these.
ROUND_EVENT = "round"
ANNOUNCEMENT_EVENT = "announcement"


def tell_hall(gathering: Gathering, name: str, object_id: object) -> None:
    announce(f"gathering:{gathering.pk}", name, object_id)


def hold_and_look(gathering: Gathering) -> None:
    """Hold the event until the transaction ends, and take over how far it is now: check after this, not before.

    Whoever pressed a button elsewhere at the same moment was first, or comes after.
    """
    found = Gathering.objects.select_for_update().get(pk=gathering.pk)
    gathering.state, gathering.is_rehearsing = found.state, found.is_rehearsing
    gathering.closed_at, gathering.current_round_id = found.closed_at, found.current_round_id


def hold_as_found(gathering: Gathering) -> None:
    """Hold the event until the transaction ends; refused where it has closed or its rehearsal has ended meanwhile.

    Without it, what somebody does at the moment in which a rehearsal ends would stay behind.
    """
    found = Gathering.objects.select_for_update().get(pk=gathering.pk)
    if (found.state, found.is_rehearsing) != (gathering.state, gathering.is_rehearsing):
        raise NotReady([_("Somebody has just closed the tables or ended the rehearsal. Please look again.")])


def refuse(reasons: list[Any]) -> None:
    if reasons:
        raise NotReady(reasons)


def refuse_if_finished(gathering: Gathering) -> None:
    if gathering.process.is_archived:
        raise Archived
    if gathering.state == GatheringState.CLOSED:
        raise NotReady([_("This event is finished. Its tables and questions stay as they were.")])
