"""Running a wall during the evening: standing still, stepping back, one statement alone, the question alone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.live import announce
from ortsdialog.meet.capture.choices import Arrangement
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import approved_statements

WALL_EVENT = "wall"
# Nobody finds anything by stepping further; the list at the desk has every statement.
MOST_STEPS = 50


def pause_wall(*, actor: Actor, wall: Wall) -> Wall:
    """Let the cards stand still. What is approved from now on waits; what is held back leaves all the same."""
    require(actor, "capture.run_wall", wall)
    if wall.paused_at is not None:
        # The second tap on the button does not let in what came between the two.
        return wall
    return _change("capture.pause_wall", actor, wall, paused_at=timezone.now())


def resume_wall(*, actor: Actor, wall: Wall) -> Wall:
    """Let the cards come again, those that waited first, on the newest screen."""
    return _change("capture.resume_wall", actor, wall, paused_at=None, stepped_at=None, steps_back=0)


def step_wall(*, actor: Actor, wall: Wall, by: int) -> Wall:
    """Show an older screen (`by` > 0) or a newer one. Between the screens the cards stand still."""
    steps = min(max(wall.steps_back + by, 0), MOST_STEPS)
    stepped_at = (wall.stepped_at or timezone.now()) if steps else None
    return _change("capture.step_wall", actor, wall, steps_back=steps, stepped_at=stepped_at, highlighted=None)


def highlight_on_wall(*, actor: Actor, wall: Wall, statement: Statement | None) -> Wall:
    """Show one approved statement alone and large; None shows the cards again.

    Raises ValidationError for a statement that the hall may not see, or of another event.
    """
    require(actor, "capture.run_wall", wall)
    if statement is not None and not approved_statements(wall.gathering).filter(pk=statement.pk).exists():
        raise ValidationError(_("Only an approved statement of this event can stand on the wall."), code="unapproved")
    return _change("capture.highlight_on_wall", actor, wall, highlighted=statement, is_quiet=False)


def quieten_wall(*, actor: Actor, wall: Wall, quiet: bool) -> Wall:
    """Show the question alone, for a talk in the room; or the cards again."""
    return _change("capture.quieten_wall", actor, wall, is_quiet=quiet)


def arrange_wall(*, actor: Actor, wall: Wall, arrangement: str, second_language: str) -> Wall:
    """Say how the cards stand and which language stands beside German. Raises ValidationError for unknown ones."""
    if second_language and second_language not in SPOKEN_LANGUAGES:
        raise ValidationError({"second_language": _("Please choose a language from the list.")})
    if arrangement not in Arrangement.values:
        raise ValidationError({"arrangement": _("Please choose how the cards stand.")})
    return _change(
        "capture.arrange_wall",
        actor,
        wall,
        is_setting=True,
        arrangement=arrangement,
        second_language=second_language,
        steps_back=0,
        stepped_at=None,
    )


def _change(code: str, actor: Actor, wall: Wall, *, is_setting: bool = False, **fields: Any) -> Wall:
    """Store the settings; every display of the event looks again.

    What is only practised in a rehearsal is taken back with it and leaves no entry in the log; a setting stays.
    """
    require(actor, "capture.run_wall", wall)
    detail = {name: _said(value) for name, value in fields.items()}
    practised = wall.gathering.is_rehearsing and not is_setting
    change: AbstractContextManager[Any] = (
        transaction.atomic() if practised else recorded(code, actor=actor, on=wall, detail=detail)
    )
    with change:
        for name, value in fields.items():
            setattr(wall, name, value)
        wall.save(update_fields=list(fields))
        announce(f"gathering:{wall.gathering_id}", WALL_EVENT, wall.pk)
    return wall


def _said(value: Any) -> Any:
    """For the log. A statement's id opens its receipt to whoever knows the words: the handle stands there."""
    if isinstance(value, Statement):
        return value.handle
    return value if isinstance(value, str | int | bool) or value is None else value.isoformat()
