"""What a statement's text may look like."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import SPOKEN_LANGUAGES

LONGEST = 2_000
MOST_SPEAKERS = 500
# Marks that turn the direction of all that follows them: a card could garble the rest of the wall.
# The joiners stay, since Persian is not written without them.
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


_MOST_MARKS = 4
# Letters by their category, and yet nothing to see.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
# Composing marks takes time that grows with the square of their number; nobody's 2,000 characters need more.
_LONGEST_UNCLEANED = 4 * LONGEST


def clean_text(text: str) -> str:
    """The text as it is stored: composed Unicode, Unix line ends, no control characters, no blank edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # Towers are cut down twice: composing takes time that grows with the square of their height.
    text = unicodedata.normalize("NFC", _without_towers(text, most=2 * _MOST_MARKS))
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    text = _without_towers(_DIRECTION_MARKS.sub("", text), most=_MOST_MARKS)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_towers(text: str, *, most: int) -> str:
    """No script stacks more marks on a letter; a tower of them would grow over the cards beside it."""
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= most:
            kept.append(character)
    return "".join(kept)


def checked_text(text: str) -> str:
    """The cleaned text. Raises ValidationError where it is empty or too long."""
    if len(text) > _LONGEST_UNCLEANED:
        raise _too_long(len(text))
    text = clean_text(text)
    if not any(_can_be_seen(character) for character in text):
        raise ValidationError(_("Please write something before you hand it in."), code="empty")
    if len(text) > LONGEST:
        raise _too_long(len(text))
    return text


def _can_be_seen(character: str) -> bool:
    """A letter, number, sign or symbol; not a blank, a joiner or a mark alone."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_LETTERS


def _too_long(length: int) -> ValidationError:
    return ValidationError(
        _("Your text has %(length)d characters; %(limit)d are possible. Please shorten it or hand in two."),
        code="too_long",
        params={"length": length, "limit": LONGEST},
    )


def checked_language(language: str) -> str:
    """The code of a language spoken at the tables; plain German is German. Raises ValidationError."""
    language = "de" if language == "de-ls" else language
    if language not in SPOKEN_LANGUAGES:
        raise ValidationError(_("Please choose the language of your text from the list."), code="language")
    return language


def checked_speakers(count: int) -> int:
    """How many people say it. Raises ValidationError."""
    if not 1 <= count <= MOST_SPEAKERS:
        raise ValidationError(
            _("Between 1 and %(most)d people can say the same."), code="speakers", params={"most": MOST_SPEAKERS}
        )
    return count
