"""Kinds, states and channels of a statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    UNSORTED = "unsorted", _("kind still open")
    IDEA = "idea", _("project idea")
    EXPLANATION = "explanation", _("explains what exists")
    PROBLEM = "problem", _("problem")
    SUGGESTION = "suggestion", _("suggestion")


class ModerationState(models.TextChoices):
    PENDING = "pending", _("waiting for approval")
    APPROVED = "approved", _("approved")
    HELD = "held", _("held back")


class Channel(models.TextChoices):
    PHONE = "phone", _("guest’s phone")
    HOST = "host", _("written by the host")
    PAPER = "paper", _("paper card")
