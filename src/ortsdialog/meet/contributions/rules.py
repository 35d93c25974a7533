"""Who may take in, approve and sort statements."""

from __future__ import annotations

from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.rules import is_coordinator, is_in_town, is_note_taker
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, Predicate
from ortsdialog.meet.contributions.models import Source
from ortsdialog.meet.gatherings.models import Table

HOST_LINK = "table_host"


@predicate
def is_host_of_table(actor: Actor, obj: Any) -> bool:
    """The holder of the host card of the statement's table (or of the table itself)."""
    if actor.link is None or actor.link[0] != HOST_LINK:
        return False
    table_id = getattr(obj, "table_id", None) or (obj.pk if getattr(obj, "host_key", None) else None)
    return table_id is not None and actor.link[1] == str(table_id)


@predicate
def is_open_table(actor: Actor, obj: Any) -> bool:
    """Anybody may speak at a table while its gathering takes statements.

    For some days afterwards a phone may deliver what it could not deliver that evening. When it was written only the
    phone's clock knows, and that may be days off: so nobody asks, and nothing late appears before somebody has seen it.
    """
    gathering = getattr(obj, "gathering", None)
    return gathering is not None and (gathering.takes_statements or gathering.takes_late_statements)


@predicate
def is_in_living_dialogue(actor: Actor, obj: Any) -> bool:
    """A finished dialogue is an archive, also for an old host card. What belongs to no dialogue is not held up."""
    if isinstance(obj, Table | Source):
        obj = obj.gathering
    try:
        process = obj if isinstance(obj, Process) else getattr(obj, "process", None)
    except Process.DoesNotExist:
        # Another town is open; there its dialogue does not exist.
        return False
    return process is None or not process.is_archived


@predicate
def is_the_house_itself(actor: Actor, obj: Any) -> bool:
    """No person and no link: the system's own actor passes before any predicate is asked."""
    return False


@predicate
def is_shown_to_everybody(actor: Actor, obj: Any) -> bool:
    """A statement on the public pages: what everybody sees, anybody may report."""
    if not getattr(obj, "is_public", False) or getattr(obj, "rehearsal", True):
        return False
    return bool(obj.process.is_public)


PERMISSIONS: dict[str, Predicate] = {
    "contributions.submit_statement": is_in_living_dialogue & (is_open_table | is_host_of_table | is_note_taker),
    # Writing down what somebody else said, or what several said.
    "contributions.write_for_guests": is_in_living_dialogue & (is_host_of_table | is_note_taker),
    "contributions.see_statements": is_in_town,
    # Staff can take a statement down at any time, also from an archive; a host card ends with the dialogue.
    "contributions.moderate_statement": is_note_taker | (is_in_living_dialogue & is_host_of_table),
    "contributions.report_statement": is_shown_to_everybody,
    "contributions.decide_report": is_note_taker,
    # What waits or is held back may name people: only for those who decide about it.
    "contributions.see_unapproved": is_note_taker,
    # Rewording what was said; the first wording stays in the history.
    "contributions.edit_statement": is_in_living_dialogue & (is_host_of_table | is_note_taker),
    # Words leave the house for it: a decision of whoever leads the dialogue.
    "contributions.switch_translation": is_in_living_dialogue & is_coordinator,
    # Photos may show faces: for those who write down what stands on them, at their table or in the team.
    "contributions.see_sources": is_note_taker | (is_in_living_dialogue & is_host_of_table),
    "contributions.add_source": is_in_living_dialogue & (is_note_taker | is_host_of_table),
    "contributions.delete_source": is_in_living_dialogue & (is_note_taker | is_host_of_table),
    "contributions.forget_pictures": is_the_house_itself,
    "contributions.sort_statements": is_in_living_dialogue & is_coordinator,
}
