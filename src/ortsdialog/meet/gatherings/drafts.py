"""What staff write down about tables and rounds before they become rows."""

from __future__ import annotations

from dataclasses import dataclass

from ortsdialog.kernel.language import MultilingualText

Text = str | MultilingualText


def as_text(value: Text) -> MultilingualText:
    return value if isinstance(value, MultilingualText) else MultilingualText.written(value)


@dataclass(frozen=True)
class TableDraft:
    """A table to be. With `pk` it stands for a table that exists already.

    `interpreter_languages` None says nothing about them: an existing table keeps its own.
    """

    theme: Text
    host_name: str = ""
    note_taker_name: str = ""
    interpreter_languages: tuple[str, ...] | None = None
    pk: int | None = None


@dataclass(frozen=True)
class RoundDraft:
    """A round to be, under its question. Rounds with the same question share it."""

    question: Text
    minutes: int = 35
    pk: int | None = None
