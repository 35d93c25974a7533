from __future__ import annotations

import pytest
from django.utils import translation

from ortsdialog.kernel.language import (
    INTERFACE_LANGUAGES,
    MultilingualText,
    State,
    Version,
    html_lang,
    language_direction,
    language_name,
)

TEXT = MultilingualText.written("Mehr Wohnungen").with_version("ar", "مزيد من المساكن", State.MACHINE)


def test_states_of_versions() -> None:
    assert TEXT.state_of("de") is State.ORIGINAL
    assert TEXT.state_of("ar") is State.MACHINE
    assert TEXT.with_version("ar", "مساكن", State.CHECKED).state_of("ar") is State.CHECKED
    assert TEXT.state_of("uk") is None
    assert TEXT.with_version("uk", "", State.MACHINE).state_of("uk") is None


def test_changed_original_puts_versions_out_of_date_until_renewed() -> None:
    changed = TEXT.with_version("de", "Mehr und billigere Wohnungen", State.ORIGINAL)
    assert changed.state_of("ar") is State.OUT_OF_DATE
    assert changed.state_of("de") is State.ORIGINAL
    assert changed.with_version("ar", "جديد", State.CHECKED).state_of("ar") is State.CHECKED
    assert TEXT.state_of("ar") is State.MACHINE


def test_original_back_to_its_old_words_makes_versions_valid_again() -> None:
    there = TEXT.with_version("de", "Anders", State.ORIGINAL)
    there_and_back = there.with_version("de", "Mehr Wohnungen", State.ORIGINAL)
    assert there_and_back.state_of("ar") is State.MACHINE


@pytest.mark.parametrize(
    ("reader", "text", "language", "state"),
    [
        ("ar", "مزيد من المساكن", "ar", State.MACHINE),
        ("de", "Mehr Wohnungen", "de", State.ORIGINAL),
        ("de-ls", "Mehr Wohnungen", "de", State.ORIGINAL),
        ("uk", "Mehr Wohnungen", "de", State.ORIGINAL),
    ],
)
def test_reader_gets_her_language_or_the_original(reader: str, text: str, language: str, state: State) -> None:
    assert TEXT.in_language(reader) == Version(text, language, state)


def test_plain_german_comes_before_german_and_german_before_the_original() -> None:
    spoken = MultilingualText.of({"ar": "ماء", "de": "Trinkwasser", "de-ls": "Wasser"}, original="ar")
    assert spoken.in_language("de-ls").text == "Wasser"
    without_plain = MultilingualText.of({"ar": "ماء", "de": "Trinkwasser"}, original="ar")
    assert without_plain.in_language("de-ls") == Version("Trinkwasser", "de", State.CHECKED)
    assert MultilingualText.written("ماء", "ar").in_language("de-ls") == Version("ماء", "ar", State.ORIGINAL)
    assert MultilingualText.written("ماء", "ar").in_language("de").direction == "rtl"


def test_without_a_language_the_readers_own_counts() -> None:
    with translation.override("ar"):
        assert str(TEXT) == "مزيد من المساكن"
        assert html_lang(translation.get_language()) == "ar"
    with translation.override("de-ls"):
        assert str(TEXT) == "Mehr Wohnungen"


def test_stored_form_and_back() -> None:
    assert MultilingualText.from_json(TEXT.to_json()) == TEXT
    assert MultilingualText.from_json(None) == MultilingualText()
    assert not MultilingualText.from_json({})
    for broken in ("text", {"text": "x"}, [1], {"original": "de", "versions": "x"}):
        with pytest.raises(ValueError, match="several languages"):
            MultilingualText.from_json(broken)


def test_empty_text_is_false_and_prints_nothing() -> None:
    assert not MultilingualText()
    assert str(MultilingualText()) == ""
    assert TEXT


def test_tags_names_and_directions() -> None:
    assert [html_lang(code) for code in ("de-ls", "", None, "ar", "en")] == ["de", "de", "de", "ar", "en"]
    assert [language_direction(code) for code in ("ar", "ar-EG", "fa", "de", None)] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
    assert [language_name(code) for code in ("de-ls", "uk", "xx")] == ["Einfaches Deutsch", "Українська", "xx"]


@pytest.mark.parametrize("code", list(INTERFACE_LANGUAGES))
def test_every_language_of_the_interface_can_be_switched_on(code: str) -> None:
    with translation.override(code):
        assert translation.get_language() == code
