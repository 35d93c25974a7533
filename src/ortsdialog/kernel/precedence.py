"""Pages go before the flood: a writer of many small things waits a moment while somebody's page is being made.

A page is made in many steps, and at each of them its thread has to get the interpreter back from the threads that
compute beside it. Beside a hall that hands in without pause, that is most of the time that a page takes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The longest that a batch waits. A page that takes longer, or pages without end, must not keep a hall from handing in.
LONGEST_WAIT_SECONDS = 0.05

_thread = threading.local()
_changed = threading.Condition()
_pages = 0


@contextmanager
def a_page() -> Iterator[None]:
    """Around a request that Django answers. From any thread, or from the event loop: it never waits for long."""
    global _pages
    with _changed:
        _pages += 1
    try:
        yield
    finally:
        with _changed:
            _pages -= 1
            if not _pages:
                _changed.notify_all()


def let_pages_go_first() -> None:
    """Return once no page is being made in this process, or after `LONGEST_WAIT_SECONDS`."""
    with _changed:
        _changed.wait_for(lambda: not _pages, LONGEST_WAIT_SECONDS)


def give_way() -> None:
    """From now on this thread writes after everybody who waits to write, in whichever process (SQLite)."""
    _thread.gives_way = True


def gives_way() -> bool:
    return getattr(_thread, "gives_way", False)
