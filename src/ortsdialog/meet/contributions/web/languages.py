"""Desk: the language of a statement, its versions, and whether an event's statements are translated by machine."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS
from ortsdialog.meet.contributions.actions import (
    confirm_version,
    correct_language,
    renew_version,
    switch_translation,
)
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.models import Gathering


@desk("contributions.moderate_statement", Statement, lookup="handle")
def language_deeds(request: HttpRequest, place: Any, statement: Statement) -> HttpResponse:
    """Correct the language, confirm a machine's version, or ask for a new one."""
    page = reverse("contributions:desk-statement", kwargs={"place": place.slug, "handle": statement.handle})
    if request.method != "POST":
        # Whoever had to sign in again comes back with GET.
        return redirect(page)
    actor, language = actor_of(request), request.POST.get("language", "")
    deed = request.POST.get("deed")
    try:
        if deed == "confirm":
            confirm_version(actor=actor, statement=statement, language=language, of=request.POST.get("of", ""))
            done = _("The translation is marked as checked.")
        elif deed == "renew":
            renew_version(actor=actor, statement=statement, language=language)
            done = _("A new translation is asked for. It stands here as soon as it has come.")
        else:
            correct_language(actor=actor, statement=statement, language=language)
            done = _("Stored as said in this language: %(language)s.") % {"language": LANGUAGE_WORDS[language]}
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    target = request.POST.get("next", "")
    return redirect(target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else page)


@desk("contributions.switch_translation", Gathering)
def switch(request: HttpRequest, place: Any, gathering: Gathering) -> HttpResponse:
    """Machine translation on or off for one event."""
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        switch_translation(actor=actor_of(request), gathering=gathering, on=on)
        words = (
            _("Approved statements of this event are translated by machine from now on.")
            if on
            else _("Nothing of this event is translated by machine any more. What was translated stays.")
        )
        messages.success(request, words)
    return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
