"""How the desk and the hosts speak of a statement: its language, its versions, when it came, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import (
    SPOKEN_LANGUAGES,
    MultilingualText,
    State,
    Version,
    digest,
    html_lang,
    language_name,
)
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS
from ortsdialog.kernel.ui.templatetags.ortsdialog_ui import people_date, people_datetime, people_time, say, state_words
from ortsdialog.meet.contributions.choices import Channel, HintKind, HoldReason, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.provenance import provenance_of
from ortsdialog.meet.contributions.queries import Rewording, rewording_of

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
    "contributions.confirm_version": _("translation checked"),
    "contributions.renew_version": _("new translation asked for"),
    "contributions.store_translation": _("translated by machine"),
    "contributions.correct_language": _("language corrected"),
    "capture.key_in_card": _("keyed in from a paper card"),
    "contributions.file_report": _("reported"),
    "contributions.uphold_report": _("report followed"),
    "contributions.dismiss_report": _("report dismissed"),
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
def state_name(state: str) -> Any:
    """A moderation state in words, as it stands in the log."""
    return ModerationState(state).label if state in ModerationState.values else ""


@register.filter
def reason_name(why: str) -> Any:
    """A reason of the list in words."""
    return HoldReason(why).label if why in HoldReason.values else ""


@register.simple_tag
def hold_reasons() -> list[tuple[int, str, Any]]:
    """(the key that chooses it, value, words) of every reason."""
    return [(number, reason.value, reason.label) for number, reason in enumerate(HoldReason, start=1)]


@register.simple_tag
def hints_in(statement: Statement) -> list[tuple[Any, str]]:
    """(what it may be, the words) of every hint, in the order of the text."""
    words = statement.text.original_text
    return [
        (HintKind(hint["kind"]).label, words[hint["start"] : hint["start"] + hint["length"]])
        for hint in statement.hints
        if hint["kind"] in HintKind.values
    ]


@register.simple_tag
def said_with_hints(statement: Statement, version: Version) -> SafeString:
    """The words that were said, with what a machine suspects in them marked. The words themselves are escaped."""
    parts, done = [], 0
    words = version.text
    for hint in sorted(statement.hints, key=lambda one: one["start"]):
        start, end = max(hint["start"], done), hint["start"] + hint["length"]
        if end > start:
            parts += [_lines(words[done:start]), format_html('<mark class="hint">{}</mark>', _lines(words[start:end]))]
            done = end
    body = format_html_join("", "{}", ((part,) for part in [*parts, _lines(words[done:])]))
    return format_html('<span lang="{}" dir="{}">{}</span>', html_lang(version.language), version.direction, body)


def _lines(words: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words.split("\n")))


@register.filter
def language_label(code: str) -> str:
    """A language's own name."""
    return language_name(code)


@register.filter
def said_in(code: str) -> Any:
    """ "said in Arabic": the language of the words, in the language of the reader."""
    return SAID_IN.get(code, code)


@register.filter
def language_word(code: str) -> Any:
    """A language in the reader's words: "Arabic"."""
    return LANGUAGE_WORDS.get(code, code)


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


# ---- Provenance ---------------------------------------------------------------------------------


@register.simple_tag
def where_from(statement: Statement) -> str:
    """ "Table 3 · Round 1 · said by 4 people · through an interpreter · written down by the host"."""
    return " · ".join(provenance_of(statement).short)


@register.simple_tag
def provenance(statement: Statement, *, names: bool = False) -> SafeString:
    """The same in full, as one line of its own under the words."""
    parts: list[Any] = [*provenance_of(statement, names=names).full]
    if statement.channel == Channel.PAPER and statement.collected_on:
        parts.append(format_html("{} {}", _("collected:"), people_date(statement.collected_on)))
    return format_html("<span>{}</span>", format_html_join(" · ", "{}", ((part,) for part in parts)))


@register.simple_tag
def voice(statement: Statement, *, cut: int = 0) -> SafeString:
    """What somebody said, within a line of the town's words: quoted and in the colour of voices."""
    version = statement.text.in_language()
    if cut:
        version = Version(Truncator(version.text).chars(cut), version.language, version.state)
    words = state_words(version.state)
    note = format_html(' <small class="text-state">{}</small>', words) if words else ""
    return format_html('<q class="voice">{}</q>{}', say(version, mark=False), note)


@dataclass(frozen=True)
class Wording:
    """A version as the desk shows it: what may be done with it, and the digest that was read."""

    version: Version
    of: str

    @property
    def is_original(self) -> bool:
        return self.version.state == State.ORIGINAL

    @property
    def waits_for_check(self) -> bool:
        return self.version.state == State.MACHINE

    @property
    def is_old(self) -> bool:
        return self.version.state == State.OUT_OF_DATE


@register.simple_tag
def wordings_of(text: MultilingualText) -> list[Wording]:
    """The words that were said first, then the versions of them."""
    codes = sorted(text.versions, key=lambda code: (code != text.original, list(SPOKEN_LANGUAGES).index(code)))
    return [Wording(text.in_language(code), digest(text.text_in(code))) for code in codes if text.text_in(code)]


@register.filter
def original_version(text: MultilingualText) -> Version:
    """The words in the language in which they were written."""
    return text.in_language(text.original)


@register.simple_tag
def rewording(statement: Statement) -> Rewording | None:
    """How its words were changed; None where they are those that were said. A query only where it was edited."""
    return rewording_of(statement)
