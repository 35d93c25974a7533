"""Bells of the processes."""

from ortsdialog.kernel.bells import Bell

# A dialogue's page is public now. Carries process_id, place_id.
process_published = Bell()
# A dialogue is finished and read-only. Carries process_id, place_id.
process_closed = Bell()
