"""Reports: anybody's form about a public statement, the page of its outcome, and the desk that decides."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ortsdialog.ground.places.models import PlaceProfile
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk, public
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import dismiss_report, file_report, uphold_report
from ortsdialog.meet.contributions.actions.reports import new_report_code
from ortsdialog.meet.contributions.choices import ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.reporting import open_reports, report_by_code, statement_by_handle
from ortsdialog.meet.contributions.web.forms import ReportForm

PER_PAGE = 50
_LONGEST_CODE = 60
# By device, never by address: a whole hall stands behind one.
_MARK = "meldungen"
_PER_HOUR = 10


@public
def report_form(request: HttpRequest, handle: str) -> HttpResponse:
    """Say that a public statement should not be there. What is not public is not there for this page either."""
    statement = statement_by_handle(handle)
    if statement is None:
        raise Http404
    with open_place(statement.place_id):
        if not allowed(actor_of(request), "contributions.report_statement", statement):
            raise Http404
        form = ReportForm(request.POST or None, initial={"code": new_report_code()})
        if request.method == "POST":
            answer = _file(request, statement, form)
            if answer is not None:
                return answer
        profile = PlaceProfile.objects.filter(place=statement.place).first()
        context = {"place": statement.place, "statement": statement, "form": form, "profile": profile}
        status = 422 if form.is_bound else 200
        return _private(render(request, "contributions/report.html", context, status=status))


def _file(request: HttpRequest, statement: Statement, form: ReportForm) -> HttpResponse | None:
    """Store the report and lead to its page; None where the form has to be shown again."""
    if not form.is_valid():
        return None
    words = {name: form.cleaned_data[name] for name in ("code", "reason", "words", "name", "email")}
    if form.cleaned_data["website"]:
        # A program: it gets the page it expects, and nothing is stored.
        return _private(render(request, "contributions/report_sent.html", {"place": statement.place}))
    before = _lately(request)
    if len(before) >= _PER_HOUR:
        form.add_error(None, _("Many reports have come from this device. Please wait an hour, or write to the town."))
        return None
    try:
        report = file_report(actor=actor_of(request), statement=statement, **words)
    except ValidationError as error:
        form.add_error(error.code if error.code in form.fields else None, error)
        return None
    answer = redirect("contributions:report-status", code=report.code)
    answer.set_signed_cookie(
        _MARK,
        ".".join(str(moment) for moment in [*before, int(time.time())]),
        max_age=timedelta(hours=1),
        path="/melden/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return _private(answer)


def _lately(request: HttpRequest) -> list[int]:
    """When this device has reported within the last hour."""
    signed = request.get_signed_cookie(_MARK, default="", max_age=timedelta(hours=1)) or ""
    since = int(time.time()) - 3_600
    return [int(part) for part in signed.split(".") if part.isdecimal() and int(part) > since]


@public
def report_status(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report, for whoever has its code."""
    report = report_by_code(code[:_LONGEST_CODE])
    if report is None:
        raise Http404
    if report.code != code:
        return _private(redirect("contributions:report-status", code=report.code))
    with open_place(report.place_id):
        profile = PlaceProfile.objects.filter(place=report.place).first()
        context = {"place": report.place, "report": report, "profile": profile}
        return _private(render(request, "contributions/report_status.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key, as with a receipt."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


@desk("contributions.decide_report")
def report_list(request: HttpRequest, place: Any) -> HttpResponse:
    """What is to be decided, the oldest first; then what was decided."""
    decided = Report.objects.exclude(state=ReportState.OPEN).select_related("statement__table")
    context = {
        "open": list(open_reports()[:PER_PAGE]),
        "number": open_reports().count(),
        "page_obj": Paginator(decided.order_by("-decided_at", "-id"), PER_PAGE).get_page(request.GET.get("seite")),
    }
    return render(request, "contributions/desk/report_list.html", context)


@desk("contributions.decide_report", Report)
def report_detail(request: HttpRequest, place: Any, report: Report) -> HttpResponse:
    """One report beside its statement, and the decision: hold the statement back, or let it stand and say why."""
    statement = report.statement
    if request.method == "POST":
        actor = actor_of(request)
        words = {name: request.POST.get(name, "") for name in ("why", "answer", "to_writer", "note")}
        try:
            if request.POST.get("decision") == "dismiss":
                dismiss_report(actor=actor, report=report, answer=words["answer"])
                messages.success(request, _("The statement stays. The reporter reads your answer."))
            else:
                uphold_report(actor=actor, report=report, **words)
                messages.success(request, _("The statement is held back. Writer and reporter read why."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return _report_page(request, report, statement, status=422, typed=words)
        return redirect("contributions:desk-report", place=place.slug, pk=report.pk)
    return _report_page(request, report, statement)


def _report_page(
    request: HttpRequest, report: Report, statement: Statement, status: int = 200, **more: Any
) -> HttpResponse:
    history = AuditEntry.objects.filter(object_type=Statement._meta.label_lower, object_id=str(statement.pk))
    others = Report.objects.filter(statement=statement).exclude(pk=report.pk)
    context = {
        "report": report,
        "statement": statement,
        "others": list(others[:PER_PAGE]),
        "history": history.order_by("id")[:PER_PAGE],
        **more,
    }
    return render(request, "contributions/desk/report_detail.html", context, status=status)
