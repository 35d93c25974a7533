"""What the team of the running evening sees: devices that were just heard of, an announcement, cards, a rewording."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from ortsdialog.demo.content_files import read
from ortsdialog.demo.talk import statement_id
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.meet.capture.actions import key_in_card, print_paper_cards
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.contributions.actions import edit_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.models import Announcement, Gathering

DEMONSTRATION = Actor.system("demonstration")


def load_hall(gatherings: list[Gathering]) -> None:
    """The hall as it is at the moment of loading; later the tables count as silent, as they are."""
    content = read("lindenbronn_today")
    gathering = next(gathering for gathering in gatherings if gathering.slug == content["slug"])
    tables = {table.number: table for table in gathering.tables.all()}
    hall, now = content["hall"], timezone.now()
    _reword(**hall["reworded"])
    _print_and_key_in(gathering, **hall["paper"])
    Device.objects.bulk_create(
        Device(
            place=gathering.place,
            gathering=gathering,
            table=tables[entry["table"]],
            key=secrets.token_hex(16),
            role=entry["role"],
            language=entry["language"],
            unsent_count=entry["unsent"],
            first_seen_at=now - timedelta(minutes=20),
            last_seen_at=now - timedelta(minutes=entry["minutes_ago"]),
        )
        for entry in hall["devices"]
    )
    Announcement.objects.create(
        place=gathering.place,
        gathering=gathering,
        text=MultilingualText.of(hall["announcement"]),
        sent_at=now - timedelta(minutes=4),
    )


def _reword(key: str, text: str, reason: str) -> None:
    statement = Statement.objects.get(pk=statement_id(key))
    edit_statement(
        actor=DEMONSTRATION,
        statement=statement,
        based_on=statement.version,
        text=text,
        language=statement.text.original,
        said_by_count=statement.said_by_count,
        interpreted=statement.interpreted,
        reason=reason,
    )


def _print_and_key_in(gathering: Gathering, table: int, round: int, cards: int, keyed_in: dict[str, str]) -> None:
    """Cards of one table; one has come back, the others lie on it still."""
    printed = print_paper_cards(
        actor=DEMONSTRATION,
        gathering=gathering,
        tables=[gathering.tables.get(number=table)],
        rounds=[gathering.rounds.get(number=round)],
        cards_per_table=cards,
    )
    key_in_card(
        actor=DEMONSTRATION,
        card=printed[0],
        statement_id=statement_id(keyed_in["key"]),
        text=keyed_in["text"],
        language=keyed_in["language"],
        collected_on=timezone.localdate(),
        entered_by=keyed_in["entered_by"],
    )
