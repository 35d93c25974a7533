"""What keeps a site from starting, apart from its settings."""

# As sysexits.h says: EX_TEMPFAIL.
LATER = 75


class CannotStart(Exception):
    """The text is one or two plain German sentences: what is in the way, and what to do."""

    # As for settings: starting again does not help.
    code = 2


class CannotStartYet(CannotStart):
    """What is in the way may pass by itself; a service manager shall try again."""

    code = LATER
