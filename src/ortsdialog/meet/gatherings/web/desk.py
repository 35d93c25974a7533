"""The coordinator's pages for preparing an event."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import languages_of, processes
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.language.forms import VersionsForm, chosen_language
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS, OriginalChanged, completeness
from ortsdialog.meet.gatherings import actions, queries
from ortsdialog.meet.gatherings.choices import Format, GatheringState
from ortsdialog.meet.gatherings.conditions import missing_for_announcement
from ortsdialog.meet.gatherings.formats import FORMATS
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.panels import panels_of
from ortsdialog.meet.gatherings.web.forms import MORE_ROWS, CountForm, GatheringSheet

UNPROCESSABLE = 422
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@desk("gatherings.see_gathering")
@require_safe
def gathering_list(request: HttpRequest, *, place: Place) -> HttpResponse:
    may_edit = allowed(actor_of(request), "gatherings.edit_gathering", place)
    open_processes = processes(place).filter(state__in=[ProcessState.DRAFT, ProcessState.RUNNING])
    return render(
        request,
        "gatherings/desk/list.html",
        {
            "place": place,
            "gatherings": list(queries.gatherings(place)),
            "open_processes": list(open_processes) if may_edit else [],
            "may_edit": may_edit,
        },
    )


@reads_and_writes
@desk("gatherings.edit_gathering", Process)
def gathering_create(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    """First the format, then one page with everything; the format's template fills it."""
    chosen = request.GET.get("format", "")
    if process.is_archived:
        return redirect("gatherings:desk-list", place=place.slug)
    if chosen not in Format.values:
        return render(
            request,
            "gatherings/desk/choose_format.html",
            {"place": place, "process": process, "formats": list(FORMATS.values())},
        )
    sheet = _sheet(request) or GatheringSheet.of_format(Format(chosen))
    if _is_complete(request, sheet):
        facts = sheet.form.facts()
        try:
            gathering = actions.create_gathering(
                actor=actor_of(request),
                process=process,
                tables=sheet.table_drafts(),
                rounds=sheet.round_drafts(),
                **facts,
            )
        except NotReady as refusal:
            _explain(sheet, refusal)
        else:
            messages.success(request, _("The event has been created. Only your team sees it until you announce it."))
            return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
    context = {"place": place, "process": process, "sheet": sheet, "template": FORMATS[Format(chosen)]}
    return render(request, "gatherings/desk/create.html", context, status=_status(sheet))


@reads_and_writes
@desk("gatherings.edit_gathering", Gathering)
def gathering_edit(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    sheet = _sheet(request) or GatheringSheet.of_gathering(gathering)
    if _is_complete(request, sheet):
        try:
            actions.edit_gathering(
                actor=actor_of(request),
                gathering=gathering,
                tables=sheet.table_drafts(),
                rounds=sheet.round_drafts(),
                **sheet.form.facts(),
            )
        except NotReady as refusal:
            _explain(sheet, refusal)
            # The heading shows what is stored, not what was refused.
            gathering.refresh_from_db()
        else:
            messages.success(request, _("Saved."))
            return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
    context = {"place": place, "process": gathering.process, "gathering": gathering, "sheet": sheet}
    return render(request, "gatherings/desk/edit.html", context, status=_status(sheet))


@desk("gatherings.see_gathering", Gathering)
@require_safe
def gathering_show(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    actor = actor_of(request)
    may_run = allowed(actor, "gatherings.run_gathering", gathering) and not gathering.process.is_archived
    languages = languages_of(place, gathering.languages) if may_run else []
    return render(
        request,
        "gatherings/desk/show.html",
        {
            "place": place,
            "process": gathering.process,
            "gathering": gathering,
            "tables": [(table, _interpreted(table)) for table in gathering.tables.order_by("number")],
            "rounds": list(gathering.rounds.select_related("question").order_by("number")),
            "missing": missing_for_announcement(gathering) if gathering.state == GatheringState.DRAFT else [],
            "next_steps": queries.next_steps(gathering) if may_run else [],
            "next_round": queries.next_round(gathering) if gathering.state == GatheringState.RUNNING else None,
            "language_names": [str(LANGUAGE_WORDS.get(code, code)) for code in gathering.languages],
            "languages": completeness(queries.texts_of_gathering(gathering), languages) if languages else [],
            "count_form": CountForm(initial={"counted_guests": gathering.counted_guests}),
            "may_edit": may_run and gathering.state != GatheringState.CLOSED,
            "may_run": may_run,
            "is_its_day": timezone.localtime(gathering.starts_at).date() <= timezone.localdate(),
            "may_print": allowed(actor, "gatherings.print_signs", gathering),
            "panels": panels_of(gathering, actor),
        },
    )


def _interpreted(table: Table) -> list[str]:
    return [str(LANGUAGE_WORDS.get(code, code)) for code in table.interpreter_languages]


@reads_and_writes
@desk("gatherings.edit_gathering", Gathering)
def gathering_languages(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """The event's texts in another language (`?in=ar`), each beside its original; also when it is over."""
    if gathering.process.is_archived:
        return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
    languages = languages_of(place, gathering.languages)
    language = chosen_language(request.GET.get("in", ""), languages)
    form = VersionsForm(queries.texts_of_gathering(gathering), language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.translate_gathering(
                actor=actor_of(request), gathering=gathering, language=language, wordings=form.wordings()
            )
        except OriginalChanged as changed:
            form.refuse(changed)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?in={language}")
    context = {
        "place": place,
        "process": gathering.process,
        "gathering": gathering,
        "form": form,
        "languages": completeness(form.texts, languages),
    }
    return render(request, "gatherings/desk/languages.html", context, status=UNPROCESSABLE if form.errors else 200)


@reads_and_writes
@desk("gatherings.publish_gathering", Gathering)
def gathering_publish(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    context: dict[str, Any] = {"place": place, "process": gathering.process, "gathering": gathering}
    status = 200
    if request.method == "POST":
        try:
            actions.publish_gathering(actor=actor_of(request), gathering=gathering)
        except NotReady as refusal:
            context["refused"] = refusal.reasons
            status = UNPROCESSABLE
        else:
            messages.success(request, _("The event is announced. Now print the table signs."))
            return redirect("gatherings:desk-show", place=place.slug, pk=gathering.pk)
    context["missing"] = missing_for_announcement(gathering)
    return render(request, "gatherings/desk/publish.html", context, status=status)


def _sheet(request: HttpRequest) -> GatheringSheet | None:
    """The sheet as posted; None when the page is only opened."""
    if request.method != "POST":
        return None
    if "more_tables" in request.POST:
        return GatheringSheet.as_typed(request.POST, more_tables=MORE_ROWS)
    if "more_rounds" in request.POST:
        return GatheringSheet.as_typed(request.POST, more_rounds=MORE_ROWS)
    return GatheringSheet(data=request.POST)


def _is_complete(request: HttpRequest, sheet: GatheringSheet) -> bool:
    return request.method == "POST" and sheet.form.is_bound and sheet.is_valid()


def _explain(sheet: GatheringSheet, refusal: NotReady) -> None:
    for reason in refusal.reasons:
        sheet.form.add_error(None, reason)


def _status(sheet: GatheringSheet) -> int:
    return UNPROCESSABLE if sheet.has_errors else 200
