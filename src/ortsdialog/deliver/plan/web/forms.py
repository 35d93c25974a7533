"""What staff and owners fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.choices import STEPS, MeasureState
from ortsdialog.deliver.plan.models import FieldOfAction, Goal, MasterPlan, Measure
from ortsdialog.kernel.language.fields import OriginalTextField
from ortsdialog.meet.contributions.models import Cluster


def _lines(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DateInput(forms.DateInput):
    """The browser's own calendar; it wants the date in ISO order whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def date_field(label: Any, **arguments: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=DateInput(), input_formats=["%Y-%m-%d", "%d.%m.%Y"], **{"required": False, **arguments}
    )


class VisionForm(forms.Form):
    vision = OriginalTextField(
        label=_("Vision"),
        widget=_lines(6),
        required=False,
        help_text=_("How will it be in your town when the plan has worked? Two or three sentences."),
    )


class FieldForm(forms.Form):
    title = OriginalTextField(label=_("Name of the field of action"), help_text=_("For example: Housing"))


class GoalForm(forms.Form):
    title = OriginalTextField(label=_("Goal"))
    indicator = OriginalTextField(
        label=_("How would we notice?"),
        required=False,
        help_text=_("A number or a sign that can be looked up again next year."),
    )


class MeasureForm(forms.Form):
    """A measure's words and its place in the plan."""

    title = OriginalTextField(label=_("Measure"), help_text=_("What will be done? Begin with a verb."))
    description = OriginalTextField(label=_("Description"), required=False, widget=_lines())
    clusters = forms.ModelMultipleChoiceField(
        label=_("Clusters it comes from"),
        queryset=Cluster.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A measure comes from what people said. Choose at least one cluster.")},
    )
    field = forms.ModelChoiceField(
        label=_("Field of action"), queryset=FieldOfAction.objects.none(), required=False, empty_label=_("none yet")
    )
    goal = forms.ModelChoiceField(
        label=_("Goal"), queryset=Goal.objects.none(), required=False, empty_label=_("none yet")
    )

    def __init__(self, *args: Any, plan: MasterPlan | None, clusters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["clusters"].queryset = clusters
        fields["clusters"].label_from_instance = _cluster_label
        fields["field"].queryset = FieldOfAction.objects.filter(plan=plan).order_by("number")
        fields["goal"].queryset = (
            Goal.objects.filter(field__plan=plan).select_related("field").order_by("field__number", "number", "pk")
        )
        fields["goal"].label_from_instance = lambda goal: f"{goal.field}: {goal}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        field, goal = given.get("field"), given.get("goal")
        if field and goal and goal.field_id != field.pk:
            self.add_error("goal", _("The goal belongs to another field of action."))
        return given


class MeasureEditForm(MeasureForm):
    due_on = date_field(_("Due on"))
    cost_eur = forms.DecimalField(
        label=_("Cost in euros"), min_value=0, max_digits=12, decimal_places=2, required=False, localize=True
    )
    funding = forms.CharField(label=_("Paid from"), max_length=300, required=False)

    def clean_cost_eur(self) -> int | None:
        """Cents, as they are stored."""
        euros = self.cleaned_data["cost_eur"]
        return None if euros is None else int(euros * 100)


def _cluster_label(cluster: Cluster) -> str:
    count = getattr(cluster, "statement_count", None)
    return f"{cluster.number} · {cluster.title}" + (f" ({count})" if count is not None else "")


class AskForm(forms.Form):
    owner_name = forms.CharField(
        label=_("Who is asked?"), max_length=200, help_text=_("The office or group; a person only if she agrees.")
    )
    owner_email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("The link is sent there. Without an address you get it to pass on yourself."),
    )
    message = forms.CharField(label=_("Your words to them"), required=False, widget=_lines())
    answer_by_on = date_field(_("Please answer by"))


class AnswerForm(forms.Form):
    """Yes or no, by link or on the phone."""

    answer = forms.ChoiceField(
        label=_("Do you take on the measure?"),
        choices=[("yes", _("Yes, we take it on")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes or no.")},
    )
    due_on = date_field(_("If yes: done by (if you know)"))
    reason = forms.CharField(
        label=_("What everybody should know"),
        required=False,
        max_length=2000,
        widget=_lines(),
        help_text=_("If no, please give the reason. These words are public."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == "no" and not given.get("reason", "").strip():
            self.add_error("reason", _("Please say why not. Everybody can read the reason."))
        return given

    @property
    def accepted(self) -> bool:
        return self.cleaned_data["answer"] == "yes"


class StateForm(forms.Form):
    """The next step of a measure by hand."""

    state = forms.ChoiceField(label=_("New state"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note for everybody"),
        required=False,
        max_length=2000,
        widget=_lines(3),
        help_text=_("What happened? It stands in the public history. If it is not possible: the reason."),
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = STEPS[MeasureState(measure.state)]
        field: Any = self.fields["state"]
        field.choices = [(step.value, step.label) for step in steps]
        if steps == (MeasureState.NOT_POSSIBLE,):
            # Nothing to choose from. The words come first, so that nobody ends a measure with one click.
            field.widget = forms.HiddenInput()
            field.initial = MeasureState.NOT_POSSIBLE.value
            self.fields["note"].label = _("Reason")
            self.fields["note"].required = True
            self.fields["note"].help_text = _("The people who asked for it can read the reason.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("state") == MeasureState.NOT_POSSIBLE and not given.get("note", "").strip():
            self.add_error(
                "note", _("Please say why it is not possible. The people who asked for it can read the reason.")
            )
        return given


class ReasonForm(forms.Form):
    """Undoing something asks for a reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=_lines(2), help_text=_("It stands in the public history.")
    )


class PlanWithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=_lines(2), help_text=_("It stands in the audit log of the town.")
    )
