"""The evening itself: opening and closing the tables, the rounds and their clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.meet.gatherings.actions.announcements import withdraw_all
from ortsdialog.meet.gatherings.actions.state import (
    ROUND_EVENT,
    hold_and_look,
    hold_as_found,
    refuse_if_finished,
    tell_hall,
)
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Round
from ortsdialog.meet.gatherings.queries import minutes_left, minutes_over, next_round
from ortsdialog.meet.gatherings.signals import gathering_closed, gathering_started

# At one time; whoever needs more presses again.
MOST_EXTRA_MINUTES = 60
# A round that lasts longer than planned by more than this has been forgotten.
LONGEST_EXTRA = 240


def start_gathering(*, actor: Actor, gathering: Gathering) -> Gathering:
    """Open the tables: from now on they take statements. A rehearsal has to be ended before."""
    require(actor, "gatherings.run_gathering", gathering)
    with transaction.atomic():
        hold_and_look(gathering)
        if gathering.state == GatheringState.RUNNING:
            return gathering
        if gathering.state == GatheringState.DRAFT:
            raise NotReady([_("The event has not been announced yet. Announce it first.")])
        refuse_if_finished(gathering)
        _refuse_while_rehearsing(gathering)
        with recorded("gatherings.start_gathering", actor=actor, on=gathering):
            gathering.state = GatheringState.RUNNING
            gathering.save(update_fields=["state"])
            tell_hall(gathering, ROUND_EVENT, gathering.pk)
            gathering_started.send_on_commit(gathering_id=gathering.pk, place_id=gathering.place_id)
    return gathering


def start_round(*, actor: Actor, gathering: Gathering, round: Round | None = None) -> Round:
    """Begin a round, the next one if none is named. The round before ends. Going back is possible.

    Its clock starts anew with the planned minutes. In a rehearsal this leaves no entry in the log.
    """
    require(actor, "gatherings.run_gathering", gathering)
    _refuse_unless_open(gathering)
    current = gathering.current_round
    if round is None:
        round = next_round(gathering)
    if round is None:
        raise NotReady([_("That was the last round. You can finish the event now.")])
    if round.gathering_id != gathering.pk:
        raise ValueError("The round belongs to another gathering.")
    if current is not None and current.pk == round.pk:
        return round
    now = timezone.now()
    with recorded("gatherings.start_round", actor=actor, on=round, detail={"round": round.number}):
        hold_as_found(gathering)
        _end(current, now)
        round.started_at = now
        round.ended_at = None
        round.extra_minutes = 0
        round.save(update_fields=["started_at", "ended_at", "extra_minutes"])
        gathering.current_round = round
        gathering.save(update_fields=["current_round"])
        tell_hall(gathering, ROUND_EVENT, round.pk)
    return round


def end_round(*, actor: Actor, gathering: Gathering) -> Gathering:
    """End the round without beginning another: a break. Tables still take what comes to people's minds."""
    require(actor, "gatherings.run_gathering", gathering)
    _refuse_unless_open(gathering)
    round = gathering.current_round
    if round is None:
        return gathering
    with recorded("gatherings.end_round", actor=actor, on=round, detail={"round": round.number}):
        hold_as_found(gathering)
        _end(round, timezone.now())
        gathering.current_round = None
        gathering.save(update_fields=["current_round"])
        tell_hall(gathering, ROUND_EVENT, gathering.pk)
    return gathering


def extend_round(*, actor: Actor, gathering: Gathering, minutes: int) -> Round:
    """Give the running round more minutes, or (negative) take some; every clock in the hall follows.

    Once the time is up, more minutes count from now. Raises `NotReady` without a running round, for more than
    an hour at once, and where nothing is left to take.
    """
    require(actor, "gatherings.run_gathering", gathering)
    _refuse_unless_open(gathering)
    if gathering.current_round_id is None:
        raise NotReady([_("No round is running. There is no clock to set.")])
    if not 0 < abs(minutes) <= MOST_EXTRA_MINUTES:
        raise NotReady([_("Please give or take between 1 and 60 minutes.")])
    with transaction.atomic():
        hold_as_found(gathering)
        # Two people press at the same time: both count.
        round = gathering.rounds.select_for_update().get(pk=gathering.current_round_id)
        if minutes < 0 and not minutes_left(round):
            raise NotReady([_("The time is up already. Start the next round or a break.")])
        shortest = 1 - round.duration_minutes
        extra = max(shortest, round.extra_minutes + minutes_over(round) + minutes)
        if extra > LONGEST_EXTRA:
            raise NotReady([_("That would be more than four hours longer than planned. Start the round anew instead.")])
        detail = {"round": round.number, "minutes": minutes}
        with recorded("gatherings.extend_round", actor=actor, on=round, detail=detail):
            round.extra_minutes = extra
            round.save(update_fields=["extra_minutes"])
            gathering.current_round = round
            tell_hall(gathering, ROUND_EVENT, round.pk)
    return round


def close_gathering(*, actor: Actor, gathering: Gathering, reason: str = "") -> Gathering:
    """End the event. The tables take nothing new, and announcements go. Late statements: see `Gathering`."""
    require(actor, "gatherings.run_gathering", gathering)
    with transaction.atomic():
        hold_and_look(gathering)
        if gathering.state == GatheringState.CLOSED:
            return gathering
        _refuse_while_rehearsing(gathering)
        if gathering.state != GatheringState.RUNNING:
            raise NotReady([_("Only an event that is under way can be finished.")])
        now = timezone.now()
        with recorded("gatherings.close_gathering", actor=actor, on=gathering, reason=reason):
            _end(gathering.current_round, now)
            gathering.state = GatheringState.CLOSED
            gathering.closed_at = now
            gathering.current_round = None
            gathering.save(update_fields=["state", "closed_at", "current_round"])
            withdraw_all(gathering, now)
            tell_hall(gathering, ROUND_EVENT, gathering.pk)
            gathering_closed.send_on_commit(gathering_id=gathering.pk, place_id=gathering.place_id)
    return gathering


def reopen_gathering(*, actor: Actor, gathering: Gathering, reason: str = "") -> Gathering:
    """Take back the end: a wrong click in the hall must not silence the tables."""
    require(actor, "gatherings.run_gathering", gathering)
    if gathering.process.is_archived:
        raise Archived
    if gathering.state != GatheringState.CLOSED:
        raise NotReady([_("The event is not finished.")])
    with recorded("gatherings.reopen_gathering", actor=actor, on=gathering, reason=reason):
        gathering.state = GatheringState.RUNNING
        gathering.closed_at = None
        gathering.current_round = gathering.rounds.filter(started_at__isnull=False).order_by("-started_at").first()
        gathering.save(update_fields=["state", "closed_at", "current_round"])
        tell_hall(gathering, ROUND_EVENT, gathering.pk)
        gathering_started.send_on_commit(gathering_id=gathering.pk, place_id=gathering.place_id)
    return gathering


def _end(round: Round | None, now: datetime) -> None:
    if round is not None and round.ended_at is None:
        round.ended_at = now
        round.save(update_fields=["ended_at"])


def _refuse_unless_open(gathering: Gathering) -> None:
    if not gathering.takes_statements:
        raise NotReady([_("The tables are not open. Start the event first.")])


def _refuse_while_rehearsing(gathering: Gathering) -> None:
    if gathering.is_rehearsing:
        raise NotReady([_("A rehearsal is under way. End it first; everything that was handed in with it goes then.")])
