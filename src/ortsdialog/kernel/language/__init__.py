"""Languages: which there are, which way they run, and texts that exist in several of them.

A text is written once (*original*) and may have further versions: *machine* (translated, nobody
has looked at it) or *checked*. A version remembers a digest of the original it was made from;
when the original changes, the version is *out of date* without anybody having to mark it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language

# Languages of the interface, with their own names. "de-ls" is plain German.
INTERFACE_LANGUAGES: dict[str, str] = {
    "de": "Deutsch",
    "de-ls": "Einfaches Deutsch",
    "en": "English",
    "ar": "العربية",
}
# Languages that people speak at the tables; more than the interface knows.
SPOKEN_LANGUAGES: dict[str, str] = {
    "de": "Deutsch",
    "en": "English",
    "ar": "العربية",
    "uk": "Українська",
    "fr": "Français",
    "tr": "Türkçe",
    "ru": "Русский",
    "fa": "فارسی",
    "ku": "Kurdî",
    "ti": "ትግርኛ",
    "so": "Soomaali",
    "sq": "Shqip",
}
_RIGHT_TO_LEFT = {"ar", "fa", "ur", "he", "ps", "ckb"}


class State(StrEnum):
    ORIGINAL = "original"
    MACHINE = "machine"
    CHECKED = "checked"
    OUT_OF_DATE = "out_of_date"


def html_lang(code: str | None) -> str:
    """The tag for `lang="…"`. Plain German is German: "de-ls" is no registered tag."""
    return "de" if code in (None, "", "de-ls") else str(code)


def language_direction(code: str | None) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if (code or "").split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def language_name(code: str) -> str:
    """The language's own name, or its code if unknown."""
    return INTERFACE_LANGUAGES.get(code) or SPOKEN_LANGUAGES.get(code) or code


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Version:
    """What to print: the text, its language, and how far it can be trusted."""

    text: str
    language: str
    state: State

    @property
    def direction(self) -> str:
        return language_direction(self.language)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class MultilingualText:
    """A text with its versions. Immutable: `with_version` returns a new one."""

    original: str = "de"
    versions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def written(cls, text: str, language: str = "de") -> MultilingualText:
        """A new text in its first language."""
        return cls(language, {language: {"text": text, "state": State.ORIGINAL.value}})

    @classmethod
    def of(cls, texts: Mapping[str, str], *, original: str = "de", state: State = State.CHECKED) -> MultilingualText:
        """A text whose versions are at hand: {"de": …, "ar": …}."""
        text = cls.written(texts[original], original)
        for language, version in texts.items():
            if language != original:
                text = text.with_version(language, version, state)
        return text

    @classmethod
    def from_json(cls, value: Any) -> MultilingualText:
        """Read the stored form. Raises ValueError where it is not one."""
        if isinstance(value, MultilingualText):
            return value
        if not value:
            return cls()
        if not isinstance(value, Mapping) or not isinstance(value.get("versions"), Mapping):
            raise ValueError("A text in several languages is stored as {original, versions}.")
        return cls(str(value.get("original", "de")), {k: dict(v) for k, v in value["versions"].items()})

    def to_json(self) -> dict[str, Any]:
        return {"original": self.original, "versions": {k: dict(v) for k, v in self.versions.items()}}

    def with_version(self, language: str, text: str, state: State) -> MultilingualText:
        """Add or replace a version. In the original's language this rewrites the original."""
        if language == self.original:
            version = {"text": text, "state": State.ORIGINAL.value}
        else:
            version = {"text": text, "state": state.value, "of": digest(self.original_text)}
        return MultilingualText(self.original, {**self.versions, language: version})

    def without_version(self, language: str) -> MultilingualText:
        """Take a version out. The original cannot be taken out."""
        kept = {code: version for code, version in self.versions.items() if code != language}
        return self if language == self.original else MultilingualText(self.original, kept)

    def spoken_in(self, language: str) -> MultilingualText:
        """The same words under another language, where they were taken for the wrong one.

        What a machine made of them goes: it was made from the wrong language. What people wrote stays; a version that
        stood in the words' own language steps behind them, and comes forward when the correction is taken back.
        """
        if language == self.original:
            return self
        words = dict(self.versions.get(self.original, {}))
        hidden = words.pop("behind", None)
        versions: dict[str, Mapping[str, Any]] = {
            code: version
            for code, version in self.versions.items()
            if code not in (self.original, language) and version.get("state") != State.MACHINE
        }
        if hidden:
            versions[self.original] = hidden
        if self.declared != language:
            words["declared"] = self.declared
        else:
            words.pop("declared", None)
        behind = self.versions.get(language)
        if behind and behind.get("state") != State.MACHINE:
            words["behind"] = behind
        return MultilingualText(language, {**versions, language: words})

    @property
    def declared(self) -> str:
        """The language that was chosen when the words were written; another one than `original` after a correction."""
        return str(self.versions.get(self.original, {}).get("declared", self.original))

    def text_in(self, language: str) -> str:
        """The words of exactly this language; empty where there is no version."""
        return str(self.versions.get(language, {}).get("text", ""))

    @property
    def original_text(self) -> str:
        return self.text_in(self.original)

    def state_of(self, language: str) -> State | None:
        """The state of a version; None where there is none."""
        version = self.versions.get(language)
        if not version or not version.get("text"):
            return None
        if language == self.original:
            return State.ORIGINAL
        if version.get("of") != digest(self.original_text):
            return State.OUT_OF_DATE
        return State(version.get("state", State.MACHINE.value))

    def in_language(self, code: str | None = None) -> Version:
        """The version for a reader: hers, else plain German → German, else the original."""
        code = code or get_language() or "de"
        candidates = [code, "de"] if code == "de-ls" else [code]
        for language in candidates:
            state = self.state_of(language)
            if state is not None:
                return Version(self.versions[language]["text"], language, state)
        return Version(self.original_text, self.original, State.ORIGINAL)

    def __bool__(self) -> bool:
        return bool(self.original_text)

    def __str__(self) -> str:
        return self.in_language().text
