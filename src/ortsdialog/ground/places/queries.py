"""Finding places."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.text import slugify

from ortsdialog.ground.places.choices import DIALOGUE_LEVELS
from ortsdialog.ground.places.models import Place, PlaceProfile

# slugify() would drop the dots: "ö" is "oe" in a German address, not "o".
_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ł": "l"})


def place_by_slug(slug: str) -> Place | None:
    """The participating town behind a slug; None if there is none."""
    return Place.objects.filter(slug=slug).first()


def participating_places() -> QuerySet[Place]:
    """Towns that take part, by name."""
    return Place.objects.filter(slug__isnull=False, closed_on__isnull=True).order_by("name", "id")


def find_places(text: str) -> QuerySet[Place]:
    """Existing places that can hold a dialogue, by AGS, ARS or name; the likeliest first.

    Exact names come before beginnings, beginnings before the rest, and large towns before small ones.
    """
    words = " ".join(text.split())
    found = Place.objects.filter(level__in=DIALOGUE_LEVELS, closed_on__isnull=True)
    if not words:
        return found.none()
    if words.isascii() and words.replace(" ", "").isdigit():
        digits = words.replace(" ", "")
        return found.filter(Q(ags=digits) | Q(ars=digits)).order_by("-level", "id")
    # SQLite knows capital letters of ASCII only: "öhringen" has to find Öhringen too.
    spellings = {words, words.capitalize(), words.title()}
    exact, beginning, anywhere = Q(), Q(), Q()
    for spelling in spellings:
        exact |= Q(name__iexact=spelling)
        beginning |= Q(name__istartswith=spelling)
        anywhere |= Q(name__icontains=spelling)
    likeness = Case(
        When(exact, then=Value(0)), When(beginning, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    # A Gemeinde has the same name as its association: the one with inhabitants comes first.
    return found.filter(anywhere).order_by(likeness, "-level", "-population", "name", "id")


def suggested_slug(place: Place) -> str:
    """An address for a town: "Schwäbisch Gmünd" → "schwaebisch-gmuend"; a number behind it where it is taken."""
    wanted = slugify(place.name.translate(_GERMAN_LETTERS))[:70] or "ort"
    taken = set(Place.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{wanted}-{number}") not in taken)


def profile_of(place: Place) -> PlaceProfile:
    """What the open town says about itself; an empty, unsaved profile where it has not said anything yet."""
    return PlaceProfile.objects.filter(place=place).first() or PlaceProfile(place=place, languages=["de"])
