"""Addresses of the public site and of the start desk."""

from __future__ import annotations

from django.urls import path

from ortsdialog.show.site.web import desk, dialogue, pages, public, receipt

app_name = "site"

_DIALOGUE = "orte/<slug:place>/dialoge/<slug:process>/"

urlpatterns = [
    path("", public.home, name="home"),
    path("programme/<slug:slug>/", public.programme, name="programme"),
    path("orte/<slug:place>/", public.place_home, name="place"),
    path(_DIALOGUE, dialogue.process, name="process"),
    path(_DIALOGUE + "beitraege/", dialogue.statements, name="statements"),
    path("weg/", receipt.search, name="receipt-search"),
    path("weg/<str:code>/", receipt.receipt, name="receipt"),
    path("schreibtisch/", desk.desk_home, name="desk"),
    path("schreibtisch/programme/<slug:slug>/", desk.programme, name="desk-programme"),
    path("schreibtisch/<slug:place>/", desk.today, name="desk-place"),
    path("so-geht-es/", pages.how_it_works, name="how-it-works"),
    path("impressum/", pages.imprint, name="imprint"),
    path("datenschutz/", pages.privacy, name="privacy"),
    path("barrierefreiheit/", pages.accessibility, name="accessibility"),
    path("kontakt/", pages.contact, name="contact"),
    path("robots.txt", pages.robots, name="robots"),
]
