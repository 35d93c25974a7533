"""The desk of the plan: overview, vision, fields and goals, publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan import actions
from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import FieldOfAction, Goal, MasterPlan
from ortsdialog.deliver.plan.queries import MeasureFilter, chapters, open_requests, state_counts, texts_of_plan
from ortsdialog.deliver.plan.web.forms import FieldForm, GoalForm, PlanWithdrawForm, VisionForm
from ortsdialog.deliver.plan.web.public import filter_options
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import languages_of, processes
from ortsdialog.kernel.access import Actor, allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.language.forms import VersionsForm, chosen_language
from ortsdialog.kernel.language.versions import OriginalChanged, completeness
from ortsdialog.meet.contributions.queries import clusters_with_counts


@desk("plan.see_plan")
def plan_list(request: HttpRequest, place: Place) -> HttpResponse:
    """The town's dialogues and their plans; a single dialogue opens at once."""
    found = list(processes(place).filter(record__isnull=True).select_related("master_plan"))
    if len(found) == 1:
        return redirect("plan:desk-plan", place=place.slug, process=found[0].slug)
    return render(request, "plan/desk/plan_list.html", {"processes": found})


@desk("plan.see_plan")
def plan(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    dialogue = _dialogue(process)
    shown = MasterPlan.objects.filter(process=dialogue).first()
    narrowed = MeasureFilter(
        field=request.GET.get("feld", ""), state=request.GET.get("stand", ""), owner=request.GET.get("zustaendig", "")
    )
    counted: Any = clusters_with_counts(dialogue)
    clusters = counted.filter(measure_origins__isnull=True, statement_count__gt=0)
    context: dict[str, Any] = {
        "process": dialogue,
        "plan": shown,
        "may_edit": allowed(actor_of(request), "plan.edit_plan", place),
        "unused_clusters": clusters.order_by("-statement_count", "number"),
    }
    if shown is not None:
        counts = state_counts(shown)
        texts = texts_of_plan(shown) if context["may_edit"] else []
        context |= {
            "chapters": chapters(shown, narrowed),
            "narrowed": narrowed,
            "total": sum(counts.values()),
            "todo": _next_steps(place, dialogue, shown, counts),
            "languages": completeness(texts, languages_of(place)) if texts else [],
            "waiting": open_requests().filter(measure__plan=shown),
            **filter_options(shown, counts),
        }
    return render(request, "plan/desk/plan.html", context)


def _next_steps(
    place: Place, dialogue: Process, shown: MasterPlan, counts: dict[str, int]
) -> list[tuple[Any, str, Any]]:
    """What is missing in the plan, the most important first."""
    here = {"place": place.slug, "process": dialogue.slug}
    overview = reverse("plan:desk-plan", kwargs=here)
    steps: list[tuple[Any, str, Any]] = []
    proposed = counts.get(MeasureState.PROPOSED, 0)
    declined = counts.get(MeasureState.DECLINED, 0)
    if not shown.vision:
        steps.append((_("Write the vision"), reverse("plan:plan-edit", kwargs=here), _("It opens the plan.")))
    if not shown.fields.exists():
        steps.append((_("Name the fields of action"), reverse("plan:fields", kwargs=here), _("They are the chapters.")))
    if proposed:
        hint = _("%(number)d without an owner") % {"number": proposed}
        steps.append((_("Ask somebody to take on what is proposed"), f"{overview}?stand=proposed", hint))
    if declined:
        hint = _("%(number)d declined") % {"number": declined}
        steps.append((_("Ask somebody else, or say that it is not possible"), f"{overview}?stand=declined", hint))
    if counts and not shown.is_public:
        hint = _("Until then nobody sees a measure, nor finds it with a receipt code.")
        steps.append((_("Publish the plan"), reverse("plan:plan-publish", kwargs=here), hint))
    return steps


@desk("plan.edit_plan")
def plan_edit(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    """The vision. Saving it begins the plan where there is none."""
    dialogue = _dialogue(process)
    shown = MasterPlan.objects.filter(process=dialogue).first()
    form = VisionForm(request.POST or None, initial={"vision": shown.vision if shown else ""})
    if request.method == "POST" and form.is_valid():
        shown = shown or actions.open_plan(actor=actor_of(request), process=dialogue)
        actions.edit_vision(actor=actor_of(request), plan=shown, vision=form.cleaned_data["vision"])
        messages.success(request, _("The vision is saved."))
        return _to_plan(place, dialogue)
    return _form_page(
        request,
        form,
        process=dialogue,
        title=_("Vision"),
        lead=_("It opens the plan and says what all of this is for."),
        submit=_("Save vision"),
        back=_plan_url(place, dialogue),
    )


@desk("plan.edit_plan")
def plan_languages(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    """The plan's texts in another language (`?in=ar`), each beside its original."""
    dialogue = _dialogue(process)
    shown = get_object_or_404(MasterPlan, process=dialogue)
    languages = languages_of(place)
    language = chosen_language(request.GET.get("in", ""), languages)
    form = VersionsForm(texts_of_plan(shown), language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.translate_plan(actor=actor_of(request), plan=shown, language=language, wordings=form.wordings())
        except OriginalChanged as changed:
            form.refuse(changed)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?in={language}")
    context = {"process": dialogue, "form": form, "languages": completeness(form.texts, languages)}
    return render(request, "plan/desk/languages.html", context, status=422 if form.errors else 200)


@desk("plan.publish_plan")
def plan_publish(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    dialogue = _dialogue(process)
    shown = get_object_or_404(MasterPlan.objects.select_related("process"), process=dialogue)
    reasons: list[Any] = []
    if request.method == "POST":
        try:
            actions.publish_plan(actor=actor_of(request), plan=shown)
            messages.success(request, _("The plan is public now."))
            return _to_plan(place, dialogue)
        except actions.NotReady as refusal:
            reasons = refusal.reasons
    context = {
        "process": dialogue,
        "plan": shown,
        "reasons": reasons,
        "counts": [(MeasureState(state).label, number) for state, number in state_counts(shown).items()],
        "fields": shown.fields.count(),
    }
    return render(request, "plan/desk/plan_publish.html", context, status=422 if reasons else 200)


@desk("plan.publish_plan")
def plan_withdraw(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    dialogue = _dialogue(process)
    shown = get_object_or_404(MasterPlan, process=dialogue, published_at__isnull=False)
    form = PlanWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_plan(actor=actor_of(request), plan=shown, reason=form.cleaned_data["reason"])
        messages.success(request, _("The plan is a draft again. Nobody outside sees it."))
        return _to_plan(place, dialogue)
    return _form_page(
        request,
        form,
        process=dialogue,
        title=_("Take the plan back"),
        lead=_("Its pages disappear for the public, and receipt pages end with “sorted” again."),
        submit=_("Take the plan back"),
        back=_plan_url(place, dialogue),
    )


# ---- Fields of action and goals -----------------------------------------------------------------


@desk("plan.edit_plan")
def fields(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    """The chapters and their goals, with a form for a new chapter."""
    dialogue = _dialogue(process)
    shown = MasterPlan.objects.filter(process=dialogue).first()
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shown = shown or actions.open_plan(actor=actor_of(request), process=dialogue)
        actions.add_field(actor=actor_of(request), plan=shown, title=form.cleaned_data["title"])
        messages.success(request, _("The field of action is added."))
        return redirect("plan:fields", place=place.slug, process=dialogue.slug)
    context = {"process": dialogue, "form": form, "chapters": chapters(shown) if shown else []}
    return render(request, "plan/desk/fields.html", context, status=422 if form.errors else 200)


@desk("plan.edit_plan", FieldOfAction)
def field_edit(request: HttpRequest, place: Place, fieldofaction: FieldOfAction) -> HttpResponse:
    form = FieldForm(request.POST or None, initial={"title": fieldofaction.title})
    if request.method == "POST" and form.is_valid():
        actions.edit_field(actor=actor_of(request), field=fieldofaction, title=form.cleaned_data["title"])
        messages.success(request, _("Saved."))
        return _to_fields(place, fieldofaction)
    return _chapter_page(request, place, form, fieldofaction, title=_("Field of action"), submit=_("Save"))


@desk("plan.edit_plan", FieldOfAction)
def field_remove(request: HttpRequest, place: Place, fieldofaction: FieldOfAction) -> HttpResponse:
    return _remove(request, place, fieldofaction, actions.remove_field, {"field": fieldofaction})


@desk("plan.edit_plan", FieldOfAction)
def goal_new(request: HttpRequest, place: Place, fieldofaction: FieldOfAction) -> HttpResponse:
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_goal(actor=actor_of(request), field=fieldofaction, **form.cleaned_data)
        messages.success(request, _("The goal is added."))
        return _to_fields(place, fieldofaction)
    return _chapter_page(request, place, form, fieldofaction, title=_("New goal"), submit=_("Add goal"))


@desk("plan.edit_plan", Goal)
def goal_edit(request: HttpRequest, place: Place, goal: Goal) -> HttpResponse:
    form = GoalForm(request.POST or None, initial={"title": goal.title, "indicator": goal.indicator})
    if request.method == "POST" and form.is_valid():
        actions.edit_goal(actor=actor_of(request), goal=goal, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return _to_fields(place, goal.field)
    return _chapter_page(request, place, form, goal.field, title=_("Goal"), submit=_("Save"))


@desk("plan.edit_plan", Goal)
def goal_remove(request: HttpRequest, place: Place, goal: Goal) -> HttpResponse:
    return _remove(request, place, goal.field, actions.remove_goal, {"goal": goal})


def _remove(
    request: HttpRequest, place: Place, field: FieldOfAction, action: Any, target: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST":
        actor: Actor = actor_of(request)
        try:
            action(actor=actor, **target)
            messages.success(request, _("Removed."))
        except actions.NotReady as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
    return _to_fields(place, field)


def _chapter_page(
    request: HttpRequest, place: Place, form: Any, field: FieldOfAction, *, title: str, submit: str
) -> HttpResponse:
    dialogue = field.plan.process
    back = reverse("plan:fields", kwargs={"place": place.slug, "process": dialogue.slug})
    return _form_page(request, form, process=dialogue, title=title, lead=field.title, submit=submit, back=back)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    """One form on one page; wrong input comes back with what was typed."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "plan/desk/form.html", {"form": form, **context}, status=status)


def _dialogue(slug: str) -> Process:
    return get_object_or_404(Process.objects.select_related("place"), slug=slug)


def _plan_url(place: Place, dialogue: Process) -> str:
    return reverse("plan:desk-plan", kwargs={"place": place.slug, "process": dialogue.slug})


def _to_plan(place: Place, dialogue: Process) -> HttpResponse:
    return redirect(_plan_url(place, dialogue))


def _to_fields(place: Place, field: FieldOfAction) -> HttpResponse:
    return redirect("plan:fields", place=place.slug, process=field.plan.process.slug)
