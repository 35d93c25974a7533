"""How the desk and the hosts speak of a statement: its language, its versions, when it came, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import SPOKEN_LANGUAGES, MultilingualText, Version, html_lang, language_name
from ortsdialog.kernel.ui.templatetags.ortsdialog_ui import people_datetime, people_time

register = template.Library()

DEEDS: dict[str, Any] = {
    "contributions.submit_statement": _("handed in"),
    "contributions.approve_statement": _("approved"),
    "contributions.hold_statement": _("held back"),
    "contributions.return_to_queue": _("put back into the queue"),
    "contributions.add_version": _("translated"),
    "contributions.edit_statement": _("reworded"),
    "contributions.restore_revision": _("former wording restored"),
    "contributions.keep_wording": _("a wording kept that came too late"),
    "contributions.set_kind": _("kind chosen"),
    "contributions.put_in_cluster": _("cluster chosen"),
}

# Whole phrases: a language's name changes its form in a sentence.
SAID_IN: dict[str, Any] = {
    "de": _("said in German"),
    "en": _("said in English"),
    "ar": _("said in Arabic"),
    "uk": _("said in Ukrainian"),
    "fr": _("said in French"),
    "tr": _("said in Turkish"),
    "ru": _("said in Russian"),
    "fa": _("said in Persian"),
    "ku": _("said in Kurdish"),
    "ti": _("said in Tigrinya"),
    "so": _("said in Somali"),
    "sq": _("said in Albanian"),
}


@register.filter
def deed_words(code: str) -> Any:
    """What was done, in words; an unknown code speaks for itself."""
    return DEEDS.get(code, code)


@register.filter
def language_label(code: str) -> str:
    """A language's own name."""
    return language_name(code)


@register.filter
def said_in(code: str) -> Any:
    """ "said in Arabic": the language of the words, in the language of the reader."""
    return SAID_IN.get(code, code)


@register.filter
def when_received(moment: datetime) -> str:
    """The time of today; with its day when it was another."""
    today = timezone.localtime(moment).date() == timezone.localdate()
    return people_time(moment) if today else people_datetime(moment)


@dataclass(frozen=True)
class Heard:
    """A statement as somebody meets it who has to understand it."""

    said: Version
    # The reader's own version, where the words were said in another language and somebody translated them.
    own: Version | None
    foreign: bool
    # The language in which the reader most likely writes a version, and what stands there already.
    wanted: str
    draft: str


@register.simple_tag
def heard(text: MultilingualText) -> Heard:
    """The words that were said, and what the reader has of them in her own language."""
    reader = html_lang(get_language()).split("-")[0]
    version = text.in_language()
    others = [code for code in (reader, "de", *SPOKEN_LANGUAGES) if code in SPOKEN_LANGUAGES and code != text.original]
    return Heard(
        said=text.in_language(text.original),
        own=version if version.language != text.original else None,
        foreign=reader != text.original,
        wanted=others[0],
        draft=text.versions.get(others[0], {}).get("text", ""),
    )


@register.simple_tag
def languages_beside(text: MultilingualText) -> list[tuple[str, str]]:
    """(code, own name) of every language that a version can be written in."""
    return [(code, name) for code, name in SPOKEN_LANGUAGES.items() if code != text.original]
