"""Bells of the gatherings."""

from ortsdialog.kernel.bells import Bell

# A gathering is public now. Carries gathering_id, place_id.
gathering_published = Bell()
# The tables have opened. Carries gathering_id, place_id.
gathering_started = Bell()
# The tables have closed. Carries gathering_id, place_id.
gathering_closed = Bell()
