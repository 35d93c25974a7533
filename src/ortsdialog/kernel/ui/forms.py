"""Forms in KERN's markup: label, hint, error in words with an icon, and a summary that links to the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

_CLASSES: tuple[tuple[type[forms.Widget], str, str], ...] = (
    # Order matters: RadioSelect and CheckboxSelectMultiple are Selects in Django's eyes.
    (forms.CheckboxSelectMultiple, "choices", "kern-form-check__checkbox"),
    (forms.RadioSelect, "choices", "kern-form-check__radio"),
    (forms.CheckboxInput, "check", "kern-form-check__checkbox"),
    (forms.SelectMultiple, "input", "kern-form-input__input"),
    (forms.Select, "select", "kern-form-input__select"),
    (forms.Widget, "input", "kern-form-input__input"),
)


def _kind(widget: forms.Widget) -> tuple[str, str]:
    return next((kind, css) for type_, kind, css in _CLASSES if isinstance(widget, type_))


class KernBoundField(BoundField):
    """A field that knows KERN's classes for its control."""

    @property
    def control(self) -> str:
        """choices, check, select or input: which markup stands around the control."""
        return _kind(self.field.widget)[0]

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def first_id(self) -> str:
        """Where the link of the error summary goes: the first control of a group."""
        return f"{self.auto_id}_0" if self.control == "choices" else str(self.id_for_label or self.auto_id)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = dict(super().build_widget_attrs(attrs, widget))
        shown = widget or self.field.widget
        own = " ".join(filter(None, (attrs.get("class"), shown.attrs.get("class"))))
        css = _kind(shown)[1]
        if self.errors:
            css = f"{css} {css}--error"
        attrs["class"] = f"{css} {own}".strip()
        if self.control == "choices":
            # The group says so once, on its fieldset; a radio button has no invalid state of its own.
            attrs.pop("aria-invalid", None)
        return attrs

    @property
    def group_described_by(self) -> str:
        parts = [self.error_id] if self.errors else []
        parts += [self.hint_id] if self.help_text else []
        return " ".join(parts)


class KernRenderer(TemplatesSetting):
    """Set as `FORM_RENDERER`: every form of the house looks and speaks the same."""

    form_template_name = "kernel_ui/forms/form.html"
    field_template_name = "kernel_ui/forms/field.html"
    bound_field_class = KernBoundField
