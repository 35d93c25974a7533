"""Signs of life of the devices at the tables."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.language import INTERFACE_LANGUAGES
from ortsdialog.meet.capture.choices import DeviceRole
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.gatherings.models import Table

# A phone calls every half minute. Every second call is written, unless something has changed.
WRITTEN_AGAIN_AFTER = timedelta(seconds=55)
UNSENT_AT_MOST = 10_000


def note_sign_of_life(
    *, actor: Actor, table: Table, key: str, role: str = DeviceRole.GUEST, language: str = "", unsent_count: int = 0
) -> bool:
    """Note that a device is alive at a table, and how much it still holds back. Returns whether it was written.

    Leaves no audit entry: nobody has to answer for it, and there are thousands an evening.
    """
    require(actor, "capture.note_device", table)
    if role not in DeviceRole.values:
        raise ValidationError({"role": "unknown"}, code="role")
    stand = {
        "table_id": table.pk,
        "role": role,
        "language": language if language in INTERFACE_LANGUAGES else "",
        "unsent_count": max(0, min(unsent_count, UNSENT_AT_MOST)),
    }
    now = timezone.now()
    known = Device.objects.filter(gathering_id=table.gathering_id, key=key, **stand)
    if known.filter(last_seen_at__gt=now - WRITTEN_AGAIN_AFTER).exists():
        return False
    device = Device(place_id=table.place_id, gathering_id=table.gathering_id, key=key, last_seen_at=now, **stand)
    Device.objects.bulk_create(
        [device],
        update_conflicts=True,
        unique_fields=["gathering", "key"],
        update_fields=["table", "role", "language", "unsent_count", "last_seen_at"],
    )
    return True
