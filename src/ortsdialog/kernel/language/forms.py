"""The form in which staff write the versions of texts in one language, each beside its original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import State, Version, digest, html_lang, language_direction
from ortsdialog.kernel.language.versions import OriginalChanged, StoredText, Wording

LONGEST = 10_000
# With more texts than these the groups are folded, so that one sees where there is something to do.
MOST_UNFOLDED = 12
_A_LINE = 60
_MOST_ROWS = 8


@dataclass(frozen=True)
class VersionLine:
    """One text of the form: the original, how far its version can be trusted, and the two fields."""

    stored: StoredText
    original: Version
    state: State | None
    words: BoundField
    checked: BoundField
    of_name: str
    of: str


@dataclass(frozen=True)
class VersionGroup:
    """The lines under one heading, and how many of them are not as they should be."""

    label: Any
    lines: list[VersionLine]
    is_open: bool

    def _count(self, *states: State | None) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def missing(self) -> int:
        return self._count(None)

    @property
    def unchecked(self) -> int:
        return self._count(State.MACHINE)

    @property
    def out_of_date(self) -> int:
        return self._count(State.OUT_OF_DATE)


class VersionsForm(forms.Form):
    """A field and a tick for each text. What is not sent along is left as it is."""

    def __init__(self, texts: Sequence[StoredText], language: str, data: Any = None) -> None:
        super().__init__(data)
        self.language = language
        self.texts = [stored for stored in texts if stored.text.original != language]
        for stored in self.texts:
            state = stored.text.state_of(language)
            rows = min(_MOST_ROWS, 1 + len(stored.text.original_text) // _A_LINE)
            attrs = {"rows": rows, "lang": html_lang(language), "dir": language_direction(language)}
            self.fields[_words(stored)] = forms.CharField(
                label=stored.label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs=attrs),
                initial=stored.text.text_in(language),
            )
            self.fields[_checked(stored)] = forms.BooleanField(
                label=_("Checked"),
                required=False,
                # Who writes by hand has checked by writing; what a machine wrote has to be read first.
                initial=state in (None, State.CHECKED),
            )

    def lines(self) -> Iterator[VersionLine]:
        for stored in self.texts:
            text = stored.text
            yield VersionLine(
                stored=stored,
                original=text.in_language(text.original),
                state=text.state_of(self.language),
                words=self[_words(stored)],
                checked=self[_checked(stored)],
                of_name=_of(stored),
                of=digest(text.original_text),
            )

    def groups(self) -> list[VersionGroup]:
        """The lines under their headings."""
        by_label = [(label, list(lines)) for label, lines in groupby(self.lines(), lambda line: line.stored.group)]
        return [
            VersionGroup(
                label,
                lines,
                is_open=len(self.texts) <= MOST_UNFOLDED or any(line.words.errors for line in lines),
            )
            for label, lines in by_label
        ]

    def clean(self) -> dict[str, Any]:
        for stored in self.texts:
            if _words(stored) in self.data and self.data.get(_of(stored)) != digest(stored.text.original_text):
                self.refuse(OriginalChanged(stored.key))
        return self.cleaned_data

    def refuse(self, changed: OriginalChanged) -> None:
        """Say at the text that its original is not the one that lay beside it."""
        words = _("The original has been changed meanwhile. Please compare once more and save again.")
        self.add_error(f"{changed.key}-words", words)

    def wordings(self) -> dict[str, Wording]:
        """What was written, by the key of the text."""
        return {
            stored.key: Wording(
                # Browsers send line breaks as CR LF; the stored version would always look changed.
                text=self.cleaned_data[_words(stored)].replace("\r\n", "\n"),
                checked=self.cleaned_data[_checked(stored)],
                of=self.data.get(_of(stored), ""),
            )
            for stored in self.texts
            if _words(stored) in self.data
        }


def chosen_language(asked: str, languages: Sequence[str]) -> str:
    """The language that a link asked for; the first one where it asked for none of these."""
    return asked if asked in languages else languages[0]


def _words(stored: StoredText) -> str:
    return f"{stored.key}-words"


def _checked(stored: StoredText) -> str:
    return f"{stored.key}-checked"


def _of(stored: StoredText) -> str:
    return f"{stored.key}-of"
