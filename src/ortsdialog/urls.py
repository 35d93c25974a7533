"""Addresses of the house. German, since residents read and type them."""

from django.urls import include, path

urlpatterns = [
    path("", include("ortsdialog.ground.accounts.web.urls")),
    path("konto/", include("allauth.urls")),
    path("", include("ortsdialog.ground.places.web.urls")),
    path("", include("ortsdialog.ground.process.web.urls")),
    path("", include("ortsdialog.meet.gatherings.web.urls")),
    path("", include("ortsdialog.meet.contributions.web.urls")),
    path("", include("ortsdialog.meet.capture.web.urls")),
    path("", include("ortsdialog.deliver.plan.web.urls")),
    path("", include("ortsdialog.show.site.web.urls")),
]
