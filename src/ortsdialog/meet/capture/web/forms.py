"""The form at the table, for guests and for hosts."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.meet.capture.actions.walls import NAME_AT_MOST
from ortsdialog.meet.capture.choices import Arrangement
from ortsdialog.meet.contributions.words import LONGEST, MOST_SPEAKERS, checked_text
from ortsdialog.meet.gatherings.models import Gathering, Round


def spoken_language_of_reader() -> str:
    """The language that somebody who reads this page most likely writes in."""
    code = (get_language() or "de").split("-")[0]
    return code if code in SPOKEN_LANGUAGES else "de"


class StatementForm(forms.Form):
    """One statement. The id is made when the page is rendered, so that sending twice stores once."""

    statement_id = forms.UUIDField(widget=forms.HiddenInput)
    # The round in whose time the guest began to write; it may end before she hands in.
    round = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Whether the page says, as somebody writes, that this is a rehearsal.
    rehearsed = forms.BooleanField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your statement"),
        strip=False,
        max_length=None,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Please write something before you hand it in.")},
    )
    language = forms.ChoiceField(label=_("I write in"), choices=list(SPOKEN_LANGUAGES.items()))

    def __init__(self, data: Any = None, *, gathering: Gathering, **kwargs: Any) -> None:
        self.gathering = gathering
        initial = {
            "statement_id": uuid.uuid4(),
            "round": gathering.current_round_id,
            "rehearsed": gathering.is_rehearsing,
            "language": spoken_language_of_reader(),
        }
        super().__init__(data, initial=initial, **kwargs)

    def clean_text(self) -> str:
        return checked_text(self.cleaned_data["text"])

    def chosen_round(self) -> Round | None:
        """The round the form was written in; None leaves the choice to the action."""
        number = self.cleaned_data.get("round")
        current = self.gathering.current_round
        if number is None or (current is not None and number == current.pk):
            return current
        found: Round | None = (
            Round.objects.select_related("question").filter(gathering=self.gathering, pk=number).first()
        )
        return found

    def once_more(self) -> Self:
        """The same words in a form of their own: a new id, so that they can be handed in beside the stored ones."""
        data = {**dict(self.data.items()), "statement_id": str(uuid.uuid4())}
        return type(self)(data, gathering=self.gathering, auto_id=self.auto_id)


class HostStatementForm(StatementForm):
    """What the host writes down for guests."""

    said_by_count = forms.IntegerField(
        label=_("Said by how many?"), min_value=1, max_value=MOST_SPEAKERS, initial=1, required=False
    )

    interpreted = forms.BooleanField(label=_("Said through an interpreter"), required=False)

    def __init__(self, data: Any = None, *, gathering: Gathering, spoken: str = "", **kwargs: Any) -> None:
        super().__init__(data, gathering=gathering, **kwargs)
        self.fields["text"].label = _("What was said?")
        self.fields["language"].label = _("In which language?")
        # At one table most speak the same language: the last one is offered again.
        self.initial["language"] = spoken or self.initial["language"]

    def clean_said_by_count(self) -> int:
        return self.cleaned_data.get("said_by_count") or 1


def _second_language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Second language beside German"),
        required=False,
        choices=[("", _("none")), *((code, name) for code, name in SPOKEN_LANGUAGES.items() if code != "de")],
    )


class WallForm(forms.Form):
    """A new wall."""

    gathering = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Where it hangs"), required=False, max_length=NAME_AT_MOST, help_text=_("For your team, as in: gallery")
    )
    second_language = _second_language()


class WallNameForm(forms.Form):
    """Where the wall hangs."""

    name = forms.CharField(label=_("Where it hangs"), required=False, max_length=NAME_AT_MOST)


class WallArrangementForm(forms.Form):
    """How the cards stand, and in which languages."""

    arrangement = forms.ChoiceField(label=_("Cards"), choices=Arrangement.choices, widget=forms.RadioSelect)
    second_language = _second_language()
