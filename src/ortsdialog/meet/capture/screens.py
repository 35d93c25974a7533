"""What a wall shows just now: the cards of the newest screens, or of all, and what waits.

Every read goes through `approved_statements`: what is not approved, or belongs to a rehearsal that is over, is on no
screen, however long the wall has stood still and whatever was highlighted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.db.models import Case, F, IntegerField, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from ortsdialog.kernel.language import MultilingualText, Version
from ortsdialog.meet.capture.choices import Arrangement
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.provenance import provenance_of
from ortsdialog.meet.contributions.queries import approved_statements
from ortsdialog.meet.gatherings.models import Table

# What the newest screen of the largest picture can hold, and one more row. Whoever steps back gets the older ones.
NEWEST = 18
NEWEST_OF_A_TABLE = 4
OLDER = 200
OLDER_OF_A_TABLE = 30
# Characters. Six lines of a card on a picture 16 : 9; the whole text stands on the public page.
LONGEST = 260
LONGEST_ALONE = 520
# On one screen; further tables follow on the next one.
TABLES_ON_A_SCREEN = 8
_NEWEST_FIRST = ("turn", "-moderated_at", "-received_at", "id")


@dataclass(frozen=True)
class Card:
    """One statement as the wall prints it: its versions in the wall's languages, shortened."""

    statement: Statement
    versions: list[Version]

    @classmethod
    def of(cls, statement: Statement, languages: list[str], longest: int = LONGEST) -> Self:
        return cls(statement, [_shortened(one, longest) for one in versions_in(statement.text, languages)])

    @property
    def at(self) -> int:
        """When it was approved, in milliseconds: a display that stands still lets nothing in that is younger."""
        return milliseconds(self.statement.moderated_at or self.statement.received_at)

    @property
    def said_in(self) -> str:
        """The language that was spoken, where the wall shows translations alone; else empty."""
        original = self.statement.text.original
        return "" if any(one.language == original for one in self.versions) else original

    @property
    def whose(self) -> str:
        """For how many, and who wrote it down; the table stands above."""
        said = provenance_of(self.statement)
        return " · ".join(part for part in (said.speakers, said.interpreted, said.written) if part)

    @property
    def length(self) -> int:
        return max(len(one.text) for one in self.versions)


@dataclass(frozen=True)
class TableCards:
    """A table with its newest cards."""

    table: Table | None
    cards: list[Card] = field(default_factory=list)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def versions_in(text: MultilingualText, languages: list[str]) -> list[Version]:
    """The text in each of the languages that it exists in; the original where it exists in none."""
    found = [text.in_language(code) for code in languages if text.state_of(code) is not None]
    return found or [text.in_language(text.original)]


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, cut between words, with an ellipsis; blank lines left out."""
    text = "\n".join(line for line in text.split("\n") if line.strip())
    if len(text) <= longest:
        return text
    kept = text[:longest].rstrip()
    blank = max(kept.rfind(" "), kept.rfind("\n"))
    # A single endless word is cut where it is.
    return (kept[:blank] if blank > longest // 2 else kept).rstrip(" \n,;:–-") + " …"


def _shortened(version: Version, longest: int) -> Version:
    return Version(shortened(version.text, longest), version.language, version.state)


def still_since(wall: Wall) -> datetime | None:
    """Since when nothing new comes in; None where cards come as they are approved."""
    return min((at for at in (wall.paused_at, wall.stepped_at) if at), default=None)


def _shown(wall: Wall) -> QuerySet[Statement]:
    """Approved in time for this wall: the running round first, the newest approval on top."""
    now = When(round_id=wall.gathering.current_round_id, then=Value(0))
    cards = approved_statements(wall.gathering).annotate(turn=Case(now, default=Value(1), output_field=IntegerField()))
    still = still_since(wall)
    if still is not None:
        cards = cards.filter(moderated_at__lte=still)
    return cards.order_by(*_NEWEST_FIRST)


def wall_cards(wall: Wall, languages: list[str], *, older: bool = False) -> list[Card]:
    """The newest cards of all tables, or with the older ones. One query."""
    return [Card.of(one, languages) for one in _shown(wall)[: OLDER if older else NEWEST]]


def wall_cards_by_table(wall: Wall, languages: list[str], *, older: bool = False) -> list[TableCards]:
    """The newest cards of each table that has some, by its number. One query."""
    order: list[Any] = ["turn", F("moderated_at").desc(), F("received_at").desc(), "id"]
    numbered = _shown(wall).annotate(turn_at_table=Window(RowNumber(), partition_by=F("table_id"), order_by=order))
    most = OLDER_OF_A_TABLE if older else NEWEST_OF_A_TABLE
    rows = numbered.filter(turn_at_table__lte=most).order_by("table__number", "turn_at_table")
    groups: dict[int | None, TableCards] = {}
    for row in rows:
        groups.setdefault(row.table_id, TableCards(row.table)).cards.append(Card.of(row, languages))
    return list(groups.values())


def highlighted_card(wall: Wall, languages: list[str]) -> Card | None:
    """The one statement that stands alone; None as soon as it is not approved any more. At most one query."""
    if wall.highlighted_id is None:
        return None
    statement = approved_statements(wall.gathering).filter(pk=wall.highlighted_id).first()
    return None if statement is None else Card.of(statement, languages, LONGEST_ALONE)


def has_tables(wall: Wall) -> bool:
    return wall.arrangement == Arrangement.BY_TABLE


def waiting_count(wall: Wall) -> int:
    """How many approved statements a wall that stands still does not show yet. For staff, never for the hall."""
    still = still_since(wall)
    return 0 if still is None else approved_statements(wall.gathering).filter(moderated_at__gt=still).count()
