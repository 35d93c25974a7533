"""The desk of a measure: propose, edit, ask, record the answer, carry it forward, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan import actions
from ortsdialog.deliver.plan.choices import ASKABLE, STEPS, STEPS_BACK, MeasureState
from ortsdialog.deliver.plan.models import MasterPlan, Measure, OwnerRequest
from ortsdialog.deliver.plan.web.forms import (
    AnswerForm,
    AskForm,
    MeasureEditForm,
    MeasureForm,
    ReasonForm,
    StateForm,
)
from ortsdialog.deliver.plan.web.public import origin_of
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.meet.contributions.queries import clusters_with_counts


@desk("plan.edit_measure")
def measure_new(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    """A measure out of one or more clusters (`?cluster=<pk>`, repeated)."""
    dialogue = get_object_or_404(Process, slug=process)
    plan = MasterPlan.objects.filter(process=dialogue).first()
    chosen = [pk for pk in request.GET.getlist("cluster") if pk.isdecimal()]
    clusters = clusters_with_counts(dialogue)
    initial: dict[str, Any] = {"clusters": chosen}
    if len(chosen) == 1 and request.method != "POST":
        # Most measures keep the words of the cluster, at least to begin with.
        first = clusters.filter(pk=chosen[0]).first()
        initial["title"] = first.title.original_text if first else ""
    form = MeasureForm(request.POST or None, plan=plan, clusters=clusters, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.propose_measure(
                actor=actor_of(request),
                clusters=list(given["clusters"]),
                title=given["title"],
                description=given["description"],
                field=given["field"],
                goal=given["goal"],
            )
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The measure is proposed. Now ask somebody to take it on."))
            return _to_measure(place, made)
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request,
        "plan/desk/measure_new.html",
        {"process": dialogue, "plan": plan, "form": form, "clusters": clusters},
        status=status,
    )


@desk("plan.see_plan", Measure)
def measure(request: HttpRequest, place: Place, measure: Measure) -> HttpResponse:
    return _measure_page(request, place, measure)


@desk("plan.edit_measure", Measure)
def measure_edit(request: HttpRequest, place: Place, measure: Measure) -> HttpResponse:
    plan = measure.plan
    initial = {
        "title": measure.title,
        "description": measure.description,
        "clusters": list(measure.origins.values_list("cluster_id", flat=True)),
        "field": measure.field_id,
        "goal": measure.goal_id,
        "due_on": measure.due_on,
        "cost_eur": None if measure.cost_eur_cents is None else measure.cost_eur_cents / 100,
        "funding": measure.funding,
    }
    clusters = clusters_with_counts(plan.process)
    form = MeasureEditForm(request.POST or None, plan=plan, clusters=clusters, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.edit_measure(
                actor=actor_of(request),
                measure=measure,
                title=given["title"],
                description=given["description"],
                field=given["field"],
                goal=given["goal"],
                due_on=given["due_on"],
                cost_eur_cents=given["cost_eur"],
                funding=given["funding"],
                clusters=list(given["clusters"]),
            )
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The measure is saved."))
            return _to_measure(place, measure)
    return _form_page(request, place, measure, form, title=_("Edit measure"), submit=_("Save measure"))


@desk("plan.ask_owner", Measure)
def owner_ask(request: HttpRequest, place: Place, measure: Measure) -> HttpResponse:
    """The link is shown in the answer to this very request and never again: only its digest is kept."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_owner(actor=actor_of(request), measure=measure, **form.cleaned_data)
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            context = {"process": measure.plan.process, "measure": measure, "asked": asked}
            response = render(request, "plan/desk/owner_asked.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return _form_page(
        request,
        place,
        measure,
        form,
        title=_("Ask an owner"),
        lead=_("Nobody is named as responsible without having been asked. The answer is public."),
        submit=_("Ask"),
    )


