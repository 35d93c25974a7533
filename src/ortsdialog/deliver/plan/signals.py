"""Bells of the plan."""

from ortsdialog.kernel.bells import Bell

# A measure changed its state. Carries measure_id, place_id.
measure_changed = Bell()
# An owner answered. Carries request_id, place_id.
owner_answered = Bell()
