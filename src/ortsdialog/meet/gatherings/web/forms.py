"""The one-page form of an event: facts, tables, rounds. Rows can be added without script."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.language.fields import OriginalTextField
from ortsdialog.kernel.language.versions import LANGUAGE_WORDS
from ortsdialog.meet.gatherings.actions import LONGEST_ANNOUNCEMENT
from ortsdialog.meet.gatherings.choices import Format, Moderation
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft
from ortsdialog.meet.gatherings.formats import FORMATS
from ortsdialog.meet.gatherings.models import Gathering

SPARE_TABLES = 2
SPARE_ROUNDS = 1
MORE_ROWS = 3
MOST_ROWS = 60
_EVENING = time(18, 0)
# The talk is led in German; an interpreter helps those who speak something else.
_INTERPRETED = [(code, LANGUAGE_WORDS[code]) for code in SPOKEN_LANGUAGES if code != "de"]


def _few_lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class GatheringForm(forms.Form):
    """The facts of an event."""

    title = OriginalTextField(label=_("Title"), max_length=200, help_text=_("As it should stand on the invitation."))
    format = forms.ChoiceField(label=_("Format"), choices=[(format.value, capfirst(format.label)) for format in Format])
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ends = forms.TimeField(
        label=_("Ends at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    venue = forms.CharField(label=_("Venue"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Street, number, place; also how to get in without steps."),
    )
    about = OriginalTextField(
        label=_("What people talk about"), required=False, widget=_few_lines(), help_text=_("Two or three sentences.")
    )
    how_to_take_part = OriginalTextField(
        label=_("How to take part"),
        required=False,
        widget=_few_lines(),
        help_text=_("Registration, childcare, interpreters, food."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages at the tables"),
        choices=list(SPOKEN_LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The table signs and the wall speak these languages."),
    )
    expected_guests = forms.IntegerField(label=_("Expected guests"), min_value=0, max_value=100_000, required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("begins") and values.get("ends") and values["ends"] <= values["begins"]:
            self.add_error("ends", _("The end is before the beginning. Please check the times."))
        return values

    def facts(self) -> dict[str, Any]:
        """The values as the actions take them."""
        values = dict(self.cleaned_data)
        day, begins, ends = values.pop("day"), values.pop("begins"), values.pop("ends")
        values["starts_at"] = timezone.make_aware(datetime.combine(day, begins))
        values["ends_at"] = timezone.make_aware(datetime.combine(day, ends)) if ends else None
        return values


class TableRow(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    theme = OriginalTextField(label=_("Theme"), max_length=200, required=False)
    host_name = forms.CharField(label=_("Host"), max_length=150, required=False)
    note_taker_name = forms.CharField(label=_("Note-taker"), max_length=150, required=False)

    interpreter_languages = forms.MultipleChoiceField(
        label=_("Interpreters for"), choices=_INTERPRETED, widget=forms.CheckboxSelectMultiple, required=False
    )

    def offer(self, languages: Collection[str]) -> None:
        """Show boxes for these languages and for those that are ticked already; the others would only be noise."""
        ticked = self["interpreter_languages"].value() or []
        field: Any = self.fields["interpreter_languages"]
        field.widget.choices = [choice for choice in _INTERPRETED if choice[0] in languages or choice[0] in ticked]

    def draft(self) -> TableDraft:
        values = self.cleaned_data
        return TableDraft(
            values["theme"],
            values["host_name"],
            values["note_taker_name"],
            tuple(values["interpreter_languages"]),
            pk=values["pk"],
        )


class RoundRow(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    question = OriginalTextField(label=_("Guiding question"), max_length=300, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("question") and not self.cleaned_data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("How many minutes does this round last?"))
        return self.cleaned_data

    def draft(self) -> RoundDraft:
        values = self.cleaned_data
        return RoundDraft(values["question"], values["minutes"], pk=values["pk"])


_TableRows = forms.formset_factory(TableRow, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
_RoundRows = forms.formset_factory(RoundRow, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class GatheringSheet:
    """The form and its two lists, filled from a template, from an event, or from what was typed.

    A row without theme or question counts as empty: an existing one is thereby removed.
    """

    def __init__(
        self,
        *,
        facts: dict[str, Any] | None = None,
        tables: list[dict[str, Any]] | None = None,
        rounds: list[dict[str, Any]] | None = None,
        data: Any = None,
    ) -> None:
        self.form = GatheringForm(data, initial=facts)
        self.tables = _TableRows(data, initial=tables, prefix="tables")
        self.rounds = _RoundRows(data, initial=rounds, prefix="rounds")
        spoken = self.form["languages"].value() or []
        for row in self.tables:
            row.offer(spoken)
        self.has_interpreters = any(code != "de" for code in spoken) or any(
            row["interpreter_languages"].value() for row in self.tables
        )

    @classmethod
    def of_format(cls, format: Format) -> GatheringSheet:
        """A new event, prefilled from the format's template."""
        template = FORMATS[format]
        rounds = [
            {"question": question, "minutes": minutes}
            for question, minutes in zip(template.questions, template.round_minutes, strict=True)
        ]
        return cls(
            facts={"format": format.value, "begins": _EVENING, "languages": ["de"]},
            tables=[{}] * (template.tables + SPARE_TABLES),
            rounds=[*rounds, *[{}] * SPARE_ROUNDS],
        )

    @classmethod
    def of_gathering(cls, gathering: Gathering) -> GatheringSheet:
        begins = timezone.localtime(gathering.starts_at)
        ends = timezone.localtime(gathering.ends_at) if gathering.ends_at else None
        named = ("title", "format", "venue", "address", "about", "how_to_take_part", "languages", "expected_guests")
        tables = [
            {
                "pk": t.pk,
                "theme": t.theme,
                "host_name": t.host_name,
                "note_taker_name": t.note_taker_name,
                "interpreter_languages": t.interpreter_languages,
            }
            for t in gathering.tables.order_by("number")
        ]
        rounds = [
            {"pk": r.pk, "question": r.question.text, "minutes": r.duration_minutes}
            for r in gathering.rounds.select_related("question").order_by("number")
        ]
        return cls(
            facts={
                **{name: getattr(gathering, name) for name in named},
                "day": begins.date(),
                "begins": begins.time(),
                "ends": ends.time() if ends else None,
            },
            tables=[*tables, *[{}] * SPARE_TABLES],
            rounds=[*rounds, *[{}] * SPARE_ROUNDS],
        )

    @classmethod
    def as_typed(cls, data: Any, *, more_tables: int = 0, more_rounds: int = 0) -> GatheringSheet:
        """What was typed so far, unchecked, with more empty rows."""
        form = GatheringForm()
        typed = {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}
        return cls(
            facts=typed,
            tables=[*_typed_rows(TableRow, data, "tables"), *[{}] * more_tables],
            rounds=[*_typed_rows(RoundRow, data, "rounds"), *[{}] * more_rounds],
        )

    def is_valid(self) -> bool:
        # All three, so that every mistake is shown at once.
        return all([self.form.is_valid(), self.tables.is_valid(), self.rounds.is_valid()])

    @property
    def has_errors(self) -> bool:
        return self.form.is_bound and not self.is_valid()

    def table_drafts(self) -> list[TableDraft]:
        return [row.draft() for row in self.tables if row.cleaned_data.get("theme")]

    def round_drafts(self) -> list[RoundDraft]:
        return [row.draft() for row in self.rounds if row.cleaned_data.get("question")]


