"""Django's SQLite, with turns: whoever wants to write looks every millisecond whether it is free.

SQLite lets one transaction write at a time. Whoever comes meanwhile sleeps, longer each time, before it looks again:
beside a hall that hands in without pause, a moderator's approval sleeps for a second while others pass it. A lock on a
file beside the database decides who begins (decision 0010 has the figures). What keeps data safe is SQLite's own
lock, which still holds for whatever takes no turn.
"""
