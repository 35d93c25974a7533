"""Signs of life of the devices at the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.language import INTERFACE_LANGUAGES
from ortsdialog.meet.capture.choices import DeviceRole
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.gatherings.models import Gathering

# A phone calls every half minute. Every second call is written, unless something has changed.
WRITTEN_AGAIN_AFTER = timedelta(seconds=55)
UNSENT_AT_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class SignOfLife:
    """What a device said of itself: at which table it is, and how much it still holds back."""

    table_id: int
    key: str
    role: str = DeviceRole.GUEST
    language: str = ""
    unsent_count: int = 0
    seen_at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        if self.role not in DeviceRole.values:
            raise ValidationError({"role": "unknown"}, code="role")

    def device(self, gathering: Gathering) -> Device:
        return Device(
            place_id=gathering.place_id,
            gathering=gathering,
            key=self.key,
            table_id=self.table_id,
            role=self.role,
            language=self.language if self.language in INTERFACE_LANGUAGES else "",
            unsent_count=max(0, min(self.unsent_count, UNSENT_AT_MOST)),
            last_seen_at=self.seen_at,
        )


def note_signs_of_life(*, actor: Actor, gathering: Gathering, signs: Iterable[SignOfLife]) -> int:
    """Note which devices of an event are alive, and how much they still hold back. Returns how many were written.

    Of several from one device the last counts. Leaves no audit entry: nobody has to answer for it, and there are
    thousands an evening.
    """
    require(actor, "capture.note_device", gathering)
    told = {sign.key: sign.device(gathering) for sign in signs}
    # Somebody may have removed a table since its phones spoke.
    there = set(gathering.tables.values_list("pk", flat=True))
    told = {key: device for key, device in told.items() if device.table_id in there}
    known = {device.key: device for device in Device.objects.filter(gathering=gathering, key__in=told)}
    # In one order: two processes that write the same devices never wait for each other.
    new = [told[key] for key in sorted(told) if not _says_nothing_new(told[key], known.get(key))]
    if new:
        Device.objects.bulk_create(
            new,
            update_conflicts=True,
            unique_fields=["gathering", "key"],
            update_fields=["table", "role", "language", "unsent_count", "last_seen_at"],
        )
    return len(new)


def _says_nothing_new(told: Device, known: Device | None) -> bool:
    if known is None:
        return False
    if known.last_seen_at >= told.last_seen_at:
        # Another process was faster with a later one.
        return True
    same = all(getattr(told, name) == getattr(known, name) for name in ("table_id", "role", "language", "unsent_count"))
    return same and known.last_seen_at > told.last_seen_at - WRITTEN_AGAIN_AFTER
