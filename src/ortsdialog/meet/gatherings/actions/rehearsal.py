"""A rehearsal: the whole evening for practice, and nothing left of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.live.events import forget_events_of
from ortsdialog.meet.gatherings.actions.state import ROUND_EVENT, hold_and_look, refuse_if_finished, tell_hall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.signals import rehearsal_ended


def begin_rehearsal(*, actor: Actor, gathering: Gathering) -> Gathering:
    """Open the tables for practice, before the event has begun. What is handed in counts as rehearsal."""
    require(actor, "gatherings.run_gathering", gathering)
    with transaction.atomic():
        hold_and_look(gathering)
        if gathering.is_rehearsing:
            return gathering
        refuse_if_finished(gathering)
        if gathering.state == GatheringState.DRAFT:
            raise NotReady([_("The event has not been announced yet. Announce it first.")])
        _refuse_while_running(gathering)
        with recorded("gatherings.begin_rehearsal", actor=actor, on=gathering):
            gathering.is_rehearsing = True
            gathering.save(update_fields=["is_rehearsing"])
            tell_hall(gathering, ROUND_EVENT, gathering.pk)
    return gathering


def end_rehearsal(*, actor: Actor, gathering: Gathering) -> Gathering:
    """Delete everything that the rehearsal has left, and put the rounds back as they were planned.

    One transaction: either all of it is gone or the rehearsal goes on. The log keeps beginning and end.
    """
    require(actor, "gatherings.run_gathering", gathering)
    with transaction.atomic():
        hold_and_look(gathering)
        if not gathering.is_rehearsing:
            return gathering
        _refuse_while_running(gathering)
        with recorded("gatherings.end_rehearsal", actor=actor, on=gathering):
            # Those above delete what is theirs now, inside this transaction.
            rehearsal_ended.send(sender=None, gathering_id=gathering.pk, place_id=gathering.place_id)
            gathering.announcements.filter(rehearsal=True).delete()
            gathering.rounds.update(started_at=None, ended_at=None, extra_minutes=0)
            gathering.is_rehearsing, gathering.current_round = False, None
            gathering.save(update_fields=["is_rehearsing", "current_round"])
            tables = gathering.tables.values_list("pk", flat=True)
            forget_events_of([f"gathering:{gathering.pk}", *(f"table:{pk}" for pk in tables)])
            # The last word to the screens that are still open: look again.
            tell_hall(gathering, ROUND_EVENT, gathering.pk)
    return gathering


def _refuse_while_running(gathering: Gathering) -> None:
    if gathering.state == GatheringState.RUNNING:
        raise NotReady([_("The event is under way. What is said now is meant; it cannot be a rehearsal.")])
