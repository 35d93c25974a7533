"""The database column and the form field of a text in several languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import MultilingualText, State


class MultilingualField(models.JSONField):
    """Stores a `MultilingualText`; reads always give one, an empty one where nothing is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", MultilingualText)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is MultilingualText:
            del kwargs["default"]
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        # A part of it was asked for, as in values("title__versions__de__text").
        return stored if isinstance(expression, KeyTransform) else MultilingualText.from_json(stored)

    def to_python(self, value: Any) -> MultilingualText:
        if isinstance(value, str):
            return MultilingualText.written(value)
        try:
            return MultilingualText.from_json(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        # A prepared string is the right side of a lookup into a part, not a whole text.
        if isinstance(value, str) and not prepared:
            value = MultilingualText.written(value)
        if isinstance(value, MultilingualText):
            value = value.to_json()
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj).to_json()

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not self.blank and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Rewrite the original in its own language; other versions turn out of date by themselves."""
        before: MultilingualText = getattr(instance, self.attname)
        if isinstance(data, str):
            if before:
                changed = data != before.original_text
                data = before.with_version(before.original, data, State.ORIGINAL) if changed else before
            else:
                data = MultilingualText.written(data)
        setattr(instance, self.attname, data)

    def formfield(self, **kwargs: Any) -> Any:
        # Staff write the original here; versions have pages of their own.
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        defaults = {"required": not self.blank, "label": self.verbose_name, "help_text": self.help_text}
        return OriginalTextField(**{**defaults, **kwargs})


class OriginalTextField(forms.CharField):
    """Edits the original; `MultilingualField.save_form_data` keeps the other versions."""

    default_error_messages = {"required": _("Please write something here.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, MultilingualText):
            return value.original_text
        return value

    def to_python(self, value: Any) -> Any:
        # Browsers send line breaks as CR LF; unless undone, every saving would outdate all versions.
        cleaned = super().to_python(value)
        return cleaned.replace("\r\n", "\n") if isinstance(cleaned, str) else cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial.original_text if isinstance(initial, MultilingualText) else (initial or "")
        return bool(before != self.to_python(data or ""))
