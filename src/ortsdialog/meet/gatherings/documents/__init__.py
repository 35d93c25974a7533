"""Paper for the evening: a sign for each table, a card for each host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ortsdialog.kernel.documents import qr_svg, render_pdf
from ortsdialog.kernel.language import INTERFACE_LANGUAGES, MultilingualText, html_lang, language_direction
from ortsdialog.meet.gatherings.links import guest_link, host_link
from ortsdialog.meet.gatherings.models import Gathering, Table

_TEMPLATES = Path(__file__).resolve().parent
# More would leave no room for large letters.
_LANGUAGES_ON_A_SIGN = 4
_DAY_AND_TIME = {"de": "l, j. F Y, G:i", "en": "l j F Y, G:i", "ar": "l، j F Y، G:i"}


def table_signs(gathering: Gathering, *, language: str) -> bytes:
    """One sign a table, in the languages of the event: theme, QR code, code, and what to do."""
    languages = _sign_languages(gathering, language)
    images, tables = {}, []
    for table in _tables(gathering):
        link = guest_link(table)
        image = f"table-{table.number}.svg"
        images[image] = qr_svg(link)
        tables.append(
            {
                "label": _in(language, _table_words, table),
                "themes": _versions(table.theme, languages),
                "code": table.code,
                "image": image,
                "alt": _in(language, _qr_words, link),
            }
        )
    data = {
        "event": gathering.title,
        "town": gathering.place.called,
        "instructions": [_instruction(code) for code in languages if code in INTERFACE_LANGUAGES],
        "address": f"{_host_name()}/t/",
        "promise": gathering.process.promise,
        "tables": tables,
    }
    title = f"{_in(language, _signs_words)}: {gathering.title.in_language(language)}"
    return render_pdf(_TEMPLATES / "table_signs.typ", data, language=language, title=title, images=images)


def host_cards(gathering: Gathering, *, language: str) -> bytes:
    """One card a host: her secret link, the rounds with their questions, goal and promise."""
    rounds = list(gathering.rounds.select_related("question").order_by("number"))
    images, cards = {}, []
    for table in _tables(gathering):
        link = host_link(table)
        image = f"host-{table.number}.svg"
        images[image] = qr_svg(link)
        cards.append(
            {
                "label": _in(language, _table_words, table),
                "theme": table.theme,
                "host": table.host_name,
                "link": link,
                "image": image,
                "alt": _in(language, _qr_words, link),
                "guest_code": table.code,
            }
        )
    with translation.override(language):
        words = {
            "heading": _("Host's card"),
            "secret": _("Whoever holds this link leads the table. Please do not pass the card on."),
            "open": _("Scan the code with your phone, or type the address."),
            "rounds": _("The rounds"),
            "minutes": _("minutes"),
            "goal": _("Goal"),
            "promise": _("What happens with the results"),
            "guest_code": _("Code for guests"),
            "tasks": _("What you do"),
            "task_list": [
                _("Welcome people and say goal and promise in your own words."),
                _("Help those who want to write, and write for those who do not."),
                _("Look at new statements and release them: one thought each, no names of others."),
                _("Give everybody the receipt code: with it people see later what became of their words."),
            ],
        }
        data = {
            "event": gathering.title,
            "town": gathering.place.called,
            "when": _when(gathering, language),
            "venue": gathering.venue,
            "goal": gathering.process.goal,
            "promise_text": gathering.process.promise,
            "rounds": [
                {"number": round.number, "minutes": round.duration_minutes, "question": round.question.text}
                for round in rounds
            ],
            "cards": cards,
            "words": words,
        }
        title = f"{_('Host cards')}: {gathering.title.in_language(language)}"
    return render_pdf(_TEMPLATES / "host_cards.typ", data, language=language, title=title, images=images)


def _tables(gathering: Gathering) -> list[Table]:
    return list(gathering.tables.order_by("number"))


def _sign_languages(gathering: Gathering, language: str) -> list[str]:
    """The event's languages, the document's first."""
    codes = [language, *gathering.languages]
    return list(dict.fromkeys(html_lang(code) for code in codes))[:_LANGUAGES_ON_A_SIGN]


def _versions(text: MultilingualText, languages: list[str]) -> list[Any]:
    """The text in those of the languages that it exists in; the original if in none."""
    found = [text.in_language(code) for code in languages if text.state_of(code) is not None]
    return found or [text.in_language(text.original)]


def _instruction(code: str) -> dict[str, str]:
    return {"text": _in(code, _instruction_words), "lang": html_lang(code), "dir": language_direction(code)}


def _in(language: str, say: Any, *args: Any) -> str:
    with translation.override(language):
        return str(say(*args))


def _signs_words() -> str:
    return _("Table signs")


def _instruction_words() -> str:
    return _("Scan the code and write what matters to you. No account needed.")


def _table_words(table: Table) -> str:
    return _("Table %(number)d") % {"number": table.number}


def _qr_words(link: str) -> str:
    return _("QR code that opens %(link)s") % {"link": link}


def _host_name() -> str:
    return settings.BASE_URL.partition("://")[2]


def _when(gathering: Gathering, language: str) -> str:
    pattern = _DAY_AND_TIME.get(html_lang(language), _DAY_AND_TIME["en"])
    return date_format(localtime(gathering.starts_at), pattern)
