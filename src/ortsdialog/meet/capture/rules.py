"""Who may set up walls and hand tables over. Table and wall themselves open by code."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.rules import is_coordinator
from ortsdialog.kernel.access import Actor, Predicate
from ortsdialog.meet.contributions.rules import is_host_of_table, is_in_living_dialogue

HANDOVER_LINK = "table_handover"


@predicate
def holds_handover_link(actor: Actor, obj: Any) -> bool:
    """Whoever has opened the link of this hand-over."""
    return actor.link is not None and actor.link == (HANDOVER_LINK, str(obj.pk))


PERMISSIONS: dict[str, Predicate] = {
    "capture.set_up_wall": is_coordinator,
    "capture.hand_over_table": is_in_living_dialogue & is_host_of_table,
    "capture.take_over_table": holds_handover_link,
}
