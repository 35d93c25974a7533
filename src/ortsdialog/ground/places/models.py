"""Places and the settings of towns that take part."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.choices import COUNTY_PREFIX, WRITTEN_OUT, Level
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceOwned


class Place(models.Model):
    """One unit of the register, or an invented place for the demonstration.

    Shared by all towns: the register is public. `slug` is set when the place takes part.
    Keys are text: they have leading zeros. Population and area may be unknown.
    """

    level = models.PositiveSmallIntegerField(choices=Level.choices)
    ags = models.CharField(max_length=8, blank=True)
    ars = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    kind = models.PositiveSmallIntegerField(null=True, blank=True)
    seat = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    area_hectares = models.PositiveIntegerField(null=True, blank=True)
    as_of_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    slug = models.SlugField(max_length=80, null=True, blank=True, unique=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            # One record a unit; a Gemeindeverband and a Gemeinde can share an AGS, never level and ARS.
            models.UniqueConstraint(fields=["level", "ars"], condition=~models.Q(ars=""), name="place_once"),
        ]
        indexes = [
            # Lookup by the key that towns know.
            models.Index(fields=["ags", "level"], name="place_ags"),
            # Finder by name among those that still exist.
            models.Index(fields=["level", "name"], name="place_name"),
        ]

    def __str__(self) -> str:
        return self.called

    def get_absolute_url(self) -> str:
        return reverse("site:place", kwargs={"place": self.slug})

    @property
    def called(self) -> str:
        """As people say it: a county is a "Landkreis Freudenstadt", the register has the bare name."""
        prefix = COUNTY_PREFIX.get(self.kind or 0) if self.level == Level.COUNTY else None
        return f"{prefix} {self.name}" if prefix and "kreis" not in self.name.lower() else self.name

    @property
    def full_name(self) -> str:
        """Name with its title: "Flensburg, Stadt". The register's abbreviations are written out."""
        title = WRITTEN_OUT.get(self.title, self.title)
        return f"{self.name}, {title}" if title else self.name


class RegisterImport(models.Model):
    """An import of the official register that changed something: which state, when, how much.

    Shared by all towns. The register's licence asks for source and date to be named.
    """

    as_of_on = models.DateField()
    imported_at = models.DateTimeField(default=timezone.now)
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"register of {self.as_of_on}"


class PlaceProfile(PlaceOwned):
    """What a town says about itself: languages, contact, legal texts."""

    languages = models.JSONField(_("languages"), default=list)
    contact_office = models.CharField(_("office"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=60, blank=True)
    contact_address = models.TextField(_("address"), blank=True)
    welcome = MultilingualField(_("welcome"), blank=True)
    legal_notice = MultilingualField(_("legal notice"), blank=True)
    accessibility_statement = MultilingualField(_("accessibility statement"), blank=True)

    class Meta(PlaceOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["place"], name="profile_once")]

    def __str__(self) -> str:
        return f"profile of place {self.place_id}"

    @property
    def dialable_phone(self) -> str:
        """The number as telephones want it: digits, and a plus in front."""
        return "".join(sign for sign in self.contact_phone if sign.isdigit() or sign == "+")
