"""Pages go before the flood: a writer of many small things waits a moment while somebody's page is being made.

A page is made in many steps, and at each of them its thread has to get the interpreter back from the threads that
compute beside it. Beside a hall that hands in without pause, that is most of the time that a page takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse

# The longest that a batch waits, before it is made ready and once more before it is written. A page that takes
# longer, or pages without end, must not keep a hall from handing in.
LONGEST_WAIT_SECONDS = 0.05

_thread = threading.local()
_changed = threading.Condition()
_pages = 0


class PagesFirstMiddleware:
    """Tells when a page is made: not yet while a body comes in over a slow network, no more while the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with a_page():
            return self.get_response(request)


@contextmanager
def a_page() -> Iterator[None]:
    """Around what makes a page. From any thread."""
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


def give_way(yes: bool = True) -> None:
    """From now on this thread writes after those who wait to write, in whichever process (SQLite), but not for long."""
    _thread.gives_way = yes


def gives_way() -> bool:
    return getattr(_thread, "gives_way", False)
