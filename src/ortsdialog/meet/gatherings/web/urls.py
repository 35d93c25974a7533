"""Addresses of the events."""

from django.urls import path

from ortsdialog.meet.gatherings.web import desk, evening, papers, public, running

app_name = "gatherings"

_DESK = "schreibtisch/<slug:place>/veranstaltungen/"

urlpatterns = [
    path(
        "orte/<slug:place>/dialoge/<slug:process>/veranstaltungen/<slug:gathering>/", public.gathering, name="gathering"
    ),
    path(_DESK, desk.gathering_list, name="desk-list"),
    path(_DESK + "neu/<int:pk>/", desk.gathering_create, name="desk-create"),
    path(_DESK + "<int:pk>/", desk.gathering_show, name="desk-show"),
    path(_DESK + "<int:pk>/bearbeiten/", desk.gathering_edit, name="desk-edit"),
    path(_DESK + "<int:pk>/sprachen/", desk.gathering_languages, name="desk-languages"),
    path(_DESK + "<int:pk>/bekanntmachen/", desk.gathering_publish, name="desk-publish"),
    path(_DESK + "<int:pk>/beginnen/", running.gathering_start, name="desk-start"),
    path(_DESK + "<int:pk>/runde/", running.round_start, name="desk-round"),
    path(_DESK + "<int:pk>/pause/", evening.round_end, name="desk-break"),
    path(_DESK + "<int:pk>/uhr/", evening.round_extend, name="desk-clock"),
    path(_DESK + "<int:pk>/durchsage/", evening.announcement_send, name="desk-announce"),
    path(_DESK + "durchsagen/<int:pk>/zuruecknehmen/", evening.announcement_withdraw, name="desk-withdraw"),
    path(_DESK + "<int:pk>/probe/", evening.rehearsal, name="desk-rehearsal"),
    path(_DESK + "<int:pk>/freigabe/", evening.moderation, name="desk-moderation"),
    path(_DESK + "<int:pk>/beenden/", running.gathering_close, name="desk-close"),
    path(_DESK + "<int:pk>/wieder-oeffnen/", running.gathering_reopen, name="desk-reopen"),
    path(_DESK + "<int:pk>/zaehlung/", running.count_enter, name="desk-count"),
    path(_DESK + "<int:pk>/drucken/", papers.print_page, name="desk-print"),
    path(_DESK + "<int:pk>/tischschilder.pdf", papers.table_signs, name="desk-table-signs"),
    path(_DESK + "<int:pk>/gastgeberkarten.pdf", papers.host_cards, name="desk-host-cards"),
    path(_DESK + "tische/<int:pk>/code.svg", papers.table_qr, name="desk-table-qr"),
    path(_DESK + "tische/<int:pk>/neue-karte/", papers.host_key_renew, name="desk-renew-host-key"),
]
