"""Addresses of the processes."""

from django.urls import path

from ortsdialog.ground.process.web import desk, public

app_name = "process"

_DESK = "schreibtisch/<slug:place>/dialoge/"

urlpatterns = [
    path("orte/<slug:place>/dialoge/<slug:process>/vorhaben/", public.notice, name="notice"),
    path(_DESK, desk.process_list, name="desk-list"),
    path(_DESK + "neu/", desk.process_create, name="desk-create"),
    path(_DESK + "<int:pk>/", desk.process_show, name="desk-show"),
    path(_DESK + "<int:pk>/bearbeiten/", desk.process_edit, name="desk-edit"),
    path(_DESK + "<int:pk>/sprachen/", desk.process_languages, name="desk-languages"),
    path(_DESK + "<int:pk>/vorhaben-bekanntmachen/", desk.intention_publish, name="desk-publish-intention"),
    path(_DESK + "<int:pk>/veroeffentlichen/", desk.process_publish, name="desk-publish"),
    path(_DESK + "<int:pk>/abschliessen/", desk.process_close, name="desk-close"),
    path(_DESK + "bausteine/<int:pk>/", desk.block_show, name="desk-block"),
    path(_DESK + "bausteine/<int:pk>/stand/", desk.block_state, name="desk-block-state"),
    path(_DESK + "bausteine/<int:pk>/aufgaben/", desk.task_add, name="desk-task-add"),
    path(_DESK + "bausteine/<int:pk>/termine/", desk.due_dates, name="desk-due-dates"),
    path(_DESK + "aufgaben/<int:pk>/erledigt/", desk.task_finish, name="desk-task-finish"),
    path(_DESK + "aufgaben/<int:pk>/offen/", desk.task_reopen, name="desk-task-reopen"),
]
