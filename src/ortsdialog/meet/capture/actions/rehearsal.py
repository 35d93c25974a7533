"""What a rehearsal leaves among devices, hand-overs and walls goes with it."""

from __future__ import annotations

from ortsdialog.kernel.access import Actor, require
from ortsdialog.meet.capture.models import Device, HostHandover, Wall
from ortsdialog.meet.gatherings.models import Gathering


def forget_practice(*, actor: Actor, gathering: Gathering) -> int:
    """Delete what devices told of themselves and the links that handed tables over; set walls back to their start.

    Returns how many devices. Before the event has begun there are no others than those of the rehearsal. Part of
    the end of the rehearsal, whose log entry stands for it; call it inside that transaction.
    """
    require(actor, "gatherings.run_gathering", gathering)
    devices = Device.objects.filter(gathering=gathering)
    number = devices.count()
    devices.delete()
    HostHandover.objects.filter(table__gathering=gathering).delete()
    Wall.objects.filter(gathering=gathering).update(
        paused_at=None, steps_back=0, stepped_at=None, highlighted=None, is_quiet=False
    )
    return number
