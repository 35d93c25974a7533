"""What a device remembers: the receipts of its own statements, and that it leads a table.

No cookie names anybody. The server tells devices of one event apart by a key that is made of the device's mark and
the event; the mark itself is never stored.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from ortsdialog.kernel.access import Actor
from ortsdialog.meet.contributions.receipts import read_receipt_code
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.gatherings.models import Table

RECEIPTS = "beitraege"
RECEIPTS_AT_MOST = 30
RECEIPTS_KEPT = timedelta(days=30)
HOST = "gastgeber"
# A long day in the hall.
HOST_KEPT = timedelta(hours=18)
DEVICE = "geraet"
DEVICE_KEPT = timedelta(days=30)
WRITTEN = "geschrieben"
WRITTEN_AT_MOST = 5
# A guest gets her code handed over soon; later entries of the day push it out anyway.
WRITTEN_KEPT = timedelta(hours=2)


def receipts_of(request: HttpRequest) -> list[str]:
    """The receipt codes of this device, the newest first."""
    signed = request.get_signed_cookie(RECEIPTS, default="", max_age=RECEIPTS_KEPT)
    codes = (read_receipt_code(part) for part in (signed or "").split("."))
    return [code for code in codes if code]


def remember_receipt(request: HttpRequest, response: HttpResponse, code: str) -> None:
    codes = [code, *(known for known in receipts_of(request) if known != code)][:RECEIPTS_AT_MOST]
    response.set_signed_cookie(
        RECEIPTS,
        ".".join(known.replace("-", "") for known in codes),
        max_age=RECEIPTS_KEPT,
        path="/t/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget_receipts(response: HttpResponse) -> None:
    response.delete_cookie(RECEIPTS, path="/t/", samesite="Lax")


def _host_mark(table: Table) -> str:
    # A new host card must end what was opened with the old one.
    return f"{table.pk}-{hashlib.sha256(table.host_key.encode()).hexdigest()[:32]}"


def remember_host(response: HttpResponse, table: Table) -> None:
    """From now on this device leads the table, without the key in the address."""
    # The random end tells this device apart from the others at the table: it can stop leading by itself.
    response.set_signed_cookie(
        HOST,
        f"{_host_mark(table)}-{secrets.token_hex(8)}",
        max_age=HOST_KEPT,
        path=f"/t/{table.code}/gastgeber/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def host_actor(request: HttpRequest, table: Table) -> Actor | None:
    """The host, if this device leads exactly this table, or did before it was handed over (see `host_device_mark`)."""
    return leading_actor(host_table_mark(request.COOKIES), table)


def host_device_mark(request: HttpRequest) -> str:
    """The random mark of a device that leads a table; empty where it was opened before devices had one."""
    return host_mark_of(request.COOKIES)


def host_mark_of(cookies: Mapping[str, str]) -> str:
    parts = host_table_mark(cookies).split("-")
    return parts[2] if len(parts) > 2 else ""


def host_table_mark(cookies: Mapping[str, str]) -> str:
    """The table that this device leads, as its cookie says; empty where it says nothing that we have signed."""
    return _signed(cookies, HOST, HOST_KEPT)


def leading_actor(mark: str, table: Table) -> Actor | None:
    """The host, if the mark is this table's and was made with its present key.

    Also on a device that has handed the table over: what it kept while it led the table still comes in.
    """
    if mark.split("-")[:2] != _host_mark(table).split("-"):
        return None
    return Actor.by_link(HOST_LINK, table.pk, label="table host")


def _signed(cookies: Mapping[str, str], name: str, kept: timedelta) -> str:
    """What a cookie of ours says; empty where it is old or not ours. How it is signed is Django's own affair."""
    request = HttpRequest()
    request.COOKIES = dict(cookies)
    return request.get_signed_cookie(name, default="", max_age=kept) or ""


def device_mark_of(cookies: Mapping[str, str]) -> str:
    """The random mark of this device; empty where it has none."""
    return _signed(cookies, DEVICE, DEVICE_KEPT)


def remember_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give this device its mark, if it has none that is ours."""
    if device_mark_of(request.COOKIES):
        return
    response.set_signed_cookie(
        DEVICE,
        secrets.token_hex(16),
        max_age=DEVICE_KEPT,
        path="/t/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def device_key(mark: str, gathering_id: int) -> str:
    """Tells devices of one event apart; nobody can tell that two events met the same device. Empty without a mark."""
    if not mark:
        return ""
    return salted_hmac("capture.device", f"{gathering_id}:{mark}", algorithm="sha256").hexdigest()[:32]


def remember_written(request: HttpRequest, response: HttpResponse, table: Table, statement_id: UUID) -> None:
    """What this device has written down for guests: its page shows those receipts for a while, and no others."""
    newest = [statement_id, *(known for known in written_here(request) if known != statement_id)]
    response.set_signed_cookie(
        WRITTEN,
        ".".join(known.hex for known in newest[:WRITTEN_AT_MOST]),
        max_age=WRITTEN_KEPT,
        path=f"/t/{table.code}/gastgeber/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def written_here(request: HttpRequest) -> list[UUID]:
    """The statements that this device wrote down last, the newest first."""
    written = request.get_signed_cookie(WRITTEN, default="", max_age=WRITTEN_KEPT) or ""
    return [UUID(part) for part in written.split(".") if part]


def forget_written(response: HttpResponse, table: Table) -> None:
    response.delete_cookie(WRITTEN, path=f"/t/{table.code}/gastgeber/", samesite="Lax")
