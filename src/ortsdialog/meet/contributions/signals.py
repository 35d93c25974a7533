"""Bells of the contributions."""

from ortsdialog.kernel.bells import Bell

# A statement is stored. Carries statement_id, gathering_id, place_id.
statement_received = Bell()
# A statement was approved, held back, or put back into the queue. Carries statement_id, gathering_id, place_id.
statement_moderated = Bell()
# A statement was reworded. Carries statement_id, gathering_id, place_id.
statement_reworded = Bell()
