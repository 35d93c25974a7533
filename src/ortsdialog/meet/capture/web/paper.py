"""Desk: printing paper cards."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.capture.actions import print_paper_cards
from ortsdialog.meet.capture.documents import paper_cards
from ortsdialog.meet.capture.queries import batches_of, cards_of_batch, last_batch
from ortsdialog.meet.capture.web.bench import at_desk
from ortsdialog.meet.capture.web.paper_forms import PrintForm, layout_of
from ortsdialog.meet.gatherings.models import Gathering

PRINTED = "gedruckt"
LAYOUT = ("sprachen", "je-blatt")


@desk("capture.print_paper_cards", Gathering)
def desk_cards(request: HttpRequest, *, place: Any, gathering: Gathering) -> HttpResponse:
    """Choose tables, rounds, number and languages; below, what was printed before."""
    form = PrintForm(request.POST or None, gathering=gathering, next_batch=last_batch(gathering) + 1)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                cards = print_paper_cards(actor=actor_of(request), gathering=gathering, **form.chosen())
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                address = reverse("capture:desk-cards", kwargs={"place": place.slug, "pk": gathering.pk})
                return redirect(f"{address}?{urlencode({PRINTED: cards[0].batch, **form.layout()})}")
    batches = batches_of(gathering)
    fresh = request.GET.get(PRINTED, "")
    context = {
        **at_desk(request, place, gathering).context(),
        "form": form,
        "batches": batches,
        "fresh": next((one for one in batches if str(one["batch"]) == fresh), None),
        "layout_query": urlencode(
            {word: request.GET[word] for word in ("sprachen", "je-blatt") if word in request.GET}
        ),
    }
    return render(request, "capture/desk/cards.html", context, status=status)


@desk("capture.print_paper_cards", Gathering)
@require_safe
def desk_cards_pdf(request: HttpRequest, *, place: Any, gathering: Gathering, batch: int) -> HttpResponse:
    """The cards of one printing. The same cards each time, for a printer that ran out of paper."""
    cards = list(cards_of_batch(gathering, batch))
    if not cards:
        raise Http404
    languages, per_sheet = layout_of(request.GET)
    content = paper_cards(cards, gathering=gathering, languages=languages, per_sheet=per_sheet)
    response = HttpResponse(content, content_type="application/pdf")
    name = _("paper-cards")
    response["Content-Disposition"] = f'inline; filename="{name}-{gathering.slug}-{batch}.pdf"'
    return response