@desk("plan.record_answer", OwnerRequest)
def answer_record(request: HttpRequest, place: Place, ownerrequest: OwnerRequest) -> HttpResponse:
    """An answer that came by phone, letter or in a meeting."""
    form = AnswerForm(request.POST or None)
    measure = ownerrequest.measure
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_answer(
                actor=actor_of(request),
                request=ownerrequest,
                accepted=form.accepted,
                reason=form.cleaned_data["reason"],
                due_on=form.cleaned_data["due_on"] if form.accepted else None,
            )
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The answer is recorded."))
            return _to_measure(place, measure)
    return _form_page(
        request,
        place,
        measure,
        form,
        title=_("Record an answer"),
        lead=_("What %(owner)s said by phone, by letter or in a meeting.") % {"owner": ownerrequest.owner_name},
        submit=_("Record answer"),
    )


@desk("plan.ask_owner", OwnerRequest)
def request_withdraw(request: HttpRequest, place: Place, ownerrequest: OwnerRequest) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    measure = ownerrequest.measure
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_request(actor=actor_of(request), request=ownerrequest, reason=form.cleaned_data["reason"])
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The question is withdrawn. Its link no longer works."))
            return _to_measure(place, measure)
    return _form_page(
        request,
        place,
        measure,
        form,
        title=_("Withdraw the question"),
        lead=_("%(owner)s need not answer any more.") % {"owner": ownerrequest.owner_name},
        submit=_("Withdraw question"),
    )


@desk("plan.edit_measure", Measure)
def measure_state(request: HttpRequest, place: Place, measure: Measure) -> HttpResponse:
    """The next step. The form stands on the measure's page; here it is received."""
    if request.method != "POST":
        return _to_measure(place, measure)
    form = StateForm(request.POST, measure=measure)
    if form.is_valid():
        state, note = form.cleaned_data["state"], form.cleaned_data["note"]
        words = {"reason": note} if state == MeasureState.NOT_POSSIBLE else {"note": note}
        try:
            actions.change_state(actor=actor_of(request), measure=measure, state=state, **words)
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The new state is saved."))
            return _to_measure(place, measure)
    return _measure_page(request, place, measure, state_form=form)


@desk("plan.edit_measure", Measure)
def measure_put_back(request: HttpRequest, place: Place, measure: Measure) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_back(actor=actor_of(request), measure=measure, reason=form.cleaned_data["reason"])
        except actions.NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The measure is put back by one step."))
            return _to_measure(place, measure)
    return _form_page(
        request,
        place,
        measure,
        form,
        title=_("Put back by one step"),
        lead=_("For slips. The history keeps both steps and your reason."),
        submit=_("Put back"),
    )


def _measure_page(
    request: HttpRequest, place: Place, measure: Measure, *, state_form: StateForm | None = None
) -> HttpResponse:
    state = MeasureState(measure.state)
    may_edit = allowed(actor_of(request), "plan.edit_measure", measure)
    if state_form is None and STEPS[state]:
        state_form = StateForm(measure=measure)
    context = {
        "process": measure.plan.process,
        "plan": measure.plan,
        "measure": measure,
        "may_edit": may_edit,
        "may_ask": may_edit and state in ASKABLE,
        "may_put_back": may_edit and (state in STEPS_BACK or state is MeasureState.NOT_POSSIBLE),
        "state_form": state_form if may_edit else None,
        "only_refusal": STEPS[state] == (MeasureState.NOT_POSSIBLE,),
        "ask_step": [
            (
                _("Ask an owner"),
                reverse("plan:owner-ask", kwargs={"place": place.slug, "pk": measure.pk}),
                _("Nobody is named as responsible without having been asked. The answer is public."),
            )
        ],
        "requests": measure.requests.order_by("-asked_at", "-pk"),
        **origin_of(request, measure),
    }
    status = 422 if state_form is not None and state_form.errors else 200
    return render(request, "plan/desk/measure.html", context, status=status)


def _form_page(
    request: HttpRequest, place: Place, measure: Measure, form: Any, *, title: str, submit: str, lead: str = ""
) -> HttpResponse:
    context = {
        "process": measure.plan.process,
        "measure": measure,
        "form": form,
        "title": title,
        "lead": lead,
        "submit": submit,
    }
    return render(request, "plan/desk/measure_form.html", context, status=422 if form.is_bound and form.errors else 200)


def _explain(form: Any, refusal: actions.NotReady) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _to_measure(place: Place, measure: Measure) -> HttpResponse:
    return redirect("plan:desk-measure", place=place.slug, pk=measure.pk)
