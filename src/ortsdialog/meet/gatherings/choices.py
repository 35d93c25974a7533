"""Formats and states of a gathering."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    RESIDENTS_ASSEMBLY = "residents_assembly", _("residents’ assembly")
    CITIZENS_COUNCIL = "citizens_council", _("citizens’ council drawn by lot")
    LARGE_GROUP_FORUM = "large_group_forum", _("large-group forum")
    FIELD_EVENT = "field_event", _("event for one field of action")
    FUTURE_WORKSHOP = "future_workshop", _("future workshop")
    WORLD_CAFE = "world_cafe", _("world café")
    THEME_TABLES = "theme_tables", _("theme tables")
    IDEAS_WORKSHOP = "ideas_workshop", _("dialogue-oriented ideas workshop")
    FUTURE_CONFERENCE = "future_conference", _("future conference")
    OPEN_SPACE = "open_space", _("open space")
    DECENTRAL_TALKS = "decentral_talks", _("talks in shelters and neighbourhood houses")
    PUBLIC_SPACE = "public_space", _("talks in public space")
    GROUP_DIALOGUE = "group_dialogue", _("dialogue for one group")
    ROUND_TABLE = "round_table", _("round table")
    NETWORK_MEETING = "network_meeting", _("network meeting")
    OTHER = "other", _("other format")


class GatheringState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("announced")
    RUNNING = "running", _("under way")
    CLOSED = "closed", _("finished")


class Moderation(models.TextChoices):
    """When what is said at the tables becomes public."""

    PRE = "pre", _("after somebody has approved it")
    NEW_DEVICES = "new_devices", _("at once, from devices with an approved statement")
    POST = "post", _("at once; what seems to hurt somebody waits")
