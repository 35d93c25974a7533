"""Keying in what stands on paper: code, text, Enter, next. At the desk and on the host's page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from ortsdialog.kernel.access import NotAllowed, allowed, require
from ortsdialog.kernel.access.doors import actor_of, desk, public
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import key_in_card
from ortsdialog.meet.capture.codes import grouped, near, read_card_code
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.queries import card_anywhere, card_by_code, card_counts, codes_of_cards, last_keyed_in
from ortsdialog.meet.capture.refusals import CardKeyedIn
from ortsdialog.meet.capture.web.bench import Bench, at_desk, at_table, for_host
from ortsdialog.meet.capture.web.paper_forms import KeyInForm
from ortsdialog.meet.contributions.actions import approve_statement, submit_statement
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.models import Gathering, Table

LAST_SHOWN = 12
STORED = "erfasst"


@public
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code on a card leads: to the form, for whoever keys cards in; to the table, for everybody else."""
    found = card_anywhere(read_card_code(code))
    if found is None:
        raise Http404
    # The host's cookie is sent to her pages only, so they decide.
    return redirect(f"{_host_page(found)}?{urlencode({'karte': found.code})}")


def _host_page(found: PaperCard) -> str:
    with open_place(found.place):
        return Bench(None, found.gathering, found.table, {"code": found.table.code}, "").url("key-in")  # type: ignore[arg-type]


@public
def host_key_in(request: HttpRequest, code: str) -> HttpResponse:
    """Keying in at one table. Whoever scanned a card and is no host is led on."""
    if at_table(request, code) is None and "karte" in request.GET:
        return _led_on(request, read_card_code(request.GET["karte"]))
    return _host_key_in(request, code=code)


@for_host
def _host_key_in(request: HttpRequest, bench: Bench) -> HttpResponse:
    if request.method != "POST":
        require(bench.actor, "contributions.write_for_guests", bench.where)
    return key_in(request, bench)


def _led_on(request: HttpRequest, code: str) -> HttpResponse:
    found = card_anywhere(code)
    if found is None:
        raise Http404
    with open_place(found.place):
        if request.user.is_authenticated and allowed(actor_of(request), "contributions.write_for_guests", found):
            url = at_desk(request, found.place, found.gathering).url("key-in")
            return redirect(f"{url}?{urlencode({'karte': found.code})}")
    return redirect("capture:table", code=found.table.code)


@desk("contributions.write_for_guests", Gathering)
def desk_key_in(request: HttpRequest, *, place: Any, gathering: Gathering) -> HttpResponse:
    return key_in(request, at_desk(request, place, gathering))


def key_in(request: HttpRequest, bench: Bench, *, source: Source | None = None, **more: Any) -> HttpResponse:
    """The form and what it does; with a source its photo stands beside it and is noted with each statement.

    422 the words do not fit · 409 the card is keyed in already, or another text has this id · 423 the dialogue is
    finished · 503 the database cannot store just now. Each answers with the page and everything that was typed.
    """
    if request.method != "POST":
        form = KeyInForm(bench=bench, source=source, kept=request.GET)
        return _page(request, bench, form, source, **more)
    form = KeyInForm(request.POST, bench=bench, source=source)
    if not form.is_valid():
        form = form if "statement_id" not in form.errors else form.once_more()
        return _page(request, bench, form, source, status=422, **more)
    try:
        statement = _store(bench, form, source, second="second" in request.POST)
    except CardKeyedIn as refusal:
        return _page(request, bench, form, source, status=409, keyed_in=refusal.card, **more)
    except StatementDiffers as difference:
        return _page(request, bench, form.once_more(), source, status=409, differs=difference.stored, **more)
    except ValidationError as refusal:
        for field, errors in _by_field(refusal).items():
            form.add_error(field if field in form.fields else None, errors)
        return _page(request, bench, form, source, status=422, **more)
    except OperationalError:
        return _page(request, bench, form, source, status=503, busy=True, **more)
    except NotAllowed:
        # The dialogue ended while somebody typed: the page opened with the right to it.
        return _page(request, bench, form, source, status=423, over=True, **more)
    kept = {**form.sticky(), STORED: statement.handle}
    return redirect(f"{request.path}?{urlencode(kept)}")


