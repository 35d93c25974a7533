"""Who may set up walls, print cards and hand tables over. Table and wall themselves open by code."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.rules import is_coordinator, is_note_taker
from ortsdialog.kernel.access import Actor, Predicate
from ortsdialog.meet.contributions.rules import is_host_of_table, is_in_living_dialogue
from ortsdialog.meet.gatherings.choices import GatheringState

HANDOVER_LINK = "table_handover"


@predicate
def holds_handover_link(actor: Actor, obj: Any) -> bool:
    """Whoever has opened the link of this hand-over."""
    return actor.link is not None and actor.link == (HANDOVER_LINK, str(obj.pk))


@predicate
def is_event_to_come_or_running(actor: Actor, obj: Any) -> bool:
    """Devices are counted from the announcement on, and after the end as long as they may deliver."""
    takes = obj.takes_statements or obj.takes_late_statements or obj.state != GatheringState.CLOSED
    return bool(obj.is_public) and takes


PERMISSIONS: dict[str, Predicate] = {
    "capture.set_up_wall": is_coordinator,
    # That a device is at the table, and how much it holds back: says who it is to nobody.
    "capture.note_device": is_event_to_come_or_running,
    # Pausing, stepping, highlighting: one wall is the whole hall's, so no host of a single table does it.
    "capture.run_wall": is_note_taker,
    "capture.hand_over_table": is_in_living_dialogue & is_host_of_table,
    "capture.take_over_table": holds_handover_link,
    "capture.print_paper_cards": is_in_living_dialogue & is_coordinator,
}
