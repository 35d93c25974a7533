"""What the control room of the running evening sees: devices that were heard of just now, and an announcement."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from ortsdialog.demo.content_files import read
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.gatherings.models import Announcement, Gathering


def load_hall(gatherings: list[Gathering]) -> None:
    """The hall as it is at the moment of loading; later the tables count as silent, as they are."""
    content = read("lindenbronn_today")
    gathering = next(gathering for gathering in gatherings if gathering.slug == content["slug"])
    tables = {table.number: table for table in gathering.tables.all()}
    hall, now = content["hall"], timezone.now()
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
