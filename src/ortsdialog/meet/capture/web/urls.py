from django.urls import path

from ortsdialog.meet.capture.web import control, desk, host, host_language, install, lanes, table, wall, wall_remote

app_name = "capture"
# Answered before Django; imported here, so that whoever knows the addresses knows them all.
__all__ = ["lanes", "urlpatterns"]

urlpatterns = [
    path("t/", table.enter_code, name="enter-code"),
    path("t/dienst.js", install.service_worker, name="service-worker"),
    path("t/<str:code>/", table.table_page, name="table"),
    path("t/<str:code>/tisch.webmanifest", install.table_manifest, name="table-manifest"),
    path("t/<str:code>/fertig/", table.forget_device, name="table-forget"),
    path("t/<str:code>/gastgeber/", host.host_table, name="host-table"),
    path("t/<str:code>/gastgeber/strom/", host.host_stream, name="host-stream"),
    path("t/<str:code>/gastgeber/beitrag/", host.host_write, name="host-write"),
    path("t/<str:code>/gastgeber/beitrag/<slug:handle>/", host.host_decide, name="host-decide"),
    path("t/<str:code>/gastgeber/beitrag/<slug:handle>/sprache/", host_language.correct, name="host-language"),
    path("t/<str:code>/gastgeber/<str:host_key>/", host.host_enter, name="host"),
    path("wand/<str:code>/", wall.wall_page, name="wall"),
    path("wand/<str:code>/karten/", wall.wall_cards_fragment, name="wall-cards"),
    path("wand/<str:code>/strom/", wall.wall_stream, name="wall-stream"),
    path("wand/<str:code>/tische/", wall.choose_table, name="wall-tables"),
    path("schreibtisch/<slug:place>/veranstaltungen/<int:pk>/abend/", control.evening, name="desk-evening"),
    path("schreibtisch/<slug:place>/waende/", desk.walls, name="desk-walls"),
    path("schreibtisch/<slug:place>/waende/<int:pk>/", wall_remote.wall_remote, name="desk-wall"),
    path("schreibtisch/<slug:place>/waende/<int:pk>/abbauen/", wall_remote.wall_remove, name="desk-wall-remove"),
]
