"""How a statement came to be, in words: who wrote it down, at which table, for how many people, through whom.

The one place that says so. Pages print it through the template tags `where_from` and `provenance`, exports through
the functions here. For the public a role; names only for those who work with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Statement


@dataclass(frozen=True)
class Provenance:
    """Whole phrases in the reader's language; empty where there is nothing to say."""

    table: str
    round: str
    speakers: str
    interpreted: str
    # Short, for a line with many parts, and in full.
    written: str
    written_in_full: str
    # In full where the table is named beside it.
    written_beside_table: str
    reworded: str

    @property
    def short(self) -> list[str]:
        """For a card: where, for how many, through whom."""
        parts = (self.table, self.round, self.speakers, self.interpreted, self.written)
        return [part for part in parts if part]

    @property
    def full(self) -> list[str]:
        """For a page: who wrote it down, with the name where it may be told, and whether the wording was changed."""
        parts = (self.table, self.round, self.written_beside_table, self.speakers, self.interpreted, self.reworded)
        return [part for part in parts if part]


def provenance_of(statement: Statement, *, names: bool = False) -> Provenance:
    """No query where table and round are at hand. `names` also tells who keyed it in: for the desk alone."""
    count = statement.said_by_count
    table, round = statement.table, statement.round
    in_full = _in_full(statement, names)
    return Provenance(
        table=_("Table %(number)s") % {"number": table.number} if table else "",
        round=_("Round %(number)s") % {"number": round.number} if round else "",
        speakers=_("said by %(number)s people") % {"number": count} if count > 1 else "",
        interpreted=_("through an interpreter") if statement.interpreted else "",
        written=_short(statement.channel),
        written_in_full=in_full,
        written_beside_table=_short(statement.channel) if statement.channel == Channel.HOST else in_full,
        reworded=_("wording changed afterwards") if statement.version > 1 else "",
    )


def _short(channel: str) -> str:
    words: dict[str, Any] = {
        Channel.PHONE: _("written on a guest’s phone"),
        Channel.HOST: _("written down by the host"),
        Channel.PAPER: _("from a paper card"),
    }
    return str(words.get(channel, ""))


def _in_full(statement: Statement, names: bool) -> str:
    who = statement.entered_by if names else ""
    if statement.channel == Channel.HOST:
        if statement.table is None:
            return _("written down by a host")
        return _("written down by the host of table %(number)s") % {"number": statement.table.number}
    if statement.channel == Channel.PAPER:
        if who:
            return _("from a paper card, keyed in by %(name)s") % {"name": who}
        return _("from a paper card, keyed in by the team")
    return _short(statement.channel)
