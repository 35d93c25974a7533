"""What kinds of devices there are, and how a wall arranges its cards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeviceRole(models.TextChoices):
    GUEST = "guest", _("guest’s phone")
    TABLET = "tablet", _("tablet of the table")
    HOST = "host", _("host’s device")


class Arrangement(models.TextChoices):
    MIXED = "mixed", _("mixed, the newest first")
    BY_TABLE = "by_table", _("by table")
