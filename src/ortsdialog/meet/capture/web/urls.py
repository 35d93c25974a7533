from django.urls import path

from ortsdialog.meet.capture.web import (
    control,
    desk,
    host,
    host_handover,
    host_language,
    host_write,
    install,
    keying,
    lanes,
    paper,
    photos,
    table,
    wall,
    wall_remote,
)

app_name = "capture"
# Answered before Django; imported here, so that whoever knows the addresses knows them all.
__all__ = ["lanes", "urlpatterns"]

_PHOTOS = "t/<str:code>/gastgeber/fotos/"
_PAPER = "schreibtisch/<slug:place>/veranstaltungen/<int:pk>/papier/"

urlpatterns = [
    path("t/", table.enter_code, name="enter-code"),
    path("t/dienst.js", install.service_worker, name="service-worker"),
    path("t/<str:code>/", table.table_page, name="table"),
    path("t/<str:code>/tisch.webmanifest", install.table_manifest, name="table-manifest"),
    path("t/<str:code>/fertig/", table.forget_device, name="table-forget"),
    path("t/<str:code>/gastgeber/", host.host_table, name="host-table"),
    path("t/<str:code>/gastgeber/strom/", host.host_stream, name="host-stream"),
    path("t/<str:code>/gastgeber/beitrag/", host_write.host_write, name="host-write"),
    path("t/<str:code>/gastgeber/beitrag/<slug:handle>/", host.host_decide, name="host-decide"),
    path("t/<str:code>/gastgeber/beitrag/<slug:handle>/sprache/", host_language.correct, name="host-language"),
    path("t/<str:code>/gastgeber/papier/", keying.host_key_in, name="host-key-in"),
    path(_PHOTOS, photos.host_photos, name="host-photos"),
    path(_PHOTOS + "<int:number>/", photos.host_photo, name="host-photo"),
    path(
        _PHOTOS + "<int:number>/<slug:size>.jpg",
        photos.host_photo_picture,
        name="host-photo-picture",
    ),
    path(_PHOTOS + "<int:number>/loeschen/", photos.host_photo_delete, name="host-photo-delete"),
    path("t/<str:code>/gastgeber/beitrag/<slug:handle>/bearbeiten/", host_write.host_edit, name="host-edit"),
    path("t/<str:code>/gastgeber/uebergabe/", host_handover.hand_over, name="host-handover"),
    path("t/<str:code>/gastgeber/uebergabe/<str:token>/", host_handover.take_over, name="host-takeover"),
    path("t/<str:code>/gastgeber/<str:host_key>/", host.host_enter, name="host"),
    path("wand/<str:code>/", wall.wall_page, name="wall"),
    path("wand/<str:code>/karten/", wall.wall_cards_fragment, name="wall-cards"),
    path("wand/<str:code>/strom/", wall.wall_stream, name="wall-stream"),
    path("wand/<str:code>/tische/", wall.choose_table, name="wall-tables"),
    path("schreibtisch/<slug:place>/veranstaltungen/<int:pk>/abend/", control.evening, name="desk-evening"),
    path("schreibtisch/<slug:place>/waende/", desk.walls, name="desk-walls"),
    path("schreibtisch/<slug:place>/waende/<int:pk>/", wall_remote.wall_remote, name="desk-wall"),
    path("schreibtisch/<slug:place>/waende/<int:pk>/abbauen/", wall_remote.wall_remove, name="desk-wall-remove"),
    path("k/<str:code>/", keying.card, name="card"),
    path(_PAPER + "karten/", paper.desk_cards, name="desk-cards"),
    path(_PAPER + "karten-<int:batch>.pdf", paper.desk_cards_pdf, name="desk-cards-pdf"),
    path(_PAPER + "erfassen/", keying.desk_key_in, name="desk-key-in"),
    path(_PAPER + "fotos/", photos.desk_photos, name="desk-photos"),
    path(_PAPER + "fotos/<int:number>/", photos.desk_photo, name="desk-photo"),
    path(_PAPER + "fotos/<int:number>/<slug:size>.jpg", photos.desk_photo_picture, name="desk-photo-picture"),
    path(_PAPER + "fotos/<int:number>/loeschen/", photos.desk_photo_delete, name="desk-photo-delete"),
]
