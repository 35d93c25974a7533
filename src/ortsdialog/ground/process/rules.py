"""Who may see and steer processes and programmes."""

from __future__ import annotations

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.rules import holds_in_programme, is_coordinator, is_in_town
from ortsdialog.kernel.access import Predicate

PERMISSIONS: dict[str, Predicate] = {
    "process.see_draft": is_in_town,
    "process.create_process": is_coordinator,
    "process.edit_process": is_coordinator,
    "process.publish_process": is_coordinator,
    "process.see_programme": holds_in_programme(Role.PROGRAMME_STAFF, Role.ADVISORY_BOARD, Role.EVALUATOR),
}
