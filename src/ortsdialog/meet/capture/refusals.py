"""Why a table is not handed over."""

from __future__ import annotations


class HandoverIsOver(Exception):
    """The link was used already, or is too old."""

    def __init__(self) -> None:
        super().__init__("The link for taking over is used or too old.")
