"""The form of an edit and what pressing its buttons does: the same at the desk and on the hosts' pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.meet.contributions.actions import edit_statement, restore_revision
from ortsdialog.meet.contributions.models import Revision, Statement
from ortsdialog.meet.contributions.queries import wordings_of
from ortsdialog.meet.contributions.refusals import EditedMeanwhile
from ortsdialog.meet.contributions.words import LONGEST, MOST_SPEAKERS

# In the address of the page after an edit: the version that it made, so that it can be taken back at once.
SAVED = "gespeichert"


class EditForm(forms.Form):
    """A statement's words, as somebody rewrites them. `based_on` is the version that lay before her."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    text = forms.CharField(
        label=_("The statement in its new wording"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Please write something, or hold the statement back instead.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(SPOKEN_LANGUAGES.items()))
    said_by_count = forms.IntegerField(label=_("Said by how many?"), min_value=1, max_value=MOST_SPEAKERS)
    interpreted = forms.BooleanField(label=_("Said through an interpreter"), required=False)
    reason = forms.CharField(
        label=_("Why do you change it?"),
        help_text=_("The person who said it can read this. For example: a name taken out."),
        required=False,
        max_length=300,
    )

    @classmethod
    def showing(cls, wording: Statement | Revision, *, based_on: int) -> EditForm:
        """The form filled with a wording."""
        return cls(
            initial={
                "based_on": based_on,
                "text": wording.text.original_text,
                "language": wording.text.original,
                "said_by_count": wording.said_by_count,
                "interpreted": wording.interpreted,
            }
        )


@dataclass(frozen=True)
class Edited:
    """What became of a press of the button. `form` is None where the edit was taken: then the statement has it."""

    statement: Statement
    form: EditForm | None = None
    status: int = 302
    conflict: EditedMeanwhile | None = None


def carry_out_edit(*, actor: Actor, statement: Statement, posted: QueryDict) -> Edited:
    """Do what the form asks for: reword the statement, or bring a wording of its history back."""
    form = EditForm(posted)
    try:
        if "restore" in posted:
            return Edited(_restored(actor, statement, posted))
        if not form.is_valid():
            return Edited(statement, form, 422)
        return Edited(edit_statement(actor=actor, statement=statement, **form.cleaned_data))
    except EditedMeanwhile as conflict:
        now = conflict.statement
        # The words stay in the field, now beside the newer ones: saving again is a decision made with both in sight.
        return Edited(now, EditForm.showing(conflict.kept, based_on=now.version), 409, conflict)
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return Edited(statement, form, 422)


def version_read(posted: QueryDict) -> int:
    """The version of the wording that the form was made for; 0, which no wording has, where it names none."""
    based_on = posted.get("based_on", "")
    return int(based_on) if based_on.isdecimal() and len(based_on) < 10 else 0


def _restored(actor: Actor, statement: Statement, posted: QueryDict) -> Statement:
    number, based_on = posted.get("restore", ""), version_read(posted)
    found = statement.revisions.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if found is None or not based_on:
        raise Http404
    return restore_revision(actor=actor, revision=found, based_on=based_on)


def edit_context(edited: Edited, *, saved: str = "") -> dict[str, Any]:
    """What `contributions/_edit.html` shows. `saved`: the version of the edit that was made just now."""
    statement = edited.statement
    wordings = wordings_of(statement)
    just_now = saved.isdecimal() and int(saved[:9]) == statement.version > 1
    before = [wording for wording in wordings if wording.version == statement.version - 1]
    return {
        "statement": statement,
        "form": edited.form or EditForm.showing(statement, based_on=statement.version),
        "conflict": edited.conflict,
        "wordings": wordings,
        "undo": before[0] if just_now and before else None,
    }
