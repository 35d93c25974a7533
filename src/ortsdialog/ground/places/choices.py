"""Levels and types of the official register (Gemeindeverzeichnis GV100AD, Destatis)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """Kind of record (Satzart)."""

    LAND = 10, _("state")
    DISTRICT = 20, _("administrative region")
    REGION = 30, _("planning region")
    COUNTY = 40, _("county")
    ASSOCIATION = 50, _("association of municipalities")
    MUNICIPALITY = 60, _("municipality")


# Titles that the register shortens. They are stored as it prints them.
WRITTEN_OUT = {"M": "Markt", "St": "Stadt", "GKSt": "Große Kreisstadt"}
# Levels that can hold a dialogue.
DIALOGUE_LEVELS = (Level.COUNTY, Level.ASSOCIATION, Level.MUNICIPALITY)

# What stands before the bare name of a county, by the register's type (Textkennzeichen).
COUNTY_PREFIX = {43: "Kreis", 44: "Landkreis"}
