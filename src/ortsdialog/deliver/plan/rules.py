"""Who may write the plan, ask owners, and answer."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.rules import is_coordinator, is_in_town
from ortsdialog.kernel.access import Actor, Predicate

OWNER_LINK = "measure_owner"


@predicate
def is_asked_owner(actor: Actor, obj: Any) -> bool:
    """The holder of the secret link of this request."""
    return obj is not None and actor.link == (OWNER_LINK, str(obj.pk))


@predicate
def is_the_house_itself(actor: Actor, obj: Any) -> bool:
    """No person and no link: the system's own actor passes before any predicate is asked."""
    return False


PERMISSIONS: dict[str, Predicate] = {
    "plan.see_plan": is_in_town,
    "plan.edit_plan": is_coordinator,
    "plan.publish_plan": is_coordinator,
    "plan.edit_measure": is_coordinator,
    "plan.ask_owner": is_coordinator,
    # By the owner's own link; what she says on the phone is recorded by the coordinator.
    "plan.answer_request": is_asked_owner,
    "plan.record_answer": is_coordinator,
    # Done by the house itself when a dialogue ends.
    "plan.forget_owner_emails": is_the_house_itself,
}
