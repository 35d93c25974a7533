"""States of a measure, the steps between them, and the answers of owners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureState(models.TextChoices):
    """proposed → asked → accepted → running → done; or declined; or not possible."""

    PROPOSED = "proposed", _("proposed")
    ASKED = "asked", _("owner asked")
    ACCEPTED = "accepted", _("taken on")
    DECLINED = "declined", _("declined by the owner asked")
    RUNNING = "running", _("being carried out")
    DONE = "done", _("done")
    NOT_POSSIBLE = "not_possible", _("not possible")


class OwnerAnswer(models.TextChoices):
    OPEN = "open", _("no answer yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


# Steps that staff take by hand. Asking an owner and her answer are actions of their own.
STEPS: dict[MeasureState, tuple[MeasureState, ...]] = {
    MeasureState.PROPOSED: (MeasureState.NOT_POSSIBLE,),
    MeasureState.ASKED: (MeasureState.NOT_POSSIBLE,),
    MeasureState.DECLINED: (MeasureState.NOT_POSSIBLE,),
    MeasureState.ACCEPTED: (MeasureState.RUNNING, MeasureState.NOT_POSSIBLE),
    MeasureState.RUNNING: (MeasureState.DONE, MeasureState.NOT_POSSIBLE),
    MeasureState.DONE: (),
    MeasureState.NOT_POSSIBLE: (),
}

# Where a slip is put back to. A measure that was not possible returns to where it stood before.
STEPS_BACK: dict[MeasureState, MeasureState] = {
    MeasureState.DECLINED: MeasureState.PROPOSED,
    MeasureState.ACCEPTED: MeasureState.PROPOSED,
    MeasureState.RUNNING: MeasureState.ACCEPTED,
    MeasureState.DONE: MeasureState.RUNNING,
}

ASKABLE = (MeasureState.PROPOSED, MeasureState.DECLINED)
OWNED = (MeasureState.ACCEPTED, MeasureState.RUNNING, MeasureState.DONE)
