"""Who may prepare, publish and run a gathering."""

from __future__ import annotations

from ortsdialog.ground.accounts.rules import is_coordinator, is_in_town
from ortsdialog.kernel.access import Predicate

PERMISSIONS: dict[str, Predicate] = {
    "gatherings.see_gathering": is_in_town,
    "gatherings.edit_gathering": is_coordinator,
    "gatherings.publish_gathering": is_coordinator,
    "gatherings.run_gathering": is_coordinator,
    "gatherings.enter_count": is_coordinator,
    "gatherings.print_signs": is_coordinator,
}
