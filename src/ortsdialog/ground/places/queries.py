"""Finding places."""

from __future__ import annotations

from django.db.models import QuerySet

from ortsdialog.ground.places.models import Place


def place_by_slug(slug: str) -> Place | None:
    """The participating town behind a slug; None if there is none."""
    return Place.objects.filter(slug=slug).first()


def participating_places() -> QuerySet[Place]:
    """Towns that take part, by name."""
    return Place.objects.filter(slug__isnull=False, closed_on__isnull=True).order_by("name", "id")
