from django.urls import path

from ortsdialog.ground.places.web import desk, public

app_name = "places"

urlpatterns = [
    path("orte/<slug:place>/impressum/", public.imprint, name="imprint"),
    path("orte/<slug:place>/barrierefreiheit/", public.accessibility, name="accessibility"),
    path("orte/<slug:place>/kontakt/", public.contact, name="contact"),
    path("schreibtisch/<slug:place>/ort/", desk.profile_edit, name="profile-edit"),
]
