"""How the control room speaks of time: how long ago something was heard."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortsdialog.kernel.ui.templatetags.ortsdialog_ui import people_datetime

register = template.Library()


@register.filter
def ago(moment: datetime | None) -> str:
    """ "2 minutes ago"; empty for never. Whole minutes, then hours, then the day."""
    if moment is None:
        return ""
    minutes = int((timezone.now() - moment).total_seconds()) // 60
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(number)d minute ago", "%(number)d minutes ago", minutes) % {"number": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(number)d hour ago", "%(number)d hours ago", hours) % {"number": hours}
    return people_datetime(moment)
