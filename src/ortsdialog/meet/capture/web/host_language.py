"""The host says in which language something was said at the table, where a machine doubts what was chosen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.web.host import _led_table
from ortsdialog.meet.contributions.actions import correct_language
from ortsdialog.meet.contributions.queries import statements_in_the_hall


@public
def correct(request: HttpRequest, code: str, handle: str) -> HttpResponse:
    """Correct or confirm the language. Only statements of this table."""
    table, actor = _led_table(request, code)
    page = reverse("capture:host-table", kwargs={"code": table.code})
    if request.method != "POST":
        return redirect(page)
    language = request.POST.get("language", "")
    with open_place(table.place):
        statement = get_object_or_404(statements_in_the_hall(table.gathering), handle=handle, table=table)
        try:
            correct_language(actor=actor, statement=statement, language=language)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = _("Stored as said in this language: %(language)s.")
            messages.success(request, words % {"language": LANGUAGE_WORDS[language]})
    return redirect(f"{page}#b-{handle}")
