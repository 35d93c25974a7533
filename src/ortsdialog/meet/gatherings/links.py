"""Addresses that leave the house on paper: in QR codes and on cards. They begin with the site's own address.

The pages behind them belong to floors above, so they are known here by their names only.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from ortsdialog.meet.gatherings.models import Table


def guest_link(table: Table) -> str:
    """Where a guest writes: printed on the table's sign."""
    return settings.BASE_URL + reverse("capture:table", kwargs={"code": table.code})


def host_link(table: Table) -> str:
    """Where the host leads the table: a secret, printed on the host's card."""
    return settings.BASE_URL + reverse("capture:host", kwargs={"code": table.code, "host_key": table.host_key})
