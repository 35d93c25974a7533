"""The coordinator's further buttons for the evening: the clock, announcements, the rehearsal, the approval."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import GatheringState, Moderation
from ortsdialog.meet.gatherings.models import Announcement, Gathering
from ortsdialog.meet.gatherings.web.forms import AnnouncementForm, ModerationForm
from ortsdialog.meet.gatherings.web.running import attempt, back_to

UNPROCESSABLE = 422
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@desk("gatherings.run_gathering", Gathering)
@require_POST
def round_end(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """A break: no round runs."""
    words = _("Now there is a break.")
    attempt(request, lambda: actions.end_round(actor=actor_of(request), gathering=gathering), words)
    return back_to(request, gathering)


@desk("gatherings.run_gathering", Gathering)
@require_POST
def round_extend(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """`minutes` more or, negative, fewer for the running round."""
    posted = request.POST.get("minutes", "")
    minutes = int(posted) if posted.removeprefix("-").isdecimal() and len(posted) < 5 else 0
    if minutes < 0:
        words = ngettext("One minute less.", "%(number)d minutes less.", -minutes) % {"number": -minutes}
    else:
        words = ngettext("One minute more.", "%(number)d minutes more.", minutes) % {"number": minutes}
    attempt(
        request,
        lambda: actions.extend_round(actor=actor_of(request), gathering=gathering, minutes=minutes),
        words,
    )
    return back_to(request, gathering)


@reads_and_writes
@desk("gatherings.run_gathering", Gathering)
def announcement_send(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """Write a word to all tables; the control room holds the same form."""
    form = AnnouncementForm(request.POST or None, gathering=gathering)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_announcement(
                actor=actor_of(request),
                gathering=gathering,
                text=form.cleaned_data["text"],
                versions=form.versions(),
            )
        except ValidationError as refusal:
            form.add_error("text", refusal)
        except NotReady as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("All tables can read it now."))
            if left_out := form.left_out():
                words = _("Not translated yet: %(languages)s. The German text stands there.")
                messages.info(request, words % {"languages": ", ".join(left_out)})
            return back_to(request, gathering)
    context = {
        "place": place,
        "process": gathering.process,
        "gathering": gathering,
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "gatherings/desk/announce.html", context, status=status)


@desk("gatherings.run_gathering", Announcement)
@require_POST
def announcement_withdraw(request: HttpRequest, *, place: Place, announcement: Announcement) -> HttpResponse:
    actions.withdraw_announcement(actor=actor_of(request), announcement=announcement)
    messages.success(request, _("The announcement is gone from all screens."))
    return back_to(request, announcement.gathering)


@reads_and_writes
@desk("gatherings.run_gathering", Gathering)
def rehearsal(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """What a rehearsal is, and the button that begins or ends it (`deed`)."""
    if request.method == "POST":
        actor = actor_of(request)
        if request.POST.get("deed") == "end":
            words = _("The rehearsal is over. Nothing of it is left.")
            attempt(request, lambda: actions.end_rehearsal(actor=actor, gathering=gathering), words)
            return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
        words = _("The rehearsal has begun. The tables take statements now; all of them go when you end it.")
        begun = attempt(request, lambda: actions.begin_rehearsal(actor=actor, gathering=gathering), words)
        to = "capture:desk-evening" if begun else "gatherings:desk-show"
        return redirect(to, place=place.slug, pk=gathering.pk)
    context = {
        "place": place,
        "process": gathering.process,
        "gathering": gathering,
        "may_begin": gathering.state == GatheringState.PUBLISHED and not gathering.process.is_archived,
    }
    return render(request, "gatherings/desk/rehearsal.html", context)


@reads_and_writes
@desk("gatherings.run_gathering", Gathering)
def moderation(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """When statements of this event become public, with what each choice means."""
    form = ModerationForm(request.POST or None, initial={"moderation": gathering.moderation})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["moderation"]
        done = attempt(
            request,
            lambda: actions.set_moderation(actor=actor_of(request), gathering=gathering, moderation=chosen),
            _("Saved. It holds for what is handed in from now on."),
        )
        if done:
            return back_to(request, gathering)
    context = {
        "place": place,
        "process": gathering.process,
        "gathering": gathering,
        "form": form,
        "modes": Moderation,
        "chosen": form["moderation"].value(),
    }
    return render(request, "gatherings/desk/moderation.html", context, status=UNPROCESSABLE if form.errors else 200)
