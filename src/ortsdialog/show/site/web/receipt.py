"""What became of my statement: the page behind a receipt code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ortsdialog.deliver.plan.queries import measures_of_statement, way_of_statement
from ortsdialog.ground.places.models import PlaceProfile
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.queries import card_by_receipt
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.queries import rewording_of, statement_by_receipt
from ortsdialog.meet.contributions.reporting import held_by

# Longer than anything a person copies from paper: not even looked at.
_LONGEST_CODE = 60


@public
def search(request: HttpRequest) -> HttpResponse:
    """A code as somebody typed it. Right ones lead on in their proper form; wrong ones give no hint."""
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get("code", "").strip()[:_LONGEST_CODE]
    if "code" not in given:
        return _private(render(request, "site/receipt_search.html", {}))
    statement = statement_by_receipt(typed) if typed else None
    if statement is None:
        return _of_card(request, typed) or _not_found(request, typed)
    return _private(redirect("site:receipt", code=statement.receipt_code))


@public
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    statement = statement_by_receipt(code[:_LONGEST_CODE])
    if statement is None:
        return _of_card(request, code[:_LONGEST_CODE]) or _not_found(request, code[:_LONGEST_CODE])
    if statement.receipt_code != code:
        return _private(redirect("site:receipt", code=statement.receipt_code))
    with open_place(statement.place_id):
        measures = measures_of_statement(statement)
        change = rewording_of(statement)
        # Her own words stand under "my words", also where the team has reworded them.
        said = change.first.text if change else statement.text
        context = {
            "place": statement.place,
            "process": statement.process,
            "statement": statement,
            "held": held_by(statement) if statement.state == ModerationState.HELD else None,
            "measures": measures,
            "way": way_of_statement(statement, measures),
            "words": said.in_language(said.original),
            "translation": said.in_language(),
            "profile": PlaceProfile.objects.filter(place=statement.place).first(),
        }
        return _private(render(request, "site/receipt.html", context))


def _of_card(request: HttpRequest, typed: str) -> HttpResponse | None:
    """The strip of a paper card that nobody has keyed in yet: the code is right, the words are still on paper."""
    card = card_by_receipt(typed) if typed else None
    if card is None:
        return None
    with open_place(card.place_id):
        context = {
            "place": card.place,
            "card": card,
            "process": card.gathering.process,
            "profile": PlaceProfile.objects.filter(place=card.place).first(),
        }
        return _private(render(request, "site/receipt_card.html", context))


def _not_found(request: HttpRequest, typed: str) -> HttpResponse:
    return _private(render(request, "site/receipt_search.html", {"typed": typed, "unknown": True}, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes into no index, no cache and no other site's log."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
