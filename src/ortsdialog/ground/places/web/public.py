"""Public pages of a town that every site owes its readers: imprint, accessibility, contact."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.queries import profile_of
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import language_name


@public
def imprint(request: HttpRequest, place: Place) -> HttpResponse:
    return render(request, "places/imprint.html", {"place": place, "profile": profile_of(place)})


@public
def accessibility(request: HttpRequest, place: Place) -> HttpResponse:
    return render(request, "places/accessibility.html", {"place": place, "profile": profile_of(place)})


@public
def contact(request: HttpRequest, place: Place) -> HttpResponse:
    profile = profile_of(place)
    languages = [(code, language_name(code)) for code in profile.languages]
    return render(request, "places/contact.html", {"place": place, "profile": profile, "languages": languages})
