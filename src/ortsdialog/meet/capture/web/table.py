"""The guest's phone at the table: one question, one field, one button. No account, no name."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.limits import wait_for_device
from ortsdialog.meet.capture.queries import Phase, phase_of
from ortsdialog.meet.capture.web.cookies import (
    device_key,
    device_mark_of,
    forget_receipts,
    receipts_of,
    remember_device,
    remember_receipt,
)
from ortsdialog.meet.capture.web.forms import StatementForm
from ortsdialog.meet.capture.web.inbox import buckets
from ortsdialog.meet.capture.web.stand import version_of
from ortsdialog.meet.contributions.actions import submit_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import statements_with_receipts
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.codes import read_table_code
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import current_announcements, table_by_code

# Where the sender's own list begins after handing in.
ARRIVED = "angekommen"
# What the page's script consists of.
SCRIPTS = [f"js/{name}.js" for name in ("table", "tablet", "capture", "hall", "outbox")] + ["vendored/idb/idb.js"]


@public
def enter_code(request: HttpRequest) -> HttpResponse:
    """Type the code from the table sign."""
    typed = request.POST.get("code") or request.GET.get("code") or ""
    if not typed.strip():
        return render(request, "capture/enter_code.html", {"typed": ""})
    table = table_by_code(typed)
    if table is None:
        return _unknown(request, typed)
    return redirect("capture:table", code=table.code)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    return render(request, "capture/enter_code.html", {"typed": typed[:40], "unknown": True}, status=404)


@public
def table_page(request: HttpRequest, code: str) -> HttpResponse:
    """The table's page, and the way in for statements.

    POST answers a form with a page, and `Accept: application/json` with:
    201 stored · 200 was stored before, same receipt · 409 another text has this id · 422 the text does
    not fit · 423 the event takes no statements (now) · 503 the database cannot store just now, try again.
    201 and 200 come after the commit, never before.
    """
    table = table_by_code(code)
    if table is None:
        return _unknown(request, code)
    if code != table.code and request.method != "POST":
        return redirect("capture:table", code=table.code)
    request.place = table.place  # type: ignore[attr-defined]
    with open_place(table.place):
        if request.method == "POST":
            return _hand_in(request, table)
        return _page(request, table, StatementForm(gathering=table.gathering))


def _hand_in(request: HttpRequest, table: Table) -> HttpResponse:
    form = StatementForm(request.POST, gathering=table.gathering)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
        # A form without a usable id gets one; the words stay.
        return _page(request, table, form if "statement_id" not in form.errors else form.once_more(), status=422)
    words = form.cleaned_data
    mark = device_mark_of(request.COOKIES)
    if wait := wait_for_device(buckets, mark, table.code):
        return _busy(request, table, form, status=429, retry_after=wait)
    try:
        submitted = submit_statement(
            actor=Actor.guest(),
            statement_id=words["statement_id"],
            table=table,
            text=words["text"],
            language=words["language"],
            round=form.chosen_round(),
            device_key=device_key(mark, table.gathering_id),
            rehearsed=words["rehearsed"],
        )
    except StatementDiffers as difference:
        if wants_json(request):
            return JsonResponse({"state": "differs"}, status=409)
        return _page(request, table, form.once_more(), status=409, differs=True, stored=difference.stored)
    except OperationalError:
        # The disk is full or the database is locked for long. The same id may come again.
        return _busy(request, table, form)
    except NotAllowed:
        if wants_json(request):
            return JsonResponse({"state": "closed"}, status=423)
        return _page(request, table, form, status=423, kept=words["text"])
    return _received(request, table, submitted.statement, created=submitted.created)


def _busy(
    request: HttpRequest, table: Table, form: StatementForm, *, status: int = 503, retry_after: int = 5
) -> HttpResponse:
    """Not now: the database cannot store, or this device has handed in more than a hand can write (429)."""
    answer: HttpResponse
    if wants_json(request):
        answer = JsonResponse({"state": "slow" if status == 429 else "busy"}, status=status)
    else:
        answer = _page(request, table, form, status=status, busy=True)
    answer["Retry-After"] = str(retry_after)
    return answer


def _received(request: HttpRequest, table: Table, statement: Statement, *, created: bool) -> HttpResponse:
    response: HttpResponse
    if wants_json(request):
        codes = [statement.receipt_code, *receipts_of(request)]
        mine = statements_with_receipts(table.gathering, codes)
        context = {"table": table, "mine": mine, "arrived": statement}
        response = JsonResponse(
            {
                "state": "received",
                "receipt_code": statement.receipt_code,
                "receipt_url": statement.get_absolute_url(),
                "next_id": str(uuid.uuid4()),
                "regions": {
                    "arrived": render_to_string("capture/_arrived.html", context, request),
                    "mine": render_to_string("capture/_mine.html", context, request),
                },
            },
            status=201 if created else 200,
        )
    else:
        response = redirect(f"{reverse('capture:table', kwargs={'code': table.code})}?{ARRIVED}=1#{ARRIVED}")
    remember_receipt(request, response, statement.receipt_code)
    return _private(response)


def _page(request: HttpRequest, table: Table, form: StatementForm, status: int = 200, **more: Any) -> HttpResponse:
    codes = receipts_of(request)
    mine = statements_with_receipts(table.gathering, codes)
    gathering = table.gathering
    if stored := more.get("stored"):
        # The code of a statement is told to the device that sent it, not to whoever knows its id.
        more["code_is_mine"] = stored.receipt_code in codes
    context = {
        "table": table,
        "gathering": gathering,
        "round": gathering.current_round,
        "phase": phase_of(gathering),
        "takes": phase_of(gathering) in (Phase.OPEN, Phase.BETWEEN),
        "form": form,
        "mine": mine,
        "announcements": current_announcements(gathering),
        "scripts": SCRIPTS,
        "now": timezone.now(),
        "version": version_of(gathering),
        "arrived": _latest(request, mine) if ARRIVED in request.GET and request.method == "GET" else None,
        **more,
    }
    response = _private(render(request, "capture/table.html", context, status=status))
    remember_device(request, response)
    return response


def _latest(request: HttpRequest, mine: list[Statement]) -> Statement | None:
    newest = next(iter(receipts_of(request)), None)
    return next((statement for statement in mine if statement.receipt_code == newest), None)


@public
def forget_device(request: HttpRequest, code: str) -> HttpResponse:
    """For a phone that goes round the table: the next guest sees an empty list."""
    response = redirect("capture:table", code=read_table_code(code))
    if request.method == "POST":
        forget_receipts(response)
    return response


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _private(response: HttpResponse) -> HttpResponse:
    # Not no-store: going back must find the page, and with it what was typed.
    patch_cache_control(response, private=True, no_cache=True)
    return response
