"""Why a table is not handed over, and why a paper card is not keyed in."""

from __future__ import annotations

from ortsdialog.meet.capture.models import PaperCard


class HandoverIsOver(Exception):
    """The link was used already, or is too old."""

    def __init__(self) -> None:
        super().__init__("The link for taking over is used or too old.")


class CardKeyedIn(Exception):
    """Somebody has keyed this card in already; `card.statement` says what."""

    def __init__(self, card: PaperCard) -> None:
        self.card = card
        super().__init__("This card is keyed in already.")
