"""Places for tests."""

from __future__ import annotations

from typing import Any

from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place


def make_place(name: str = "Altdorf", slug: str | None = "altdorf", **fields: Any) -> Place:
    """A municipality that takes part (give slug=None for one that only stands in the register)."""
    return Place.objects.create(**{"level": Level.MUNICIPALITY, "name": name, "slug": slug, **fields})
