"""Writing the versions of texts: which texts there are, how complete a language is, how a version is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import MultilingualText, State, digest, language_name

# Where nobody has said which languages are wanted. Plain German is wanted everywhere.
USUAL_LANGUAGES = ("en", "ar", "uk")
PLAIN_GERMAN = "de-ls"

# Languages in the reader's words: whoever sorts out versions need not read the script of each.
LANGUAGE_WORDS: dict[str, Any] = {
    "de": _("German"),
    "de-ls": _("Plain German"),
    "en": _("English"),
    "ar": _("Arabic"),
    "uk": _("Ukrainian"),
    "fr": _("French"),
    "tr": _("Turkish"),
    "ru": _("Russian"),
    "fa": _("Persian"),
    "ku": _("Kurdish"),
    "ti": _("Tigrinya"),
    "so": _("Somali"),
    "sq": _("Albanian"),
}


class OriginalChanged(Exception):
    """Somebody rewrote the original while a version of it was being written. Nothing was stored."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class StoredText:
    """A text in several languages and where it is stored. `group` is the heading it stands under."""

    row: Any
    field: str
    label: Any
    group: Any = ""

    @property
    def key(self) -> str:
        return f"{self.row._meta.model_name}-{self.row.pk}-{self.field}"

    @property
    def text(self) -> MultilingualText:
        text: MultilingualText = getattr(self.row, self.field)
        return text


@dataclass(frozen=True)
class Wording:
    """What somebody wrote as a version. `of` is the digest of the original that lay beside it."""

    text: str
    checked: bool
    of: str


@dataclass(frozen=True)
class Completeness:
    """How many texts a language has. Versions that are out of date do not count."""

    language: str
    done: int
    of: int
    unchecked: int
    out_of_date: int

    @property
    def name(self) -> Any:
        return LANGUAGE_WORDS.get(self.language, language_name(self.language))


def texts_of_row(row: Any, *fields: str, group: Any = "") -> list[StoredText]:
    """The texts of a row that have been written; an empty one has nothing to be translated."""
    return [
        StoredText(row, name, capfirst(row._meta.get_field(name).verbose_name), group)
        for name in fields
        if getattr(row, name)
    ]


def wanted_languages(*lists: Iterable[str]) -> list[str]:
    """Languages that versions are wanted in, each once: those named, else the usual ones; and plain German."""
    named = [code for codes in lists for code in codes if code != "de"]
    return list(dict.fromkeys([*(named or USUAL_LANGUAGES), PLAIN_GERMAN]))


def completeness(texts: Sequence[StoredText], languages: Iterable[str]) -> list[Completeness]:
    found = []
    for language in languages:
        states = [stored.text.state_of(language) for stored in texts]
        out_of_date = states.count(State.OUT_OF_DATE)
        done = sum(state is not None for state in states) - out_of_date
        found.append(Completeness(language, done, len(states), states.count(State.MACHINE), out_of_date))
    return found


def reworded(text: MultilingualText, language: str, wording: Wording) -> MultilingualText:
    """The text with what somebody wrote as its version.

    Empty removes the version. Checked makes it a checked version of today's original. Without the tick
    new words count as not checked, and old words stay what they were: looking on confirms nothing.
    """
    if not wording.text:
        return text.without_version(language)
    if wording.checked:
        return text.with_version(language, wording.text, State.CHECKED)
    if wording.text != text.text_in(language) or text.state_of(language) == State.CHECKED:
        return text.with_version(language, wording.text, State.MACHINE)
    return text


def changed_versions(
    texts: Iterable[StoredText], language: str, wordings: Mapping[str, Wording]
) -> list[tuple[StoredText, Wording]]:
    """Those of the wordings that change something."""
    return [
        (stored, wordings[stored.key])
        for stored in texts
        if stored.key in wordings
        and stored.text.original != language
        and reworded(stored.text, language, wordings[stored.key]) != stored.text
    ]


def write_versions(language: str, changes: Iterable[tuple[StoredText, Wording]]) -> None:
    """Store versions, within the caller's transaction. Raises `OriginalChanged` before a wrong pair arises."""
    for stored, wording in changes:
        # Read again and locked: the original may have been rewritten since the page was opened.
        fresh = type(stored.row)._default_manager.select_for_update().get(pk=stored.row.pk)
        text: MultilingualText = getattr(fresh, stored.field)
        if digest(text.original_text) != wording.of:
            raise OriginalChanged(stored.key)
        text = reworded(text, language, wording)
        setattr(fresh, stored.field, text)
        fresh.save(update_fields=[stored.field])
        setattr(stored.row, stored.field, text)
