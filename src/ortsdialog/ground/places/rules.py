"""Who may change a town's own settings. Roles are known one room further; here only their names."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.kernel.access import Actor, Predicate, place_id_of


@predicate
def may_edit_profile(actor: Actor, obj: Any) -> bool:
    place_id = place_id_of(obj)
    return place_id is not None and any(
        actor.has_role(role, place_id=place_id) for role in ("coordinator", "place_admin")
    )


@predicate
def may_run_installation(actor: Actor, obj: Any) -> bool:
    return actor.has_role("system_admin")


PERMISSIONS: dict[str, Predicate] = {
    "places.edit_profile": may_edit_profile,
    "places.import_register": may_run_installation,
    "places.join_place": may_run_installation,
}
