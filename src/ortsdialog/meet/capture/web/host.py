"""The host's page: the table at a glance, what waits at it, and the way to everything else.

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
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.hub import event_stream
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.web.cookies import remember_device, remember_host
from ortsdialog.meet.capture.web.forms import HostStatementForm
from ortsdialog.meet.capture.web.host_door import host_address, host_page, leads, led_table, private
from ortsdialog.meet.capture.web.host_glance import glance
from ortsdialog.meet.contributions.actions import (
    add_version,
    approve_statement,
    hold_statement,
    return_deed,
    return_to_queue,
)
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import statements_in_the_hall
from ortsdialog.meet.contributions.rewording import version_read
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import table_by_code


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


@host_page
def host_table(request: HttpRequest, *, table: Table, actor: Actor) -> HttpResponse:
    return show(request, table)


@host_page
def host_decide(request: HttpRequest, *, table: Table, actor: Actor, handle: str) -> HttpResponse:
    """Approve, hold back, put back into the queue, or write down a translation. Only statements of this table."""
    if request.method != "POST":
        return redirect(host_address(table))
    statement = get_object_or_404(statements_in_the_hall(table.gathering), handle=handle, table=table)
    try:
        done = _carry_out(actor, statement, request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        tried = {**request.POST.dict(), "handle": statement.handle}
        return show(request, table, status=422, tried=tried)
    messages.success(request, done)
    where = f"b-{handle}" if request.POST.get("decision") == "translate" else "warten"
    return redirect(f"{host_address(table)}#{where}")


def _carry_out(actor: Actor, statement: Statement, posted: QueryDict) -> str:
    """Do what the pressed button says; returns what was done, in words."""
    decision = posted.get("decision")
    if decision == "approve":
        approve_statement(actor=actor, statement=statement, based_on=version_read(posted))
        return _("The statement is on the wall.")
    if decision == "return":
        return_to_queue(actor=actor, statement=statement)
        return _("The statement waits for approval again.")
    if decision == "translate":
        text, language = posted.get("text", ""), posted.get("language", "")
        add_version(actor=actor, statement=statement, language=language, text=text, state=State.CHECKED)
        return _("The translation is stored.")
    if decision == "return_all":
        return_deed(actor=actor, statement=statement)
        return _("The statement waits for approval again.")
    words: dict[str, Any] = {name: posted.get(name, "") for name in ("why", "note", "to_writer")}
    hold_statement(actor=actor, statement=statement, **words)
    return _("The statement is held back. It stays stored.")


@public
async def host_stream(request: HttpRequest, code: str) -> HttpResponseBase:
    """Wakes the host's page when something happens at the table."""
    table = await sync_to_async(_listening_at)(request, code)
    return await event_stream(f"table:{table.pk}", last_event_id=request.headers.get("Last-Event-ID"))


def _listening_at(request: HttpRequest, code: str) -> Table:
    table, _actor = led_table(request, code)
    with open_place(table.place):
        if not leads(request, table):
            raise Http404
    return table


def show(
    request: HttpRequest, table: Table, form: HostStatementForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The host's page, also with a form that came back."""
    context = glance(request, table)
    if form is None:
        spoken = context["written"][0].text.original if context["written"] else ""
        form = HostStatementForm(gathering=table.gathering, spoken=spoken)
    response = private(render(request, "capture/host.html", {**context, "form": form, **more}, status=status))
    remember_device(request, response)
    return response
