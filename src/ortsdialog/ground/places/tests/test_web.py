"""Pages of places: the desk page and the three public ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place

pytestmark = pytest.mark.django_db

FILLED = {
    "languages": ["uk", "de"],
    "contact_office": "Stabsstelle Beteiligung",
    "contact_email": "dialog@altdorf.example",
    "contact_phone": "0711 123",
    "contact_address": "Rathausplatz 1",
    "welcome": "Willkommen",
    "legal_notice": "Stadt Altdorf\nvertreten durch",
    "accessibility_statement": "",
}


@pytest.fixture
def neustadt_secret(neustadt: Place) -> PlaceProfile:
    with open_place(neustadt):
        return PlaceProfile.objects.create(
            place=neustadt,
            contact_office="Neustadt-Geheimnis",
            legal_notice=MultilingualText.written("Neustadt-Geheimnis"),
        )


def test_profile_edit_saves_and_shows_what_was_saved(alma: User, altdorf: Place, sign_in: Any) -> None:
    client = sign_in(alma)
    answer = client.post("/schreibtisch/altdorf/ort/", FILLED)
    assert (answer.status_code, answer["Location"]) == (302, "/schreibtisch/altdorf/ort/")
    with open_place(altdorf):
        profile = PlaceProfile.objects.get()
    assert profile.languages == ["de", "uk"]
    assert profile.legal_notice.original_text.splitlines() == ["Stadt Altdorf", "vertreten durch"]
    assert "Stabsstelle Beteiligung" in client.get("/schreibtisch/altdorf/ort/").content.decode()


def test_profile_edit_with_a_mistake_keeps_what_was_typed(alma: User, altdorf: Place, sign_in: Any) -> None:
    answer = sign_in(alma).post("/schreibtisch/altdorf/ort/", {**FILLED, "contact_email": "kein Postfach"})
    assert answer.status_code == 422
    assert "Stabsstelle Beteiligung" in answer.content.decode()
    with open_place(altdorf):
        assert not PlaceProfile.objects.exists()


@pytest.mark.parametrize("who", ["nils", "kim"])
def test_profile_edit_by_others_does_not_exist(who: str, altdorf: Place, sign_in: Any, request: Any) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get("/schreibtisch/altdorf/ort/").status_code == 404
    assert client.post("/schreibtisch/altdorf/ort/", FILLED).status_code == 404


def test_profile_edit_without_signing_in_asks_to_sign_in(client: Client, altdorf: Place) -> None:
    answer = client.get("/schreibtisch/altdorf/ort/")
    assert (answer.status_code, answer["Location"]) == (302, "/konto/login/?next=/schreibtisch/altdorf/ort/")


@pytest.mark.parametrize("page", ["impressum", "barrierefreiheit", "kontakt"])
@pytest.mark.parametrize("language", ["de", "ar"])
def test_public_page_of_an_empty_profile_is_there(
    client: Client, altdorf: Place, neustadt_secret: PlaceProfile, page: str, language: str
) -> None:
    answer = client.get(f"/orte/altdorf/{page}/?sprache={language}")
    assert answer.status_code == 200
    assert "Neustadt-Geheimnis" not in answer.content.decode()


def test_public_pages_show_contact_and_imprint(client: Client, altdorf: Place) -> None:
    with open_place(altdorf):
        PlaceProfile.objects.create(
            place=altdorf, contact_phone="0711 / 123", languages=["de", "ar"],
            legal_notice=MultilingualText.written("Stadt <Altdorf>"),
        )  # fmt: skip
    assert "Stadt &lt;Altdorf&gt;" in client.get("/orte/altdorf/impressum/").content.decode()
    contact = client.get("/orte/altdorf/kontakt/").content.decode()
    assert 'href="tel:0711123"' in contact
    assert '<bdi lang="ar" dir="rtl">العربية</bdi>' in contact
    assert "0711 / 123" in client.get("/orte/altdorf/barrierefreiheit/").content.decode()


@pytest.mark.parametrize("page", ["impressum", "barrierefreiheit", "kontakt"])
def test_public_page_of_an_unknown_town_does_not_exist(client: Client, db: Any, page: str) -> None:
    assert client.get(f"/orte/nirgends/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["impressum", "barrierefreiheit", "kontakt"])
def test_public_page_needs_two_queries(
    client: Client, altdorf: Place, page: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        client.get(f"/orte/altdorf/{page}/")
