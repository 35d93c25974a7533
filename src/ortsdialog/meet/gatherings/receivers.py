"""Listens to the floor below: with the end of a dialogue the names of its hosts go."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.signals import process_closed
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.actions import forget_names


@receiver(process_closed, dispatch_uid="gatherings.forget_names")
def forget_names_of_closed_process(*, process_id: int, place_id: int, **_: Any) -> None:
    with open_place(place_id):
        forget_names(actor=Actor.system("end of dialogue"), process=Process.objects.get(pk=process_id))
