"""Daily tidying: what was promised in `privacy.py`."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.jobs import job, schedule
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Device, HostHandover

# The morning after and the days of counting; then nobody asks any more which device was where.
DEVICES_KEPT = timedelta(days=7)
# A hand-over tells the device that gave its table away that it leads no longer: as long as that device's cookie lives.
HANDOVERS_KEPT = timedelta(days=1)


@job()
def delete_old_devices() -> int:
    """Forget the devices of events that are over, and those that were last seen long ago. Town by town."""
    before = timezone.now() - DEVICES_KEPT
    deleted = 0
    for place in Place.objects.filter(slug__isnull=False):
        with open_place(place):
            over = Q(gathering__closed_at__lt=before) | Q(last_seen_at__lt=before)
            deleted += Device.objects.filter(over).delete()[0]
    return deleted


@job()
def delete_old_handovers() -> int:
    """Forget the hand-overs of tables whose link has been over for a day. Town by town."""
    before = timezone.now() - HANDOVERS_KEPT
    deleted = 0
    for place in Place.objects.filter(slug__isnull=False):
        with open_place(place):
            deleted += HostHandover.objects.filter(expires_at__lt=before).delete()[0]
    return deleted


schedule(delete_old_handovers, every=timedelta(days=1))
schedule(delete_old_devices, every=timedelta(days=1))
