"""Desk: the walls of the town's events."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.capture.actions import create_wall
from ortsdialog.meet.capture.queries import walls_by_gathering
from ortsdialog.meet.capture.web.forms import WallForm
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering


@desk("capture.run_wall")
def walls(request: HttpRequest, place: Any) -> HttpResponse:
    """Every event with its walls, and for those who may a button for one more."""
    status = 200
    may_set_up = allowed(actor_of(request), "capture.set_up_wall", place)
    if request.method == "POST":
        form = WallForm(request.POST)
        if form.is_valid():
            gathering = get_object_or_404(Gathering, pk=form.cleaned_data["gathering"])
            chosen = {name: form.cleaned_data[name] for name in ("second_language", "name")}
            try:
                wall = create_wall(actor=actor_of(request), gathering=gathering, **chosen)
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                done = _("Wall %(number)d is ready. Open its address on the projector.")
                messages.success(request, done % {"number": wall.number})
                return redirect("capture:desk-walls", place=place.slug)
        else:
            messages.error(request, _("Please choose a language from the list."))
        status = 422
    rows = [
        (gathering, _form_for(gathering) if may_set_up and gathering.state != GatheringState.CLOSED else None)
        for gathering in walls_by_gathering()
    ]
    # A finished event gets no wall any more; where it has none there is nothing to show.
    rows = [(gathering, form) for gathering, form in rows if form or gathering.walls.all()]
    context = {"rows": rows, "base_url": settings.BASE_URL}
    return render(request, "capture/desk/walls.html", context, status=status)


def _form_for(gathering: Gathering) -> WallForm:
    return WallForm(initial={"gathering": gathering.pk}, auto_id=f"wall_{gathering.pk}_%s")
