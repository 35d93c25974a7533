"""Performance bars: one script a bar, one JSON line each. Figures of one run on one machine, never a unit test."""
