"""The host says in which language something was said at the table, where a machine doubts what was chosen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS
from ortsdialog.meet.capture.web.host_door import host_address, host_page
from ortsdialog.meet.contributions.actions import correct_language
from ortsdialog.meet.contributions.queries import statements_in_the_hall
from ortsdialog.meet.gatherings.models import Table


@host_page
def correct(request: HttpRequest, *, table: Table, actor: Actor, handle: str) -> HttpResponse:
    """Correct or confirm the language. Only statements of this table."""
    page = host_address(table)
    if request.method != "POST":
        return redirect(page)
    language = request.POST.get("language", "")
    statement = get_object_or_404(statements_in_the_hall(table.gathering), handle=handle, table=table)
    try:
        correct_language(actor=actor, statement=statement, language=language)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("Stored as said in this language: %(language)s.")
        messages.success(request, words % {"language": LANGUAGE_WORDS[language]})
    return redirect(f"{page}#b-{handle}")
