"""Desk: rewording a statement, and its history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.rewording import SAVED, Edited, carry_out_edit, edit_context


@desk("contributions.edit_statement", Statement, lookup="handle")
def edit(request: HttpRequest, place: Any, statement: Statement) -> HttpResponse:
    """The words of one statement to be rewritten, every wording it had, and the way back to each."""
    edited = Edited(statement)
    if request.method == "POST":
        edited = carry_out_edit(actor=actor_of(request), statement=statement, posted=request.POST)
        if edited.form is None:
            return redirect(f"{request.path}?{SAVED}={edited.statement.version}#{SAVED}")
    back = reverse("contributions:desk-statement", kwargs={"place": place.slug, "handle": statement.handle})
    context = {**edit_context(edited, saved=request.GET.get(SAVED, "")), "edit_url": request.path, "back": back}
    status = edited.status if edited.form else 200
    return render(request, "contributions/desk/statement_edit.html", context, status=status)
