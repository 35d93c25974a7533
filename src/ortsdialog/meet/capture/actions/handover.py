"""Handing a table over: a link that works once and for minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.live import announce
from ortsdialog.meet.capture.models import HostHandover
from ortsdialog.meet.capture.refusals import HandoverIsOver
from ortsdialog.meet.gatherings.models import Table

# Long enough to walk to the other table, too short to be found in a chat the next day.
VALID_FOR = timedelta(minutes=10)
TOKEN_BYTES = 24
# The pages of the table's hosts listen to it.
HOST_EVENT = "host"


def token_digest(token: str) -> str:
    """What of the link is stored: whoever reads the database cannot take a table over."""
    return hashlib.sha256(token.encode()).hexdigest()


def offer_table(
    *, actor: Actor, table: Table, device_mark: str = "", ends_device: bool = False
) -> tuple[HostHandover, str]:
    """Make a link with which another device leads the table; returns it with its secret, which is stored nowhere.

    `device_mark`: the device that offers; its earlier links stop working. With `ends_device` it stops leading as
    soon as the link is used; the card printed for the table goes on working.
    """
    require(actor, "capture.hand_over_table", table)
    now = timezone.now()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    handover = HostHandover(
        place_id=table.place_id,
        table=table,
        token_digest=token_digest(token),
        device_mark=device_mark,
        ends_device=ends_device and bool(device_mark),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    detail = {"table": table.number, "stops": ends_device}
    with recorded("capture.offer_table", actor=actor, on=handover, detail=detail):
        earlier = HostHandover.objects.filter(table=table, device_mark=device_mark, used_at=None, expires_at__gt=now)
        earlier.update(expires_at=now)
        handover.save(force_insert=True)
    return handover, token


def take_over_table(*, actor: Actor, handover: HostHandover) -> HostHandover:
    """Use the link: from now on this device leads the table. Raises `HandoverIsOver` where it was used or is old."""
    require(actor, "capture.take_over_table", handover)
    with transaction.atomic():
        locked = HostHandover.objects.select_for_update().get(pk=handover.pk)
        if not locked.is_open:
            raise HandoverIsOver
        table = handover.table
        detail = {"table": table.number, "stops": locked.ends_device}
        with recorded("capture.take_over_table", actor=actor, on=locked, detail=detail):
            locked.used_at = timezone.now()
            locked.save(update_fields=["used_at"])
            announce(f"table:{table.pk}", HOST_EVENT)
    return locked