def _by_field(refusal: ValidationError) -> dict[str, Any]:
    if hasattr(refusal, "error_dict"):
        return dict(refusal.error_dict)
    return {"text": refusal}


def _store(bench: Bench, form: KeyInForm, source: Source | None, *, second: bool) -> Statement:
    """Store one statement, with its card or without."""
    words = form.words()
    words["entered_by"] = _who(bench)
    words["source"] = source
    with transaction.atomic():
        if form.cleaned_data["card"]:
            found = _card(bench, form.cleaned_data["card"])
            submitted = key_in_card(actor=bench.actor, card=found, second=second, **words)
        else:
            table = form.chosen_table()
            if table is None:
                refusal = _("Please type the code of the card, or choose a table for blank paper.")
                raise ValidationError({"card": refusal})
            submitted = submit_statement(
                actor=bench.actor,
                table=table,
                round=form.chosen_round(),
                question=form.chosen_question(),
                channel=Channel.PAPER,
                **words,
            )
        # Only what has just come: at a later try somebody may have held it back meanwhile.
        if form.cleaned_data["approve"] and submitted.created:
            approve_statement(actor=bench.actor, statement=submitted.statement)
    return submitted.statement


def _who(bench: Bench) -> str:
    if bench.table is None:
        return bench.actor.label[:200]
    # Her name goes with the end of the dialogue; the statement stays. In the team's language, whatever she reads.
    with override(settings.LANGUAGE_CODE):
        return _("Host of table %(number)d") % {"number": bench.table.number}


def _card(bench: Bench, typed: str) -> PaperCard:
    """The card with the typed code. Raises ValidationError that says what is wrong with it."""
    code = read_card_code(typed)
    found = card_by_code(bench.gathering, code)
    if found is None:
        raise ValidationError({"card": _unknown(bench, code)})
    if bench.table is not None and found.table_id != bench.table.pk:
        words = _("This card belongs to table %(number)d. Please give it to its host, or to the team.")
        raise ValidationError({"card": words % {"number": found.table.number}})
    return found


def _unknown(bench: Bench, code: str) -> str:
    table = Table.objects.filter(gathering=bench.gathering, code=code).first()
    if table is not None:
        words = _("This is the code of table %(number)d, not of a card. The card's own code stands under its heading.")
        return words % {"number": table.number}
    alike = [grouped(one) for one in near(code, codes_of_cards(bench.where))]
    if alike:
        words = _("No card of this event has the code %(code)s. Do you mean %(alike)s?")
        return words % {"code": grouped(code), "alike": _(" or ").join(alike)}
    return _(
        "No card of this event has the code %(code)s. Please compare it with the card. For paper without a code leave "
        "the field empty and choose table and round."
    ) % {"code": grouped(code)}


def _page(
    request: HttpRequest, bench: Bench, form: KeyInForm, source: Source | None, status: int = 200, **more: Any
) -> HttpResponse:
    last = list(last_keyed_in(bench.where, source)[:LAST_SHOWN])
    handle = request.GET.get(STORED, "")
    stored = next((one for one in last if one.handle == handle), None) if request.method == "GET" else None
    table = bench.table or form.table_in_hand(stored)
    context = {
        **bench.context(),
        "form": form,
        "source": source,
        "last": last,
        "stored": stored,
        "counts": card_counts(bench.gathering) if bench.is_desk else None,
        "table_in_hand": table,
        "table_counts": card_counts(table) if table else None,
        **more,
    }
    return render(request, more.get("template", "capture/key_in.html"), context, status=status)
