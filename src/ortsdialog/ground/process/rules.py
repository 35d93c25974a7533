"""Who may see and steer processes and programmes."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.rules import holds_in_programme, is_coordinator, is_in_town
from ortsdialog.kernel.access import Actor, Predicate


@predicate
def may_see_process(actor: Actor, process: Any) -> bool:
    """Everybody sees a public dialogue; a draft is the town's own affair."""
    return process is not None and (process.is_public or bool(is_in_town(actor, process)))


PERMISSIONS: dict[str, Predicate] = {
    "process.see_process": may_see_process,
    "process.see_draft": is_in_town,
    "process.create_process": is_coordinator,
    "process.edit_process": is_coordinator,
    "process.publish_process": is_coordinator,
    "process.close_process": is_coordinator,
    "process.see_programme": holds_in_programme(Role.PROGRAMME_STAFF, Role.ADVISORY_BOARD, Role.EVALUATOR),
}
