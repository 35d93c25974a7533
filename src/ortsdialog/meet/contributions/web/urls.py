from django.urls import path

from ortsdialog.meet.contributions.web import clusters, desk, editing, languages, queue, reports, sorting

app_name = "contributions"

_DESK = "schreibtisch/<slug:place>/"
_PROCESS = f"{_DESK}dialoge/<slug:process>/"

urlpatterns = [
    path(f"{_DESK}beitraege/", desk.statement_list, name="desk-list"),
    path(f"{_DESK}beitraege/freigeben/", queue.queue, name="desk-queue"),
    path(f"{_DESK}beitraege/freigeben/tun/", queue.queue_act, name="desk-queue-act"),
    path(f"{_DESK}beitraege/<slug:handle>/", desk.statement_detail, name="desk-statement"),
    path(f"{_DESK}beitraege/<slug:handle>/entscheiden/", desk.decide, name="desk-decide"),
    path(f"{_DESK}beitraege/<slug:handle>/sprache/", languages.language_deeds, name="desk-language"),
    path(f"{_DESK}veranstaltungen/<int:pk>/uebersetzung/", languages.switch, name="desk-translation"),
    path(f"{_DESK}beitraege/<slug:handle>/bearbeiten/", editing.edit, name="desk-edit"),
    path(f"{_DESK}meldungen/", reports.report_list, name="desk-reports"),
    path(f"{_DESK}meldungen/<int:pk>/", reports.report_detail, name="desk-report"),
    path("melden/<slug:handle>/", reports.report_form, name="report"),
    path("meldung/<str:code>/", reports.report_status, name="report-status"),
    path(f"{_PROCESS}ordnen/", sorting.sort, name="desk-sort"),
    path(f"{_PROCESS}ordnen/zuruecknehmen/", sorting.undo, name="desk-sort-undo"),
    path(f"{_PROCESS}cluster/", clusters.cluster_list, name="desk-clusters"),
    path(f"{_PROCESS}cluster/<int:number>/", clusters.cluster_detail, name="desk-cluster"),
]
