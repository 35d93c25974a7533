"""Who may set up walls. Table and wall themselves open by code."""

from __future__ import annotations

from ortsdialog.ground.accounts.rules import is_coordinator
from ortsdialog.kernel.access import Predicate

PERMISSIONS: dict[str, Predicate] = {
    "capture.set_up_wall": is_coordinator,
}
