"""States of a measure and answers of owners."""

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
