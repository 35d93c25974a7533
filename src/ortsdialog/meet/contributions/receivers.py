"""Listens to the floor below: what was said in a rehearsal goes with it, and photos with the end of a dialogue."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.signals import process_closed
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import forget_pictures, forget_rehearsal
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.signals import rehearsal_ended


@receiver(rehearsal_ended, dispatch_uid="contributions.forget_rehearsal")
def forget_statements_of_rehearsal(*, gathering_id: int, **_: Any) -> None:
    """Inside the transaction of the rehearsal's end, with its place open."""
    forget_rehearsal(actor=Actor.system("end of rehearsal"), gathering=Gathering.objects.get(pk=gathering_id))


@receiver(process_closed, dispatch_uid="contributions.forget_pictures")
def forget_pictures_of_closed_process(*, process_id: int, place_id: int, **_: Any) -> None:
    with open_place(place_id):
        forget_pictures(actor=Actor.system("end of dialogue"), process=Process.objects.get(pk=process_id))
