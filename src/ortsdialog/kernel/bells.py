"""Bells between floors: downstairs rings after the commit, upstairs listens in `receivers.py`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import Signal


class Bell(Signal):
    """A signal that carries ids and rings only once the change is on disk."""

    def send_on_commit(self, *, sender: Any = None, **ids: Any) -> None:
        transaction.on_commit(lambda: self.send(sender=sender, **ids))
