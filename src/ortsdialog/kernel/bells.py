"""Bells between floors: downstairs rings after the commit, upstairs listens in `receivers.py`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import Signal


class Bell(Signal):
    """A signal that carries ids and rings only once the change is on disk.

    A listener that fails is logged and harms nobody: what was acknowledged stays acknowledged, and
    the other listeners are called. What must not fail unnoticed goes into a job, which is tried again.
    """

    def send_on_commit(self, *, sender: Any = None, **ids: Any) -> None:
        transaction.on_commit(lambda: self.send_robust(sender=sender, **ids), robust=True)
