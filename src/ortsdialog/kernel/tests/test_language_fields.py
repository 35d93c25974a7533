from __future__ import annotations

from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.forms import modelform_factory

from ortsdialog.ground.process.models import Programme
from ortsdialog.kernel.language import MultilingualText, State

pytestmark = pytest.mark.django_db
TEXT = MultilingualText.of({"de": "Wohnen", "ar": "السكن"})


@pytest.fixture
def stored() -> Programme:
    return Programme.objects.create(slug="a", title=TEXT)


def test_text_comes_back_as_it_was(stored: Programme) -> None:
    again = Programme.objects.get()
    assert again.title == TEXT
    assert again.about == MultilingualText()


def test_plain_string_becomes_a_german_original() -> None:
    assert Programme.objects.get(pk=Programme.objects.create(slug="b", title="Wohnen").pk).title == (
        MultilingualText.written("Wohnen")
    )


def test_update_and_bulk_writes_keep_all_versions(stored: Programme) -> None:
    other = TEXT.with_version("en", "Housing", State.MACHINE)
    Programme.objects.update(title=other)
    assert Programme.objects.get().title == other
    stored.title = TEXT
    Programme.objects.bulk_update([stored], ["title"])
    assert Programme.objects.get().title == TEXT
    Programme.objects.bulk_create([Programme(slug="c", title=other)])
    assert Programme.objects.get(slug="c").title == other


def test_part_of_a_text_can_be_searched_and_read(stored: Programme) -> None:
    Programme.objects.create(slug="b", title=MultilingualText.written("Arbeit"))
    assert list(Programme.objects.filter(title__versions__de__text="Wohnen")) == [stored]
    assert list(Programme.objects.filter(title__versions__ar__text__icontains="سكن")) == [stored]
    assert list(Programme.objects.filter(title=TEXT)) == [stored]
    words = Programme.objects.order_by("slug").values_list("title__versions__de__text", flat=True)
    assert list(words) == ["Wohnen", "Arbeit"]
    assert Programme.objects.order_by("slug").values_list("title", flat=True)[0] == TEXT


def test_text_survives_export_and_import(stored: Programme) -> None:
    exported = serializers.serialize("json", [stored])
    Programme.objects.update(title="")
    for row in serializers.deserialize("json", exported):
        row.save()
    assert Programme.objects.get().title == TEXT


def test_required_text_must_be_written() -> None:
    with pytest.raises(ValidationError) as refusal:
        Programme(slug="d").full_clean()
    assert set(refusal.value.message_dict) == {"title"}


def test_unreadable_value_is_a_validation_error() -> None:
    with pytest.raises(ValidationError):
        Programme._meta.get_field("title").to_python({"text": "x"})


def _form(instance: Programme, title: str) -> Any:
    form = modelform_factory(Programme, fields=["title"])({"title": title}, instance=instance)
    assert form.is_valid(), form.errors
    return form.save()


def test_form_rewrites_the_original_and_puts_versions_out_of_date(stored: Programme) -> None:
    saved = _form(stored, "Wohnen und Miete").title
    assert saved.original_text == "Wohnen und Miete"
    assert saved.state_of("ar") is State.OUT_OF_DATE


def test_form_without_a_change_keeps_versions(stored: Programme) -> None:
    assert _form(stored, "Wohnen").title == TEXT


def test_form_rewrites_an_arabic_original_in_arabic() -> None:
    programme = Programme.objects.create(slug="e", title=MultilingualText.written("ماء", "ar"))
    assert _form(programme, "ماء نظيف").title == MultilingualText.written("ماء نظيف", "ar")


def test_line_breaks_of_browsers_do_not_count_as_a_change() -> None:
    text = MultilingualText.of({"de": "eins\nzwei", "ar": "واحد"})
    programme = Programme.objects.create(slug="f", title=text)
    form = modelform_factory(Programme, fields=["title"])({"title": "eins\r\nzwei"}, instance=programme)
    assert not form.has_changed()
    assert form.is_valid()
    assert form.save().title == text


def test_form_shows_the_original_and_asks_for_a_missing_one(stored: Programme) -> None:
    form = modelform_factory(Programme, fields=["title"])(instance=stored)
    assert form["title"].value() == "Wohnen"
    empty = modelform_factory(Programme, fields=["title"])({"title": " "}, instance=stored)
    assert list(empty.errors) == ["title"]
