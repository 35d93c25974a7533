"""Live pages: an event table, polled once a process, and a stream of server-sent events.

An event carries a topic, a name and an id, never content: whoever hears it fetches the fragment,
and the fragment's view decides what may be seen.
"""

from ortsdialog.kernel.live.events import announce

__all__ = ["announce"]