def _typed_rows(row: type[forms.Form], data: Any, prefix: str) -> list[dict[str, Any]]:
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    count = min(int(total), MOST_ROWS) if total.isdecimal() else 0
    return [
        {
            name: field.widget.value_from_datadict(data, {}, f"{prefix}-{index}-{name}")
            for name, field in row.base_fields.items()
        }
        for index in range(count)
    ]


class CountForm(forms.Form):
    counted_guests = forms.IntegerField(
        label=_("Guests who came"),
        min_value=0,
        max_value=100_000,
        help_text=_("Counted at the door or at the tables. Without the team."),
    )


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("Remark"), required=False, widget=_few_lines(2))


class AnnouncementForm(forms.Form):
    """A word to all tables, in German and, where the hall speaks more, in its further languages."""

    text = forms.CharField(
        label=_("What should all tables read?"),
        max_length=LONGEST_ANNOUNCEMENT,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_ANNOUNCEMENT, "autofocus": True}),
        help_text=_("One sentence. It stands on all phones and on the hosts’ pages; on the walls stands the newest."),
        error_messages={"required": _("Please write what the tables should read.")},
    )

    def __init__(self, data: Any = None, *, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.further = [code for code in gathering.languages if code != "de" and code in SPOKEN_LANGUAGES]
        for code in self.further:
            self.fields[f"text_{code}"] = forms.CharField(
                label=LANGUAGE_WORDS[code],
                required=False,
                max_length=LONGEST_ANNOUNCEMENT,
                widget=forms.Textarea(
                    attrs={"rows": 2, "maxlength": LONGEST_ANNOUNCEMENT, "lang": code, "dir": "auto"}
                ),
            )

    @property
    def further_fields(self) -> list[Any]:
        return [self[f"text_{code}"] for code in self.further]

    @property
    def further_open(self) -> bool:
        return any(field.errors or field.value() for field in self.further_fields)

    def versions(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"text_{code}", "") for code in self.further}

    def left_out(self) -> list[str]:
        """The languages of the tables in which nothing was written, by name."""
        return [str(LANGUAGE_WORDS[code]) for code, words in self.versions().items() if not words.strip()]


class ModerationForm(forms.Form):
    """When what is said at the tables becomes public."""

    moderation = forms.ChoiceField(
        label=_("Statements appear on the wall and on the public page"),
        choices=[(mode.value, capfirst(mode.label)) for mode in Moderation],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the three."),
            "invalid_choice": _("Please choose one of the three."),
        },
    )
