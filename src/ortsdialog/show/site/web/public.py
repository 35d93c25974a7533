"""Start page, programmes, and the home of a town."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan.queries import stream_of_programme
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.queries import published_processes
from ortsdialog.kernel.access.doors import public
from ortsdialog.meet.gatherings.queries import upcoming_gatherings
from ortsdialog.show.site.queries import (
    by_region,
    dialogues_of_programme,
    next_events,
    programme_count,
    towns,
)


@public
def home(request: HttpRequest) -> HttpResponse:
    context = {"programmes": Programme.objects.order_by("slug"), "towns": towns(), "events": next_events()}
    return render(request, "site/home.html", context)


@public
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Programme, slug=slug)
    rows = dialogues_of_programme(shown)
    stand = request.GET.get("stand", "")
    stands = {row.stand for row in rows}
    options: list[Any] = [("", _("All"), len(rows))]
    options += [
        (state.value, state.label, sum(1 for row in rows if row.stand == state))
        for state in ProcessState
        if state in stands
    ]
    demonstration = any(row.place.is_demonstration for row in rows)
    way = stream_of_programme(shown)
    return render(
        request,
        "site/programme.html",
        {
            "programme": shown,
            "blocks": shown.block_templates.order_by("number"),
            "count": programme_count(rows),
            "groups": by_region(row for row in rows if not stand or row.stand == stand),
            "stand_options": options,
            "way": way if way.stations[0].count else None,
            # Without a real statement the invented town shows what the stream looks like, and says so.
            "demonstration_way": stream_of_programme(shown, demonstration=True) if demonstration else None,
        },
    )


@public
def place_home(request: HttpRequest, place: Place) -> HttpResponse:
    context = {
        "place": place,
        "profile": PlaceProfile.objects.filter(place=place).first(),
        "processes": published_processes(place),
        # A dialogue whose intention is public, and whose own page is not yet.
        "announced": Process.objects.filter(published_at__isnull=True, intention_published_on__isnull=False),
        "events": upcoming_gatherings(place)[:5],
    }
    return render(request, "site/place.html", context)
