"""Walls. Devices get a random key in a cookie; nothing about them is stored yet."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from ortsdialog.kernel.tenancy import PlaceOwned
from ortsdialog.meet.gatherings.models import Gathering


class Wall(PlaceOwned):
    """A display in the hall. Whoever knows the code may show it; it shows approved statements only."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="walls")
    number = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, unique=True)
    second_language = models.CharField(max_length=8, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [models.UniqueConstraint(fields=["gathering", "number"], name="wall_once")]

    def __str__(self) -> str:
        return f"wall {self.number} of gathering {self.gathering_id}"

    def get_absolute_url(self) -> str:
        return reverse("capture:wall", kwargs={"code": self.code})
