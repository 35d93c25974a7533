"""Why a statement is not taken in."""

from __future__ import annotations

from ortsdialog.meet.contributions.models import Revision, Statement


class StatementDiffers(Exception):
    """Under this id another text is stored already.

    `stored` is that statement; None where it belongs to another table, whose words are not ours to show.
    """

    def __init__(self, stored: Statement | None) -> None:
        self.stored = stored
        super().__init__("Another statement has this id.")


class EditedMeanwhile(Exception):
    """Somebody else has reworded the statement since the writer opened it.

    `statement` is as it is now, `kept` the row of the history that holds the writer's own words.
    """

    def __init__(self, statement: Statement, kept: Revision) -> None:
        self.statement = statement
        self.kept = kept
        super().__init__("The statement was reworded meanwhile.")
