"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.accounts.choices import PLACE_ROLES, Role
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.rules import Scope
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, allowed


class InvitationForm(forms.Form):
    """Somebody and a role in this town. Offers only the roles that the actor may give."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, actor: Actor, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [
            (role.value, role.label)
            for role in PLACE_ROLES
            if allowed(actor, "accounts.give_role", Scope(role, place.pk))
        ]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class NewAccountForm(forms.Form):
    """What a new person chooses herself. The address is the invitation's."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Colleagues see it, residents do not."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. Four random words are easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class NameForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
