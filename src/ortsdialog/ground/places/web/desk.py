"""Desk pages of places: what the town says about itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ortsdialog.ground.places.actions import edit_profile
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.queries import profile_of
from ortsdialog.ground.places.web.forms import ProfileForm
from ortsdialog.kernel.access.doors import actor_of, desk


@desk("places.edit_profile")
def profile_edit(request: HttpRequest, place: Place) -> HttpResponse:
    """Welcome, languages, contact and legal texts of the town."""
    profile = profile_of(place)
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            edit_profile(actor=actor_of(request), place=place, **form.values())
            messages.success(request, _("Saved. The public pages show it at once."))
            return redirect("places:profile-edit", place.slug)
        status = 422
    else:
        form, status = ProfileForm.of(profile), 200
    missing = [
        (label, None, "")
        for label, value in (
            (_("Write a welcome"), profile.welcome),
            (_("Name a contact"), profile.contact_email or profile.contact_phone),
            (_("Write the imprint"), profile.legal_notice),
        )
        if not value
    ]
    context = {"place": place, "form": form, "missing": missing}
    return render(request, "places/desk/profile.html", context, status=status)
