"""Words for what an audit entry of a statement says."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import language_name

register = template.Library()

DEEDS: dict[str, Any] = {
    "contributions.submit_statement": _("handed in"),
    "contributions.approve_statement": _("approved"),
    "contributions.hold_statement": _("held back"),
    "contributions.return_to_queue": _("put back into the queue"),
    "contributions.add_version": _("translated"),
    "contributions.set_kind": _("kind chosen"),
    "contributions.put_in_cluster": _("cluster chosen"),
}


@register.filter
def deed_words(code: str) -> Any:
    """What was done, in words; an unknown code speaks for itself."""
    return DEEDS.get(code, code)


@register.filter
def language_label(code: str) -> str:
    """A language's own name."""
    return language_name(code)
