"""Capture: the page at the table, the host's queue, and the wall.

Responsible for: taking statements from phones without an account, the host's approval at the table,
the wall display and its live updates.
Not responsible for: the long-term storage of statements (contributions); devices are known, people never.
"""
