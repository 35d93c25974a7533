"""What is printed for the evening: table signs, host cards, QR codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.documents import qr_svg
from ortsdialog.kernel.language import html_lang
from ortsdialog.meet.gatherings import actions, documents
from ortsdialog.meet.gatherings.links import guest_link, host_link
from ortsdialog.meet.gatherings.models import Gathering, Table


@desk("gatherings.print_signs", Gathering)
@require_safe
def print_page(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    tables = [(table, guest_link(table), host_link(table)) for table in gathering.tables.order_by("number")]
    return render(
        request,
        "gatherings/desk/print.html",
        {"place": place, "process": gathering.process, "gathering": gathering, "tables": tables},
    )


@desk("gatherings.print_signs", Gathering)
@require_safe
def table_signs(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    language = html_lang(get_language())
    return _pdf(documents.table_signs(gathering, language=language), _("table-signs"), gathering)


@desk("gatherings.print_signs", Gathering)
@require_safe
def host_cards(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    language = html_lang(get_language())
    return _pdf(documents.host_cards(gathering, language=language), _("host-cards"), gathering)


@desk("gatherings.print_signs", Table)
@require_safe
def table_qr(request: HttpRequest, *, place: Place, table: Table) -> HttpResponse:
    """The guest code as a picture, for own posters."""
    return _private(HttpResponse(qr_svg(guest_link(table)), content_type="image/svg+xml"))


@desk("gatherings.print_signs", Table)
@require_POST
def host_key_renew(request: HttpRequest, *, place: Place, table: Table) -> HttpResponse:
    actions.renew_host_key(actor=actor_of(request), table=table)
    messages.success(request, _("The old card no longer works. Print a new one for this table."))
    return redirect("gatherings:desk-print", place=place.slug, pk=table.gathering_id)


def _pdf(content: bytes, name: str, gathering: Gathering) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{gathering.slug}.pdf"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    # Host cards carry secret links.
    response["Cache-Control"] = "private, no-store"
    return response
