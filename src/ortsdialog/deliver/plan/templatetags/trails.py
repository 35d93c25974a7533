"""The trail of crumbs, written down where the page is written."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def trail(*steps: Any) -> list[tuple[Any, str]]:
    """Label, address, label, address, …; the last label stands for the page itself and has no address."""
    return list(zip_longest(steps[::2], steps[1::2], fillvalue=""))
