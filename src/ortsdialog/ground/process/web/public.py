"""Public pages of a process. Its own page stands in the site; here is the notice that comes first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.conditions import earliest_invitation_on
from ortsdialog.ground.process.queries import process_with_notice
from ortsdialog.kernel.access.doors import public


@public
@require_safe
def notice(request: HttpRequest, *, place: Place, process: str) -> HttpResponse:
    """The published intention: topic, intention, format, and the date from which it is public."""
    found = process_with_notice(place, process)
    if found is None:
        raise Http404
    return render(
        request,
        "process/notice.html",
        {"place": place, "process": found, "earliest_invitation_on": earliest_invitation_on(found)},
    )
