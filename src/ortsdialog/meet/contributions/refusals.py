"""Why a statement is not taken in."""

from __future__ import annotations

from ortsdialog.meet.contributions.models import Statement


class StatementDiffers(Exception):
    """Under this id another text is stored already.

    `stored` is that statement; None where it belongs to another table, whose words are not ours to show.
    """

    def __init__(self, stored: Statement | None) -> None:
        self.stored = stored
        super().__init__("Another statement has this id.")
