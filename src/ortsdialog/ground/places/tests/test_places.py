"""Finding places, joining, and what a town says about itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortsdialog.ground.places.actions import CannotJoin, edit_profile, join_place
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.places.queries import find_places, profile_of, suggested_slug
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.kernel.access import Actor, Grant, NotAllowed, allowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.tenancy import open_place

pytestmark = pytest.mark.django_db

ADMIN = Actor(kind="person", label="Ada", user_id=1, grants=frozenset([Grant("system_admin")]))


def names(text: str) -> list[str]:
    return [place.name for place in find_places(text)]


# ---- Finding ------------------------------------------------------------------------------------


def test_find_places_by_name_gives_the_likeliest_first() -> None:
    make_place("Neustadt an der Donau", None, population=14_000)
    make_place("Bad Neustadt", None, population=15_000)
    make_place("Neustadt", None, population=2_000)
    make_place("Neustadt an der Aisch", None, population=13_000)
    make_place("Altdorf", None)
    assert names("  neustadt ") == ["Neustadt", "Neustadt an der Donau", "Neustadt an der Aisch", "Bad Neustadt"]


def test_find_places_by_key_and_with_capital_umlaut() -> None:
    make_place("Öhringen", None, ags="08126066", ars="081265003066")
    assert names("08126066") == names("0812 6500 3066") == names("öhringen") == ["Öhringen"]


def test_find_places_leaves_out_what_cannot_hold_a_dialogue() -> None:
    make_place("Stuttgart", None, level=Level.LAND)
    make_place("Stuttgart", None, closed_on=date(2024, 1, 1))
    assert names("Stuttgart") == names("") == names("Niemandsdorf") == []


def test_find_places_prefers_the_municipality_to_its_association() -> None:
    make_place("Weinheim", None, level=Level.ASSOCIATION, ars="082260096")
    make_place("Weinheim", None, population=45_000)
    assert [place.level for place in find_places("Weinheim")] == [Level.MUNICIPALITY, Level.ASSOCIATION]


def test_suggested_slug_is_german_and_not_taken() -> None:
    assert suggested_slug(Place(name="Schwäbisch Gmünd")) == "schwaebisch-gmuend"
    assert (
        suggested_slug(Place(name="Weißwasser/O.L.")) == "weisswassero-l"
        or suggested_slug(Place(name="Weißwasser/O.L.")) == "weisswasserol"
    )
    make_place("Neustadt", "neustadt")
    make_place("Neustadt", "neustadt-2")
    assert suggested_slug(Place(name="Neustadt")) == "neustadt-3"


def test_full_name_writes_the_register_abbreviations_out() -> None:
    assert Place(name="Roth", title="St").full_name == "Roth, Stadt"
    assert Place(name="Kiel", title="Landeshauptstadt").full_name == "Kiel, Landeshauptstadt"
    assert Place(name="Esslingen").full_name == "Esslingen"


# ---- Joining ------------------------------------------------------------------------------------


def test_join_place_gives_address_profile_and_audit_entry() -> None:
    place = make_place("Altdorf", None)
    join_place(actor=ADMIN, place=place, slug="altdorf")
    assert Place.objects.get(slug="altdorf") == place
    with open_place(place):
        assert PlaceProfile.objects.get().languages == ["de"]
        assert AuditEntry.objects.get().detail == {"slug": "altdorf"}


@pytest.mark.parametrize("slug", ["", "alt dorf", "Altdorf", "x" * 81, "ält", "neustadt"])
def test_join_place_under_a_bad_address_is_refused(slug: str) -> None:
    make_place("Neustadt", "neustadt")
    place = make_place("Altdorf", None)
    with pytest.raises(CannotJoin):
        join_place(actor=ADMIN, place=place, slug=slug)
    assert Place.objects.get(pk=place.pk).slug is None


def test_join_place_twice_is_refused(altdorf: Place) -> None:
    with pytest.raises(CannotJoin):
        join_place(actor=ADMIN, place=altdorf, slug="anders")


@pytest.mark.parametrize("fields", [{"level": Level.LAND}, {"closed_on": date(2024, 1, 1)}])
def test_join_place_that_cannot_hold_a_dialogue_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(CannotJoin):
        join_place(actor=ADMIN, place=make_place("Altdorf", None, **fields), slug="altdorf")


def test_join_place_by_a_coordinator_is_refused(as_alma: Actor) -> None:
    with pytest.raises(NotAllowed):
        join_place(actor=as_alma, place=make_place("Drittdorf", None), slug="drittdorf")


# ---- Profile ------------------------------------------------------------------------------------


def test_edit_profile_keeps_the_other_languages(as_alma: Actor, altdorf: Place) -> None:
    with open_place(altdorf):
        profile = edit_profile(actor=as_alma, place=altdorf, welcome="Willkommen", languages=["de", "ar"])
        profile.welcome = profile.welcome.with_version("ar", "أهلا", State.CHECKED)
        profile.save()
        edit_profile(actor=as_alma, place=altdorf, welcome="Willkommen in Altdorf")
        welcome = profile_of(altdorf).welcome
    assert welcome.original_text == "Willkommen in Altdorf"
    assert welcome.state_of("ar") == State.OUT_OF_DATE


def test_edit_profile_without_a_change_leaves_no_entry(as_alma: Actor, altdorf: Place) -> None:
    with open_place(altdorf):
        edit_profile(actor=as_alma, place=altdorf, contact_office="Rathaus")
        edit_profile(actor=as_alma, place=altdorf, contact_office="Rathaus", contact_phone="")
        assert [entry.detail for entry in AuditEntry.objects.all()] == [{"changed": ["contact_office"]}]


def test_edit_profile_of_another_town_is_refused(as_nils: Actor, altdorf: Place) -> None:
    with open_place(altdorf), pytest.raises(NotAllowed):
        edit_profile(actor=as_nils, place=altdorf, contact_office="Neustadt war hier")


def test_edit_profile_unknown_field_is_an_error(as_alma: Actor, altdorf: Place) -> None:
    with open_place(altdorf), pytest.raises(TypeError):
        edit_profile(actor=as_alma, place=altdorf, colour="red")


def test_edit_profile_is_for_coordinators_and_administrators(altdorf: Place, neustadt: Place, as_kim: Actor) -> None:
    def holder(role: str) -> Actor:
        return Actor(kind="person", label="x", grants=frozenset([Grant(role, altdorf.pk)]))

    assert allowed(holder("coordinator"), "places.edit_profile", altdorf)
    assert allowed(holder("place_admin"), "places.edit_profile", altdorf)
    assert not allowed(holder("coordinator"), "places.edit_profile", neustadt)
    assert not allowed(as_kim, "places.edit_profile", altdorf)
    assert not allowed(holder("coordinator"), "places.edit_profile", None)


def test_dialable_phone_keeps_digits_and_plus() -> None:
    assert PlaceProfile(contact_phone="+49 (0) 711 / 12-34").dialable_phone == "+4907111234"
