"""Addresses of the plan: public, by the owner's link, and at the desk."""

from __future__ import annotations

from django.urls import path

from ortsdialog.deliver.plan.web import answer, desk, desk_measures, public

app_name = "plan"

_DIALOGUE = "orte/<slug:place>/dialoge/<slug:process>/"
_DESK = "schreibtisch/<slug:place>/"
_PLAN = _DESK + "plan/<slug:process>/"

urlpatterns = [
    path(_DIALOGUE + "plan/", public.plan, name="plan"),
    path(_DIALOGUE + "massnahmen/<int:number>/", public.measure, name="measure"),
    path("zusage/<str:token>/", answer.answer, name="answer"),
    path(_DESK + "plan/", desk.plan_list, name="desk-list"),
    path(_PLAN, desk.plan, name="desk-plan"),
    path(_PLAN + "bearbeiten/", desk.plan_edit, name="plan-edit"),
    path(_PLAN + "sprachen/", desk.plan_languages, name="plan-languages"),
    path(_PLAN + "veroeffentlichen/", desk.plan_publish, name="plan-publish"),
    path(_PLAN + "zuruecknehmen/", desk.plan_withdraw, name="plan-withdraw"),
    path(_PLAN + "felder/", desk.fields, name="fields"),
    path(_PLAN + "massnahmen/neu/", desk_measures.measure_new, name="measure-new"),
    path(_DESK + "plan/felder/<int:pk>/", desk.field_edit, name="field-edit"),
    path(_DESK + "plan/felder/<int:pk>/entfernen/", desk.field_remove, name="field-remove"),
    path(_DESK + "plan/felder/<int:pk>/ziele/neu/", desk.goal_new, name="goal-new"),
    path(_DESK + "plan/ziele/<int:pk>/", desk.goal_edit, name="goal-edit"),
    path(_DESK + "plan/ziele/<int:pk>/entfernen/", desk.goal_remove, name="goal-remove"),
    path(_DESK + "plan/massnahmen/<int:pk>/", desk_measures.measure, name="desk-measure"),
    path(_DESK + "plan/massnahmen/<int:pk>/bearbeiten/", desk_measures.measure_edit, name="measure-edit"),
    path(_DESK + "plan/massnahmen/<int:pk>/anfragen/", desk_measures.owner_ask, name="owner-ask"),
    path(_DESK + "plan/massnahmen/<int:pk>/stand/", desk_measures.measure_state, name="measure-state"),
    path(_DESK + "plan/massnahmen/<int:pk>/zuruecksetzen/", desk_measures.measure_put_back, name="measure-put-back"),
    path(_DESK + "plan/anfragen/<int:pk>/antwort/", desk_measures.answer_record, name="answer-record"),
    path(_DESK + "plan/anfragen/<int:pk>/zurueckziehen/", desk_measures.request_withdraw, name="request-withdraw"),
]
