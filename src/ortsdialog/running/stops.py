"""What keeps a site from starting, apart from its settings."""


class CannotStart(Exception):
    """The text is one or two plain German sentences: what is in the way, and what to do."""
