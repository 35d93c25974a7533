"""Where staff begin: the own towns, the day of one town, a programme's overview."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan.queries import stream_of_programme
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Programme
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk, signed_in
from ortsdialog.show.site.queries import dialogues_of_programme, programme_count
from ortsdialog.show.site.queries import today as day_of


@signed_in
def desk_home(request: HttpRequest) -> HttpResponse:
    """The towns and programmes a person works for; a single one opens at once."""
    actor = actor_of(request)
    places = [
        place
        for place in Place.objects.filter(pk__in=actor.place_ids(), slug__isnull=False).order_by("name", "pk")
        if allowed(actor, "accounts.see_desk", place)
    ]
    programmes = [
        programme
        for programme in Programme.objects.order_by("slug")
        if allowed(actor, "process.see_programme", programme)
    ]
    if len(places) == 1 and not programmes:
        return redirect("site:desk-place", place=places[0].slug)
    if len(programmes) == 1 and not places:
        return redirect("site:desk-programme", slug=programmes[0].slug)
    return render(request, "site/desk/home.html", {"places": places, "programmes": programmes})


@desk("accounts.see_desk")
def today(request: HttpRequest, place: Place) -> HttpResponse:
    context = {
        "today": day_of(place, actor_of(request)),
        "may_create": allowed(actor_of(request), "process.create_process", place),
        "may_steer": allowed(actor_of(request), "process.edit_process", place),
    }
    return render(request, "site/desk/today.html", context)


@desk("process.see_programme", Programme, lookup="slug")
def programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The true overview for programme staff. Of a draft only its existence is told."""
    rows = dialogues_of_programme(programme, drafts=True)
    stand = request.GET.get("stand", "")
    options: list[Any] = [("", _("All"), len(rows))]
    options += [
        (state.value, state.label, number)
        for state in ProcessState
        if (number := sum(1 for row in rows if row.stand == state))
    ]
    context = {
        "programme": programme,
        "count": programme_count(rows),
        "rows": [row for row in rows if not stand or row.stand == stand],
        "stand_options": options,
        "way": stream_of_programme(programme),
    }
    return render(request, "site/desk/programme.html", context)
