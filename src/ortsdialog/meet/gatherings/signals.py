"""Bells of the gatherings."""

from ortsdialog.kernel.bells import Bell

# A gathering is public now. Carries gathering_id, place_id.
gathering_published = Bell()
# The tables have opened. Carries gathering_id, place_id.
gathering_started = Bell()
# The tables have closed. Carries gathering_id, place_id.
gathering_closed = Bell()
# A rehearsal ends. Rings inside the transaction, before the commit: whoever listens deletes what the rehearsal has left
# with it, and one who cannot takes the end back. Carries gathering_id, place_id.
rehearsal_ended = Bell()
