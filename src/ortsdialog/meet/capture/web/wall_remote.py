"""Running a wall from the desk, or with a phone in the hand: one page, one button a deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import Actor, allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.capture.actions import (
    arrange_wall,
    highlight_on_wall,
    pause_wall,
    quieten_wall,
    remove_wall,
    rename_wall,
    resume_wall,
    step_wall,
)
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.queries import phase_of
from ortsdialog.meet.capture.screens import highlighted_card, waiting_count
from ortsdialog.meet.capture.web.forms import WallArrangementForm, WallNameForm
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import approved_statements

# The newest ones; whoever looks for an older one filters by words.
LISTED = 60
WORDS = "worte"

_Deed = Callable[[Actor, Wall], object]


def _statement(wall: Wall, handle: str) -> Statement:
    """The approved statement that was chosen; held back meanwhile is as good as unknown."""
    found: Statement | None = approved_statements(wall.gathering).filter(handle=handle).first()
    if found is None:
        raise ValidationError(_("This statement is not approved any more. The wall does not show it."))
    return found


DEEDS: dict[str, _Deed] = {
    "pause": lambda actor, wall: pause_wall(actor=actor, wall=wall),
    "resume": lambda actor, wall: resume_wall(actor=actor, wall=wall),
    "older": lambda actor, wall: step_wall(actor=actor, wall=wall, by=1),
    "newer": lambda actor, wall: step_wall(actor=actor, wall=wall, by=-1),
    "quiet": lambda actor, wall: quieten_wall(actor=actor, wall=wall, quiet=True),
    "cards": lambda actor, wall: quieten_wall(actor=actor, wall=wall, quiet=False),
    "lower": lambda actor, wall: highlight_on_wall(actor=actor, wall=wall, statement=None),
}


@desk("capture.run_wall", Wall)
def wall_remote(request: HttpRequest, place: Any, wall: Wall) -> HttpResponse:
    """What stands on the wall, the buttons that change it, and the cards to put up alone."""
    status = 200
    if request.method == "POST":
        try:
            _act(request, wall)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            status = 422
            wall.refresh_from_db()
        else:
            return redirect("capture:desk-wall", place=place.slug, pk=wall.pk)
    words = request.GET.get(WORDS, "").strip()
    cards = list(approved_statements(wall.gathering)[: LISTED + 1]) if not words else _with_words(wall, words)
    alone = highlighted_card(wall, ["de"])
    context = {
        "wall": wall,
        "gathering": wall.gathering,
        "steps_here": [
            (_("Walls"), reverse("capture:desk-walls", kwargs={"place": place.slug})),
            (_("Wall %(number)s") % {"number": wall.number}, ""),
        ],
        "phase": phase_of(wall.gathering),
        "waiting": waiting_count(wall),
        "alone": alone.statement if alone else None,
        "cards": cards[:LISTED],
        "there_are_more": len(cards) > LISTED,
        "words": words,
        "address": settings.BASE_URL + wall.get_absolute_url(),
        "arrangement_form": WallArrangementForm(
            initial={"arrangement": wall.arrangement, "second_language": wall.second_language}
        ),
        "name_form": WallNameForm(initial={"name": wall.name}) if _may_set_up(request, wall) else None,
    }
    return render(request, "capture/desk/wall_remote.html", context, status=status)


@desk("capture.set_up_wall", Wall)
def wall_remove(request: HttpRequest, place: Any, wall: Wall) -> HttpResponse:
    """Asks once, then takes the wall down."""
    if request.method == "POST":
        number = wall.number
        remove_wall(actor=actor_of(request), wall=wall)
        messages.success(request, _("Wall %(number)d was taken down.") % {"number": number})
        return redirect("capture:desk-walls", place=place.slug)
    return render(request, "capture/desk/wall_remove.html", {"wall": wall, "gathering": wall.gathering})


def _act(request: HttpRequest, wall: Wall) -> None:
    """Do what the button says. Raises ValidationError for a deed or a value that there is not."""
    actor, deed = actor_of(request), request.POST.get("deed", "")
    if deed in DEEDS:
        DEEDS[deed](actor, wall)
    elif deed == "raise":
        highlight_on_wall(actor=actor, wall=wall, statement=_statement(wall, request.POST.get("handle", "")))
    elif deed == "arrange":
        form = WallArrangementForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Please choose how the cards stand and a language from the list."))
        arrange_wall(actor=actor, wall=wall, **form.cleaned_data)
    elif deed == "rename":
        rename_wall(actor=actor, wall=wall, name=request.POST.get("name", ""))
    else:
        raise ValidationError(_("This button is not known. Please load the page again."))


def _with_words(wall: Wall, words: str) -> list[Statement]:
    """Approved statements that hold the words in any of their languages, the newest first."""
    sought = words.casefold()
    return [
        one
        for one in approved_statements(wall.gathering)
        if any(sought in version.get("text", "").casefold() for version in one.text.versions.values())
    ][: LISTED + 1]


def _may_set_up(request: HttpRequest, wall: Wall) -> bool:
    return allowed(actor_of(request), "capture.set_up_wall", wall)
