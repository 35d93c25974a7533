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


class HoldReason(models.TextChoices):
    """Why a statement is not shown; the writer reads it on the page of her receipt."""

    NAMES = "names", _("it names or describes a person")
    CONTACT = "contact", _("it holds a phone number, an address or the like")
    HURTS = "hurts", _("it insults somebody or a group")
    THREAT = "threat", _("it threatens somebody")
    OFF_TOPIC = "off_topic", _("it does not belong to the topic, or advertises")
    UNREADABLE = "unreadable", _("nobody can read or understand it")
    TWICE = "twice", _("it was handed in twice")
    OTHER = "other", _("another reason")


# These happen to anybody: they say nothing against the device that a statement came from.
INNOCENT_REASONS = (HoldReason.TWICE, HoldReason.UNREADABLE)


class HintKind(models.TextChoices):
    """What a statement seems to hold. A machine's guess, for a person to decide."""

    NAME = "name", _("perhaps a name")
    PHONE = "phone", _("perhaps a phone number")
    EMAIL = "email", _("perhaps an e-mail address")
    ADDRESS = "address", _("perhaps an address")
    ACCOUNT = "account", _("perhaps a bank account")
    PLATE = "plate", _("perhaps a number plate")
    THREAT = "threat", _("perhaps a threat")
    INSULT = "insult", _("perhaps an insult")
    # No guess: the page on which it was written said so.
    PRACTICE = "practice", _("written in the rehearsal, arrived after it")


class SourceKind(models.TextChoices):
    PIN_BOARD = "pin_board", _("pin board")
    TABLECLOTH = "tablecloth", _("tablecloth")
    CARD = "card", _("paper card")
    OTHER = "other", _("other source")


class ReportState(models.TextChoices):
    OPEN = "open", _("open")
    UPHELD = "upheld", _("the statement was taken down")
    DISMISSED = "dismissed", _("the statement stays")
