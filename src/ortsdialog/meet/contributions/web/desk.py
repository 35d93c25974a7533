"""Desk: the list of statements, one statement, and what is decided about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import SPOKEN_LANGUAGES, State
from ortsdialog.kernel.language.translation import translation_server
from ortsdialog.meet.contributions.actions import (
    add_version,
    approve_statement,
    hold_device,
    hold_statement,
    return_deed,
    return_to_queue,
    take_up,
)
from ortsdialog.meet.contributions.choices import Kind, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.provenance import provenance_of
from ortsdialog.meet.contributions.queries import state_counts, town_statements, visible_statements, wordings_of
from ortsdialog.meet.contributions.rewording import version_read
from ortsdialog.meet.contributions.web.forms import NarrowForm, filter_of
from ortsdialog.meet.contributions.web.queue import claimant_of

PER_PAGE = 50


def _page(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Any:
    return Paginator(rows, per_page).get_page(request.GET.get("seite"))


@desk("contributions.see_statements")
def statement_list(request: HttpRequest, place: Any) -> HttpResponse:
    """All statements of the town, narrowed by the address."""
    wanted = filter_of(request.GET)
    visible = visible_statements(actor_of(request), place)
    counts = state_counts(visible)
    form = NarrowForm(request)
    return render(
        request,
        "contributions/desk/statement_list.html",
        {
            "page_obj": _page(request, wanted.apply(visible)),
            "form": form,
            "may_sort": allowed(actor_of(request), "contributions.sort_statements", place),
            "boxes_open": any(request.GET.get(name) for name in form.fields if name != "suche"),
            "kept": {word: request.GET[word] for word in ("art", "stand") if request.GET.get(word)},
            "narrowed": any(vars(wanted).values()),
            "counts": counts,
            "states": [
                ("", _("all"), counts.total),
                (ModerationState.PENDING.value, ModerationState.PENDING.label, counts.pending),
                (ModerationState.APPROVED.value, ModerationState.APPROVED.label, counts.approved),
                (ModerationState.HELD.value, ModerationState.HELD.label, counts.held),
            ],
            "kinds": [("", _("all"), None), *((kind.value, kind.label, None) for kind in Kind)],
        },
    )


@desk("contributions.see_statements", Statement, lookup="handle")
def statement_detail(request: HttpRequest, place: Any, statement: Statement) -> HttpResponse:
    """One statement: its words, where it was said, where it stands, what happened to it."""
    if not visible_statements(actor_of(request), place).filter(pk=statement.pk).exists():
        raise Http404
    return _detail(request, statement)


def _detail(request: HttpRequest, statement: Statement, status: int = 200, **more: Any) -> HttpResponse:
    statement = town_statements().select_related("question", "source").get(pk=statement.pk)
    history = AuditEntry.objects.filter(object_type=Statement._meta.label_lower, object_id=str(statement.pk))
    context = {
        "statement": statement,
        "may_moderate": allowed(actor_of(request), "contributions.moderate_statement", statement),
        "origin": provenance_of(statement, names=True),
        "spoken": list(SPOKEN_LANGUAGES.items()),
        "translates": statement.gathering.machine_translation and translation_server() is not None,
        "history": history.order_by("id")[:50],
        "reworded": wordings_of(statement) if statement.version > 1 else [],
        "former_translations": list(statement.former_translations.all()),
        "may_edit": allowed(actor_of(request), "contributions.edit_statement", statement),
        **more,
    }
    return render(request, "contributions/desk/statement_detail.html", context, status=status)


@desk("contributions.moderate_statement", Statement, lookup="handle")
def decide(request: HttpRequest, place: Any, statement: Statement) -> HttpResponse:
    """Approve, hold back, put back into the queue, or write down a translation."""
    if request.method != "POST":
        # Whoever had to sign in again comes back with GET.
        return redirect("contributions:desk-statement", place=place.slug, handle=statement.handle)
    actor = actor_of(request)
    decision = request.POST.get("decision")
    if decision == "approve":
        try:
            approve_statement(actor=actor, statement=statement, based_on=version_read(request.POST))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The statement is on the wall and on the public page."))
    elif decision == "return":
        return_to_queue(actor=actor, statement=statement)
        _lay_before_this_window(request, statement)
        messages.success(request, _("The statement waits for approval again."))
    elif decision == "return_all":
        number = len(return_deed(actor=actor, statement=statement))
        _lay_before_this_window(request, statement)
        messages.success(request, _waits_again(number))
    elif decision == "translate":
        text, language = request.POST.get("text", ""), request.POST.get("language", "")
        try:
            add_version(actor=actor, statement=statement, language=language, text=text, state=State.CHECKED)
        except ValidationError as error:
            return _refused(request, statement, error)
        messages.success(request, _("The translation is stored."))
    else:
        words: dict[str, Any] = {name: request.POST.get(name, "") for name in ("why", "note", "to_writer")}
        try:
            if decision == "hold_device":
                held = hold_device(actor=actor, statement=statement, **words)
                messages.success(request, _held(len(held)))
            else:
                hold_statement(actor=actor, statement=statement, **words)
                messages.success(request, _held(1))
        except ValidationError as error:
            return _refused(request, statement, error)
    return redirect(_way_back(request) or reverse("contributions:desk-queue", kwargs={"place": place.slug}))


def _lay_before_this_window(request: HttpRequest, statement: Statement) -> None:
    """Whoever undoes a decision in the queue decides on this card next, and on no other."""
    if window := request.POST.get("fenster", ""):
        take_up(actor=actor_of(request), statement=statement, claimant=claimant_of(request, window))


def _held(number: int) -> str:
    words = ngettext(
        "The statement is held back. It stays stored.",
        "%(number)d statements are held back. They stay stored.",
        number,
    )
    return words % {"number": number}


def _waits_again(number: int) -> str:
    words = ngettext(
        "One statement waits for approval again.", "%(number)d statements wait for approval again.", number
    )
    return words % {"number": number}


def _refused(request: HttpRequest, statement: Statement, error: ValidationError) -> HttpResponse:
    """The page of the statement, with what was wrong and all that was typed."""
    messages.error(request, " ".join(error.messages))
    return _detail(request, statement, status=422, tried={**request.POST.dict(), "handle": statement.handle})


def _way_back(request: HttpRequest) -> str:
    """The page the decision was made on; only addresses of this site."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else ""
