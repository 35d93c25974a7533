"""What has to be true before something of a dialogue goes public. Each answer is a list of whole sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ortsdialog.ground.process.models import Process

# Residents did not know the goal, nor what happens with the results: the two deficits that the
# evaluation of the first dialogues found. Hence both stand before anything is published.
GOAL_MISSING = _("The goal is not written down yet. Say in one or two sentences what this dialogue is for.")
PROMISE_MISSING = _("The promise is not written down yet. Say what happens with the results, and who answers.")
INTENTION_MISSING = _("It is not written down yet what is planned, and in which format.")


def missing_for_publication(process: Process) -> list[Any]:
    """What the dialogue's page still needs. Empty when it can be published."""
    missing = []
    if not process.goal:
        missing.append(GOAL_MISSING)
    if not process.promise:
        missing.append(PROMISE_MISSING)
    return missing


def missing_for_intention(process: Process) -> list[Any]:
    """What the notice of the intention still needs."""
    missing = missing_for_publication(process)
    if not process.intention:
        missing.append(INTENTION_MISSING)
    return missing


def earliest_invitation_on(process: Process) -> date | None:
    """From which day people may be invited. None: the intention is not public, though the programme asks for it."""
    days = process.programme.min_days_before_invitation
    if not days:
        return timezone.localdate()
    if process.intention_published_on is None:
        return None
    return process.intention_published_on + timedelta(days=days)


def missing_for_invitation(process: Process) -> list[Any]:
    """Why nobody can be invited today. Empty when people can be."""
    if not process.is_public:
        return [
            _("The dialogue itself is not public yet. Publish it first: people want to know what they are invited to.")
        ]
    days = process.programme.min_days_before_invitation
    earliest = earliest_invitation_on(process)
    if earliest is None:
        return [
            ngettext_lazy(
                "The intention is not public yet. It has to be public %(days)d day before anyone is invited.",
                "The intention is not public yet. It has to be public %(days)d days before anyone is invited.",
                "days",
            )
            % {"days": days}
        ]
    if earliest > timezone.localdate():
        return [
            format_lazy(
                _("The intention has to be public for {days} days. Invitations can go out from {day}."),
                days=days,
                day=date_format(earliest, "DATE_FORMAT"),
            )
        ]
    return []
