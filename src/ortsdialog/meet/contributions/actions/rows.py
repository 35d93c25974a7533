"""What several actions do with a statement's row."""

from __future__ import annotations

from ortsdialog.kernel.live.events import announce_all
from ortsdialog.meet.contributions.models import Statement

LIVE_EVENT = "statement"


def tell(statement: Statement) -> None:
    """Wake the wall, and the host's queue: it may be open on one device while the desk decides on another."""
    # The whole hall listens, and whoever sends a statement's id gets its receipt: only the handle is told.
    topics = f"gathering:{statement.gathering_id}", f"table:{statement.table_id}"
    announce_all((topic, LIVE_EVENT, statement.handle) for topic in topics)


def locked(statement: Statement) -> Statement:
    """The row as it is now, held until the transaction ends. Call inside a transaction."""
    locked: Statement = Statement.everything.select_for_update().get(pk=statement.pk)
    return locked
