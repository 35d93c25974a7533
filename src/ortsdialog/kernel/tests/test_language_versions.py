"""Writing versions: what the form offers, what is stored, and how complete a language is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from ortsdialog.ground.process.models import Programme
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.language.forms import VersionsForm, chosen_language
from ortsdialog.kernel.language.versions import (
    LANGUAGE_WORDS,
    OriginalChanged,
    StoredText,
    Wording,
    changed_versions,
    completeness,
    reworded,
    texts_of_row,
    wanted_languages,
    write_versions,
)

HOUSING = MultilingualText.written("Wohnen")
MACHINE = HOUSING.with_version("en", "Housing", State.MACHINE)
CHECKED = HOUSING.with_version("en", "Housing", State.CHECKED)
OUTDATED = CHECKED.with_version("de", "Wohnen und Leben", State.ORIGINAL)


def wording(text: str, *, checked: bool = False, of: str = "Wohnen") -> Wording:
    return Wording(text, checked, digest(of))


@pytest.mark.parametrize(
    ("before", "written", "state"),
    [
        (HOUSING, wording("Housing", checked=True), State.CHECKED),
        (HOUSING, wording("Housing"), State.MACHINE),
        (HOUSING, wording(""), None),
        (MACHINE, wording("Housing"), State.MACHINE),
        (MACHINE, wording("Housing", checked=True), State.CHECKED),
        (CHECKED, wording("Housing"), State.MACHINE),
        (CHECKED, wording(""), None),
        (OUTDATED, wording("Housing"), State.OUT_OF_DATE),
        (OUTDATED, wording("Housing", checked=True), State.CHECKED),
        (OUTDATED, wording("Housing and life"), State.MACHINE),
    ],
)
def test_what_is_written_decides_how_far_a_version_can_be_trusted(
    before: MultilingualText, written: Wording, state: State | None
) -> None:
    after = reworded(before, "en", written)
    assert after.state_of("en") == state
    assert after.text_in("en") == written.text
    assert after.original_text == before.original_text


def test_original_cannot_be_taken_out() -> None:
    assert MACHINE.without_version("de") == MACHINE
    assert MACHINE.without_version("en") == HOUSING


def test_languages_wanted_are_those_named_once_and_plain_german() -> None:
    assert wanted_languages(["de"]) == ["en", "ar", "uk", "de-ls"]
    assert wanted_languages(["de", "ar"], ["ar", "tr"]) == ["ar", "tr", "de-ls"]


def test_language_that_no_link_offers_is_the_first() -> None:
    assert chosen_language("uk", ["ar", "uk"]) == "uk"
    assert chosen_language("xx", ["ar", "uk"]) == "ar"


@pytest.fixture
def programme(db: Any) -> Programme:
    return Programme.objects.create(slug="a", title=MACHINE, motto=OUTDATED, about="")


def texts(programme: Programme) -> list[StoredText]:
    return texts_of_row(programme, "title", "motto", "about", group="Programm")


def test_empty_texts_are_left_out_and_outdated_ones_do_not_count(programme: Programme) -> None:
    assert [stored.field for stored in texts(programme)] == ["title", "motto"]
    english, arabic = completeness(texts(programme), ["en", "ar"])
    assert (english.done, english.of, english.unchecked, english.out_of_date) == (1, 2, 1, 1)
    assert (arabic.done, arabic.of, arabic.unchecked, arabic.out_of_date) == (0, 2, 0, 0)
    assert english.name == LANGUAGE_WORDS["en"]


def sent(form: VersionsForm, **changes: Any) -> dict[str, Any]:
    """What a browser sends when nothing was touched, and `changes` by field name."""
    data: dict[str, Any] = {}
    for line in form.lines():
        data[line.of_name] = line.of
        data[line.words.html_name] = line.words.value()
        if line.checked.value():
            data[line.checked.html_name] = "on"
    return {**data, **{f"programme-{form.texts[0].row.pk}-{name}": value for name, value in changes.items()}}


def test_form_sent_untouched_changes_nothing(programme: Programme) -> None:
    for language in ("en", "ar"):
        opened = VersionsForm(texts(programme), language)
        form = VersionsForm(texts(programme), language, sent(opened))
        assert form.is_valid()
        assert changed_versions(texts(programme), language, form.wordings()) == []


def test_form_ticks_what_a_person_writes_and_leaves_open_what_a_machine_wrote(programme: Programme) -> None:
    ticks = {
        language: [line.checked.value() for line in VersionsForm(texts(programme), language).lines()]
        for language in ("en", "ar")
    }
    assert ticks == {"en": [False, False], "ar": [True, True]}
    assert [line.state for line in VersionsForm(texts(programme), "en").lines()] == [State.MACHINE, State.OUT_OF_DATE]


def test_form_shows_the_field_in_the_direction_of_its_language(programme: Programme) -> None:
    html = str(next(VersionsForm(texts(programme), "ar").lines()).words)
    assert 'lang="ar"' in html
    assert 'dir="rtl"' in html


def test_versions_are_stored_and_line_breaks_are_those_of_the_house(programme: Programme) -> None:
    opened = VersionsForm(texts(programme), "ar")
    form = VersionsForm(texts(programme), "ar", sent(opened, **{"title-words": "eins\r\nzwei"}))
    assert form.is_valid()
    changes = changed_versions(texts(programme), "ar", form.wordings())
    assert [stored.field for stored, _ in changes] == ["title"]
    with transaction.atomic():
        write_versions("ar", changes)
    stored = Programme.objects.get()
    assert stored.title.text_in("ar") == "eins\nzwei"
    assert stored.title.state_of("ar") == State.CHECKED
    assert stored.title.state_of("en") == State.MACHINE


def test_original_rewritten_since_the_page_was_opened_is_said_and_the_words_are_kept(programme: Programme) -> None:
    typed = sent(VersionsForm(texts(programme), "ar"), **{"title-words": "السكن"})
    programme.title = MACHINE.with_version("de", "Ganz anders", State.ORIGINAL)
    form = VersionsForm(texts(programme), "ar", typed)
    assert not form.is_valid()
    line = next(form.lines())
    assert line.words.errors
    assert line.words.value() == "السكن"
    assert line.of == digest("Ganz anders")


def test_original_rewritten_in_the_same_moment_stops_the_writing(programme: Programme) -> None:
    opened = texts(programme)
    Programme.objects.update(title=MultilingualText.written("Ganz anders"))
    changes = changed_versions(opened, "ar", {opened[0].key: wording("السكن", checked=True)})
    with pytest.raises(OriginalChanged) as refused, transaction.atomic():
        write_versions("ar", changes)
    assert refused.value.key == opened[0].key
    assert Programme.objects.get().title.state_of("ar") is None


def test_text_that_was_not_sent_along_stays(programme: Programme) -> None:
    form = VersionsForm(texts(programme), "en", {"something": "else"})
    assert form.is_valid()
    assert form.wordings() == {}


def test_text_written_in_the_language_itself_is_not_offered() -> None:
    programme = Programme.objects.model(pk=1, title=MultilingualText.written("Housing", "en"))
    opened = texts_of_row(programme, "title")
    assert VersionsForm(opened, "en").texts == []
    assert changed_versions(opened, "en", {opened[0].key: wording("x")}) == []


def test_many_texts_are_folded_and_mistakes_unfold_them(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    several = [*texts(programme), StoredText(programme, "title", "Titel", "Zweite Gruppe")]
    (group,) = VersionsForm(texts(programme), "en").groups()
    assert (group.label, group.is_open) == ("Programm", True)
    assert (group.missing, group.unchecked, group.out_of_date) == (0, 1, 1)
    monkeypatch.setattr("ortsdialog.kernel.language.forms.MOST_UNFOLDED", 1)
    assert [group.is_open for group in VersionsForm(several, "en").groups()] == [False, False]
    key = several[1].key
    wrong = VersionsForm(several, "en", {f"{key}-words": "x", f"{key}-of": "an older original"})
    assert not wrong.is_valid()
    assert [group.is_open for group in wrong.groups()] == [True, False]
