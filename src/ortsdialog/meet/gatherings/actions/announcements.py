"""A word to all tables, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import SPOKEN_LANGUAGES, MultilingualText, State
from ortsdialog.meet.gatherings.actions.state import ANNOUNCEMENT_EVENT, hold_as_found, tell_hall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Announcement, Gathering
from ortsdialog.meet.gatherings.queries import ANNOUNCEMENTS_SHOWN

# It stands above the question on a phone, and is read out from the wall.
LONGEST_ANNOUNCEMENT = 200


def send_announcement(
    *, actor: Actor, gathering: Gathering, text: str, language: str = "de", versions: Mapping[str, str] | None = None
) -> Announcement:
    """Say something to all tables, hosts and walls; it stands there until it is withdrawn or the event ends.

    Three stand at once; one more withdraws the oldest.

    `versions`: the same in further languages, as somebody wrote it; empty ones are left out. Raises
    ValidationError for unfit words. In a rehearsal this leaves no entry in the log.
    """
    require(actor, "gatherings.run_gathering", gathering)
    if gathering.state not in (GatheringState.PUBLISHED, GatheringState.RUNNING):
        raise NotReady([_("Announcements are for an event that is to come or under way.")])
    words = MultilingualText.written(_checked(text, language), language)
    for code, version in (versions or {}).items():
        if code != language and version.strip():
            words = words.with_version(code, _checked(version, code), State.CHECKED)
    announcement = Announcement(
        place_id=gathering.place_id, gathering=gathering, text=words, rehearsal=gathering.is_rehearsing
    )
    with recorded("gatherings.send_announcement", actor=actor, on=announcement) as detail:
        hold_as_found(gathering)
        announcement.save(force_insert=True)
        # What no screen shows any more must not come back when a newer one is withdrawn.
        current = gathering.announcements.filter(withdrawn_at=None, rehearsal=gathering.is_rehearsing)
        pushed_out = list(current.values_list("pk", flat=True)[ANNOUNCEMENTS_SHOWN:])
        gathering.announcements.filter(pk__in=pushed_out).update(withdrawn_at=announcement.sent_at)
        detail["text"] = words.original_text
        tell_hall(gathering, ANNOUNCEMENT_EVENT, announcement.pk)
    return announcement


def withdraw_announcement(*, actor: Actor, announcement: Announcement) -> Announcement:
    """Take an announcement off all screens. Twice changes nothing."""
    gathering = announcement.gathering
    require(actor, "gatherings.run_gathering", gathering)
    if announcement.withdrawn_at is not None:
        return announcement
    with recorded("gatherings.withdraw_announcement", actor=actor, on=announcement):
        announcement.withdrawn_at = timezone.now()
        announcement.save(update_fields=["withdrawn_at"])
        tell_hall(gathering, ANNOUNCEMENT_EVENT, announcement.pk)
    return announcement


def withdraw_all(gathering: Gathering, now: datetime) -> None:
    """With the event its announcements end; part of that change."""
    gathering.announcements.filter(withdrawn_at=None).update(withdrawn_at=now)


def _checked(text: str, language: str) -> str:
    words = " ".join(text.split())
    if language not in SPOKEN_LANGUAGES:
        raise ValidationError(_("Please choose a language from the list."), code="language")
    if not words:
        raise ValidationError(_("Please write what the tables should read."), code="empty")
    if len(words) > LONGEST_ANNOUNCEMENT:
        raise ValidationError(
            _("Please say it in %(most)d characters; these are %(length)d.")
            % {"most": LONGEST_ANNOUNCEMENT, "length": len(words)},
            code="too_long",
        )
    return words
