"""Changes to places: joining, and what a town says about itself."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Field
from django.utils.translation import gettext as _

from ortsdialog.ground.places.choices import DIALOGUE_LEVELS
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.places.queries import profile_of
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.tenancy import open_place

PROFILE_FIELDS = (
    "languages",
    "contact_office",
    "contact_email",
    "contact_phone",
    "contact_address",
    "welcome",
    "legal_notice",
    "accessibility_statement",
)


class CannotJoin(ValueError):
    """The place cannot take part, or not under this address. The message is for the person who asked."""


def join_place(*, actor: Actor, place: Place, slug: str) -> Place:
    """A place takes part from now on, at its own address. It keeps the address it has: printed links lead there."""
    require(actor, "places.join_place", place)
    if place.slug:
        raise CannotJoin(_("%(place)s takes part already.") % {"place": place.full_name})
    if place.level not in DIALOGUE_LEVELS or place.closed_on:
        raise CannotJoin(_("%(place)s cannot hold a dialogue.") % {"place": place.full_name})
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise CannotJoin(
            _("“%(slug)s” cannot be an address: only letters, digits and hyphens.") % {"slug": slug}
        ) from error
    if slug != slug.lower() or len(slug) > 80:
        raise CannotJoin(_("“%(slug)s” cannot be an address: lower case only, at most 80 characters.") % {"slug": slug})
    if Place.objects.filter(slug=slug).exists():
        raise CannotJoin(_("The address “%(slug)s” is taken.") % {"slug": slug})
    with open_place(place), recorded("places.join_place", actor=actor, on=place) as detail:
        place.slug = slug
        place.save(update_fields=["slug"])
        PlaceProfile.objects.get_or_create(place=place, defaults={"languages": ["de"]})
        detail["slug"] = slug
    return place


def edit_profile(*, actor: Actor, place: Place, **values: Any) -> PlaceProfile:
    """Change what the open town says about itself. Texts are given in their first language."""
    require(actor, "places.edit_profile", place)
    unknown = values.keys() - set(PROFILE_FIELDS)
    if unknown:
        raise TypeError(f"A profile has no {', '.join(sorted(unknown))}.")
    profile = profile_of(place)
    before = {name: getattr(profile, name) for name in values}
    for name, value in values.items():
        if not value and not before[name]:
            continue
        field = cast("Field[Any, Any]", PlaceProfile._meta.get_field(name))
        field.save_form_data(profile, value)
    changed = sorted(name for name in values if getattr(profile, name) != before[name])
    if profile.pk and not changed:
        return profile
    with recorded("places.edit_profile", actor=actor, on=place, detail={"changed": changed}):
        profile.save()
    return profile
