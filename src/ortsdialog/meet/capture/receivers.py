"""Listens to the events below: with the end of a rehearsal the devices that took part are forgotten."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ortsdialog.kernel.access import Actor
from ortsdialog.meet.capture.actions import forget_practice
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.signals import rehearsal_ended


@receiver(rehearsal_ended, dispatch_uid="capture.forget_practice")
def forget_devices_of_rehearsal(*, gathering_id: int, **_: Any) -> None:
    """Inside the transaction of the rehearsal's end, with its place open."""
    forget_practice(actor=Actor.system("end of rehearsal"), gathering=Gathering.objects.get(pk=gathering_id))
