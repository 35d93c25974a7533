"""What the host writes down for guests, and rewording what was written."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ortsdialog.kernel.access import Actor, require
from ortsdialog.meet.capture.web.cookies import device_key, device_mark_of, remember_written
from ortsdialog.meet.capture.web.forms import HostStatementForm
from ortsdialog.meet.capture.web.host import show
from ortsdialog.meet.capture.web.host_door import host_address, host_page, private
from ortsdialog.meet.capture.web.host_glance import ARRIVED
from ortsdialog.meet.contributions.actions import approve_statement, submit_statement
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.queries import statements_in_the_hall
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.contributions.rewording import SAVED, Edited, carry_out_edit, edit_context
from ortsdialog.meet.gatherings.models import Table


@host_page
def host_write(request: HttpRequest, *, table: Table, actor: Actor) -> HttpResponse:
    """A statement that the host writes down, for one guest or for several."""
    if request.method != "POST":
        return redirect(host_address(table))
    form = HostStatementForm(request.POST, gathering=table.gathering)
    if not form.is_valid():
        return show(request, table, form if "statement_id" not in form.errors else form.once_more(), status=422)
    words = form.cleaned_data
    try:
        # Together: what is stored and not approved would never be, since a later try approves nothing.
        with transaction.atomic():
            submitted = submit_statement(
                actor=actor,
                statement_id=words["statement_id"],
                table=table,
                text=words["text"],
                language=words["language"],
                round=form.chosen_round(),
                channel=Channel.HOST,
                device_key=device_key(device_mark_of(request.COOKIES), table.gathering_id),
                said_by_count=words["said_by_count"],
                interpreted=words["interpreted"],
                rehearsed=words["rehearsed"],
            )
            # Only what has just come: at a later try somebody may have held it back meanwhile.
            if "approve" in request.POST and submitted.created and not submitted.late_practice:
                approve_statement(actor=actor, statement=submitted.statement)
    except StatementDiffers as difference:
        return show(request, table, form.once_more(), status=409, differs=True, stored=difference.stored)
    statement = submitted.statement
    response = redirect(f"{host_address(table)}?{ARRIVED}=1#{ARRIVED}")
    remember_written(request, response, table, statement.pk)
    return response


@host_page
def host_edit(request: HttpRequest, *, table: Table, actor: Actor, handle: str) -> HttpResponse:
    """Reword a statement of this table; its history, and the way back to each wording."""
    statement = get_object_or_404(statements_in_the_hall(table.gathering), handle=handle, table=table)
    require(actor, "contributions.edit_statement", statement)
    edited = Edited(statement)
    if request.method == "POST":
        edited = carry_out_edit(actor=actor, statement=statement, posted=request.POST)
        if edited.form is None:
            return redirect(f"{request.path}?{SAVED}={edited.statement.version}#{SAVED}")
    context = {
        **edit_context(edited, saved=request.GET.get(SAVED, "")),
        "table": table,
        "round": statement.round,
        "edit_url": request.path,
        "back": host_address(table),
    }
    return private(render(request, "capture/host_edit.html", context, status=edited.status if edited.form else 200))
