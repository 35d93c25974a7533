"""Forms of places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.actions import PROFILE_FIELDS
from ortsdialog.ground.places.models import PlaceProfile
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.language.fields import OriginalTextField


class ProfileForm(forms.Form):
    """What a town says about itself. Saved by the action, so a plain form."""

    welcome = OriginalTextField(
        label=_("Welcome"),
        help_text=_("Two or three sentences at the top of the town's page: what you are talking about and why."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the dialogue"),
        help_text=_("In which languages can people take part here?"),
        choices=list(SPOKEN_LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    contact_office = forms.CharField(label=_("Office"), max_length=200, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    contact_address = forms.CharField(label=_("Address"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    legal_notice = OriginalTextField(
        label=_("Imprint"),
        help_text=_("Who is responsible for this page: name, address, represented by, supervisory authority."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    accessibility_statement = OriginalTextField(
        label=_("Accessibility statement"),
        help_text=_("What is accessible, what is not yet, and whom to tell. Empty: our own statement stands here."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )

    @classmethod
    def of(cls, profile: PlaceProfile) -> ProfileForm:
        return cls(initial={name: getattr(profile, name) for name in PROFILE_FIELDS})

    def clean_languages(self) -> list[str]:
        """In the order of the list, whatever the browser sends."""
        chosen: list[str] = self.cleaned_data["languages"]
        return [code for code in SPOKEN_LANGUAGES if code in chosen]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PROFILE_FIELDS}
