"""The host's page: what waits at this table, writing for guests, and how far the table is.

The key on the host's card opens the page once; then a signed cookie stands for it, so that the key
stays neither in the address bar nor in the history.
"""

from __future__ import annotations

import secrets
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.hub import event_stream
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.queries import phase_of
from ortsdialog.meet.capture.web.cookies import (
    forget_written,
    host_actor,
    just_written,
    remember_host,
    remember_written,
)
from ortsdialog.meet.capture.web.forms import HostStatementForm
from ortsdialog.meet.contributions.actions import (
    add_version,
    approve_statement,
    hold_statement,
    return_to_queue,
    submit_statement,
)
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import pending_statements, state_counts
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import table_by_code

ARRIVED = "angekommen"
DECIDED_SHOWN = 12


@public
def host_enter(request: HttpRequest, code: str, host_key: str) -> HttpResponse:
    """Open the table with the key from the host's card."""
    table = table_by_code(code)
    # Compared in constant time, since the answer could otherwise be felt for letter by letter.
    if table is None or not secrets.compare_digest(table.host_key.encode(), host_key.encode()):
        raise Http404
    response = redirect("capture:host-table", code=table.code)
    remember_host(response, table)
    return response


def _led_table(request: HttpRequest, code: str) -> tuple[Table, Actor]:
    """The table that this device leads; 404 for everybody else, without a hint."""
    table = table_by_code(code)
    actor = host_actor(request, table) if table is not None else None
    if table is None or actor is None:
        raise Http404
    request.place = table.place  # type: ignore[attr-defined]
    return table, actor


@public
def host_table(request: HttpRequest, code: str) -> HttpResponse:
    table, _actor = _led_table(request, code)
    with open_place(table.place):
        arrived = _arrived(request, table)
        response = _page(request, table, HostStatementForm(gathering=table.gathering), arrived=arrived)
    if arrived is not None:
        forget_written(response, table)
    return response


@public
def host_write(request: HttpRequest, code: str) -> HttpResponse:
    """A statement that the host writes down, for one guest or for several."""
    table, actor = _led_table(request, code)
    if request.method != "POST":
        return redirect(_address(table))
    with open_place(table.place):
        form = HostStatementForm(request.POST, gathering=table.gathering)
        if not form.is_valid():
            return _page(request, table, form if "statement_id" not in form.errors else form.once_more(), status=422)
        words = form.cleaned_data
        try:
            statement = submit_statement(
                actor=actor,
                statement_id=words["statement_id"],
                table=table,
                text=words["text"],
                language=words["language"],
                round=form.chosen_round(),
                channel=Channel.HOST,
                said_by_count=words["said_by_count"],
            ).statement
        except StatementDiffers as difference:
            return _page(request, table, form.once_more(), status=409, differs=True, stored=difference.stored)
        if "approve" in request.POST:
            approve_statement(actor=actor, statement=statement)
    response = redirect(f"{_address(table)}?{ARRIVED}=1#{ARRIVED}")
    remember_written(response, table, statement.pk)
    return response


@public
def host_decide(request: HttpRequest, code: str, handle: str) -> HttpResponse:
    """Approve, hold back, put back into the queue, or write down a translation. Only statements of this table."""
    table, actor = _led_table(request, code)
    if request.method != "POST":
        return redirect(_address(table))
    with open_place(table.place):
        statement = get_object_or_404(Statement, handle=handle, table=table)
        try:
            done = _carry_out(actor, statement, request.POST)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            tried = {**request.POST.dict(), "handle": statement.handle}
            return _page(request, table, HostStatementForm(gathering=table.gathering), status=422, tried=tried)
    messages.success(request, done)
    return redirect(f"{_address(table)}#{f'b-{handle}' if request.POST.get('decision') == 'translate' else 'warten'}")


def _carry_out(actor: Actor, statement: Statement, posted: QueryDict) -> str:
    """Do what the pressed button says; returns what was done, in words."""
    decision = posted.get("decision")
    if decision == "approve":
        approve_statement(actor=actor, statement=statement)
        return _("The statement is on the wall.")
    if decision == "return":
        return_to_queue(actor=actor, statement=statement)
        return _("The statement waits for approval again.")
    if decision == "translate":
        text, language = posted.get("text", ""), posted.get("language", "")
        add_version(actor=actor, statement=statement, language=language, text=text, state=State.CHECKED)
        return _("The translation is stored.")
    hold_statement(actor=actor, statement=statement, reason=posted.get("reason", "")[:500])
    return _("The statement is held back. It stays stored.")


@public
async def host_stream(request: HttpRequest, code: str) -> HttpResponseBase:
    """Wakes the host's page when something happens at the table."""
    table, _actor = await sync_to_async(_led_table)(request, code)
    return await event_stream(f"table:{table.pk}", last_event_id=request.headers.get("Last-Event-ID"))


def _page(request: HttpRequest, table: Table, form: HostStatementForm, status: int = 200, **more: Any) -> HttpResponse:
    decided = Statement.objects.filter(table=table).exclude(state=ModerationState.PENDING)
    gathering = table.gathering
    context = {
        "table": table,
        "gathering": gathering,
        "round": gathering.current_round,
        "phase": phase_of(gathering),
        "form": form,
        "waiting": list(pending_statements(table)),
        "decided": decided.select_related("table", "round").order_by("-moderated_at", "id")[:DECIDED_SHOWN],
        "counts": state_counts(Statement.objects.filter(table=table)),
        # The receipt is handed on to the guest; other receipts are not the host's to see.
        "for_guest": True,
        "back": _address(table),
        **more,
    }
    response = render(request, "capture/host.html", context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _arrived(request: HttpRequest, table: Table) -> Statement | None:
    """What the host has written down just now on this device."""
    written = just_written(request) if ARRIVED in request.GET else None
    if written is None:
        return None
    found: Statement | None = Statement.objects.filter(table=table, channel=Channel.HOST, pk=written).first()
    return found


def _address(table: Table) -> str:
    return reverse("capture:host-table", kwargs={"code": table.code})
