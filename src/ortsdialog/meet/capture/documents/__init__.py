"""Paper cards: a question, lines to write on, and a strip with the receipt code to tear off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ortsdialog.kernel.documents import qr_svg, render_pdf
from ortsdialog.kernel.language import INTERFACE_LANGUAGES, html_lang, language_direction
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.gatherings.models import Gathering

_TEMPLATE = Path(__file__).resolve().parent / "paper_cards.typ"
# Columns and rows of an A4 sheet.
SHEETS = {4: (2, 2), 6: (2, 3)}
# A question in more languages would leave no lines to write on.
MOST_LANGUAGES = 2
# The sentence on the strip, in as many languages of the event as fit.
_LANGUAGES_ON_THE_STRIP = 3


def paper_cards(
    cards: Sequence[PaperCard], *, gathering: Gathering, languages: Sequence[str], per_sheet: int = 4
) -> bytes:
    """The cards, four or six to an A4 sheet, each with its question in one or two languages.

    500 cards take about a second: call it outside every transaction.
    """
    languages = list(dict.fromkeys(html_lang(code) for code in languages))[:MOST_LANGUAGES] or ["de"]
    first = languages[0]
    columns, rows = SHEETS[per_sheet]
    on_the_strip = [code for code in dict.fromkeys([*languages, "de", *gathering.languages]) if code in _STRIP]
    data = {
        "event": gathering.title,
        "columns": columns,
        "rows": rows,
        "look_up": _bare(reverse("site:receipt-search")),
        "words": _in(first, _words),
        "sentences": [_sentence(code) for code in on_the_strip[:_LANGUAGES_ON_THE_STRIP]],
        "cards": [_card(card, languages) for card in cards],
    }
    images = {f"{card.code}.svg": qr_svg(card_link(card), border=2, one_of_many=True) for card in cards}
    title = f"{_in(first, _title_words)}: {gathering.title.in_language(first)}"
    return render_pdf(_TEMPLATE, data, language=first, title=title, images=images)


def card_link(card: PaperCard) -> str:
    """Where whoever keys cards in gets by scanning one."""
    return settings.BASE_URL + reverse("capture:card", kwargs={"code": card.code})


# Plain German is German on paper; its own sentence would stand there twice.
_STRIP = [code for code in INTERFACE_LANGUAGES if code != "de-ls"]


def _card(card: PaperCard, languages: list[str]) -> dict[str, Any]:
    question = card.question
    known = [code for code in languages if question and question.text.state_of(code) is not None]
    questions = [question.text.in_language(code) for code in known] if question else []
    if question and not questions:
        questions = [question.text.in_language(question.text.original)]
    return {
        "label": _in(languages[0], _where_words, card),
        "questions": questions,
        "code": card.written_code,
        "receipt": card.receipt_code,
        "image": f"{card.code}.svg",
        "alt": _in(languages[0], _qr_words, card),
    }


def _bare(path: str) -> str:
    """An address to be typed."""
    return (settings.BASE_URL.partition("://")[2] + path).rstrip("/")


def _in(language: str, say: Any, *args: Any) -> Any:
    with translation.override(language if language in INTERFACE_LANGUAGES else "de"):
        return say(*args)


def _title_words() -> str:
    return _("Paper cards")


def _words() -> dict[str, str]:
    return {
        "one_thought": _("One thought a card, please. No names."),
        "receipt": _("Your receipt code"),
        "card": _("Card"),
    }


def _where_words(card: PaperCard) -> str:
    table = _("Table %(number)d") % {"number": card.table.number}
    return f"{table} · {_('Round %(number)d') % {'number': card.round.number}}" if card.round else table


def _qr_words(card: PaperCard) -> str:
    return _("QR code for keying in card %(code)s") % {"code": card.written_code}


def _sentence(code: str) -> dict[str, str]:
    return {"text": _in(code, _sentence_words), "lang": html_lang(code), "dir": language_direction(code)}


def _sentence_words() -> str:
    return _("Tear off and keep: with this code you see what became of your words.")
