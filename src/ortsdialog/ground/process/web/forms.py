"""Forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.kernel.language.fields import OriginalTextField

GROUP_SEPARATOR = ":"


def _day(label: Any, hint: Any = "") -> forms.DateField:
    # The control of the browser speaks ISO, whatever the page's language.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=hint, required=False, widget=widget)


def _few_lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProcessForm(forms.Form):
    """What a dialogue is about. Goal and promise may wait: a draft needs a title only."""

    title = OriginalTextField(label=_("Title"), max_length=200, help_text=_("As it should stand on a poster."))
    goal = OriginalTextField(
        label=_("Goal"),
        required=False,
        widget=_few_lines(),
        help_text=_("What is this dialogue for? One or two sentences."),
    )
    promise = OriginalTextField(
        label=_("Promise"),
        required=False,
        widget=_few_lines(),
        help_text=_("What happens with the results? Who answers, and until when?"),
    )
    intention = OriginalTextField(
        label=_("What is planned"),
        required=False,
        widget=_few_lines(),
        help_text=_("Topic, intention and format, for example: theme tables in the town hall in autumn."),
    )
    starts_on = _day(_("Begins on"))
    ends_on = _day(_("Ends on"), _("As far as known."))
    accompanying_group = forms.CharField(
        label=_("Accompanying group"),
        required=False,
        widget=_few_lines(4),
        help_text=_("One office or association a line, its part behind a colon. No names of persons."),
    )

    @classmethod
    def of(cls, process: Process, data: Any = None) -> ProcessForm:
        """The form with what is stored."""
        return cls(
            data,
            initial={
                **{name: getattr(process, name) for name in cls.base_fields if name != "accompanying_group"},
                "accompanying_group": "\n".join(_group_line(member) for member in process.accompanying_group),
            },
        )

    def clean_accompanying_group(self) -> list[dict[str, str]]:
        members = []
        for line in self.cleaned_data["accompanying_group"].splitlines():
            name, _separator, role = line.partition(GROUP_SEPARATOR)
            if name.strip():
                members.append({"name": name.strip(), "role": role.strip()})
        return members

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", _("The end is before the beginning. Please check the two dates."))
        return values


def _group_line(member: dict[str, str]) -> str:
    return f"{member['name']}{GROUP_SEPARATOR} {member['role']}" if member.get("role") else member["name"]


class NewProcessForm(ProcessForm):
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        empty_label=None,
        help_text=_("Building blocks and tasks come from the programme's template."),
    )
    field_order = ["programme", "title", "goal", "promise"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = self.fields["programme"]
        programmes.queryset = Programme.objects.all()  # type: ignore[attr-defined]
        # The rest is asked for when the dialogue stands; a beginning should be short.
        for name in ("intention", "starts_on", "ends_on", "accompanying_group"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Remark"), required=False, widget=_few_lines(2), help_text=_("For the record; it is not published.")
    )


class BlockForm(forms.Form):
    starts_on = _day(_("Begins on"))
    ends_on = _day(_("Ends on"))
    note = OriginalTextField(
        label=_("What came out of it"),
        required=False,
        widget=_few_lines(),
        help_text=_("One or two sentences. They stand on the public page."),
    )

    @classmethod
    def of(cls, block: BuildingBlock, data: Any = None) -> BlockForm:
        return cls(data, initial={name: getattr(block, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", _("The end is before the beginning. Please check the two dates."))
        return values


class TaskForm(forms.Form):
    title = OriginalTextField(label=_("Another task"), max_length=200)
    due_on = _day(_("Due on"))


class DueDatesForm(forms.Form):
    """One date for each open task of a block."""

    def __init__(self, data: Any, *, tasks: list[BlockTask]) -> None:
        super().__init__(data)
        self.tasks = tasks
        for task in tasks:
            self.fields[f"due_{task.pk}"] = _day(task.title)
            self.initial[f"due_{task.pk}"] = task.due_on

    def due(self) -> list[tuple[BlockTask, Any]]:
        return [(task, self.cleaned_data[f"due_{task.pk}"]) for task in self.tasks]
