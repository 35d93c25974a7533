"""Listens to bells from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ortsdialog.deliver.plan.tasks import forget_owner_addresses
from ortsdialog.ground.process.signals import process_closed


@receiver(process_closed)
def forget_addresses_of_closed_process(*, process_id: int, place_id: int, **more: Any) -> None:
    """The e-mail addresses served to ask; a finished dialogue asks nobody any more."""
    forget_owner_addresses.later(process_id=process_id, place_id=place_id)
