"""Why something cannot be done yet: reasons in words, ready to be shown to staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _


class NotReady(Exception):
    """A step is refused. `reasons` are whole sentences in the reader's language; nothing was changed."""

    def __init__(self, reasons: Iterable[Any]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(str(reason) for reason in self.reasons))


class Archived(NotReady):
    """The dialogue is finished; it can be read, not changed."""

    def __init__(self) -> None:
        super().__init__([_("This dialogue is finished. It can be read, but no longer changed.")])
