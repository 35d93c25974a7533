"""Roles. A role is held in one place or in one programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    NOTE_TAKER = "note_taker", _("table host or note-taker")
    ADVISER = "adviser", _("adviser")
    ACCOMPANYING_MEMBER = "accompanying_member", _("member of the accompanying group")
    EVALUATOR = "evaluator", _("evaluator")
    PROGRAMME_STAFF = "programme_staff", _("programme staff")
    ADVISORY_BOARD = "advisory_board", _("advisory board")
    PLACE_ADMIN = "place_admin", _("administrator of the place")
    SYSTEM_ADMIN = "system_admin", _("administrator of the installation")


PLACE_ROLES = (
    Role.COORDINATOR,
    Role.NOTE_TAKER,
    Role.ADVISER,
    Role.ACCOMPANYING_MEMBER,
    Role.EVALUATOR,
    Role.PLACE_ADMIN,
)
# Whoever holds one of these can bring others in; a town never loses its last one by mistake.
INVITING_ROLES = (Role.COORDINATOR, Role.PLACE_ADMIN)
PROGRAMME_ROLES = {Role.PROGRAMME_STAFF, Role.ADVISORY_BOARD, Role.EVALUATOR, Role.ADVISER}
INSTALLATION_ROLES = {Role.SYSTEM_ADMIN}
