"""What every page knows without its view having to say so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The town whose page this is (opened by the door, else None), whether this is the demonstration, and
    whether mail leaves this installation.
    """
    return {"place": getattr(request, "place", None), "demo": settings.DEMO, "mail_leaves": settings.MAIL_LEAVES}
