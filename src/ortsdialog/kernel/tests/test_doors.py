from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import AsyncClient, Client
from django.urls import path

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.access.doors import Door, actor_of, desk, public, signed_in
from ortsdialog.kernel.tenancy import open_places

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@public
def town(request: HttpRequest, place: Place) -> HttpResponse:
    return HttpResponse(f"{place.name} {request.place.pk == place.pk} {open_places() == {place.pk}}")  # type: ignore[attr-defined]


@public
def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{open_places()} {actor_of(request).kind}")


@public
def lazy(request: HttpRequest, place: Place) -> TemplateResponse:
    template = engines["django"].from_string("{% for row in rows %}{{ row.title }}{% endfor %}")
    return TemplateResponse(request, template, {"rows": Process.objects.get_queryset()})  # type: ignore[arg-type]


@public
def refusing(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("no")


@public
async def async_town(request: HttpRequest, place: Place) -> HttpResponse:
    return HttpResponse(f"{place.name} {await Process.objects.acount()} {open_places() == {place.pk}}")


@public
async def async_refusing(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("no")


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of(request).label)


@desk("process.see_draft")
def staff(request: HttpRequest, place: Place) -> HttpResponse:
    return HttpResponse(place.name)


@desk("process.edit_process", Process, lookup="slug")
def edit(request: HttpRequest, place: Place, process: Process) -> HttpResponse:
    return HttpResponse(str(process.title))


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a view that says nothing about who may enter")


urlpatterns = [
    path("town/<slug:place>/", town),
    path("nowhere/", nowhere),
    path("lazy/<slug:place>/", lazy),
    path("refusing/", refusing),
    path("async/<slug:place>/", async_town),
    path("async-refusing/", async_refusing),
    path("own/", own),
    path("staff/<slug:place>/", staff),
    path("edit/<slug:place>/<slug:slug>/", edit),
    path("forgotten/", forgotten),
    path("konto/anmelden/", nowhere, name="account_login"),
    path("konto/zweiter-faktor/", nowhere, name="mfa_index"),
]


@pytest.fixture
def ours(altdorf: Place, neustadt: Place, programme: Programme) -> Process:
    make_process(neustadt, programme, title="Neustadt-Geheimnis", slug="ihres")
    return make_process(altdorf, programme, title="Altdorf spricht", slug="unseres")


def test_public_page_of_a_town_opens_it_and_closes_it_again(client: Client, altdorf: Place) -> None:
    assert client.get("/town/altdorf/").content == b"Altdorf True True"
    assert open_places() is None


def test_public_page_of_an_unknown_town_does_not_exist(client: Client, altdorf: Place) -> None:
    assert client.get("/town/nirgendwo/").status_code == 404


def test_public_page_without_a_town_has_nothing_open(client: Client) -> None:
    assert client.get("/nowhere/").content == b"None guest"


def test_lazy_answer_is_rendered_while_the_place_is_open(client: Client, ours: Process) -> None:
    assert client.get("/lazy/altdorf/").content == b"Altdorf spricht"


def test_refusal_by_an_action_reads_like_a_missing_page(client: Client) -> None:
    assert client.get("/refusing/").status_code == 404


def test_async_public_page_opens_the_town_too(async_client: AsyncClient, ours: Process) -> None:
    async def get(address: str) -> Any:
        return await async_client.get(address)

    assert async_to_sync(get)("/async/altdorf/").content == b"Altdorf 1 True"
    assert async_to_sync(get)("/async/nirgendwo/").status_code == 404
    assert async_to_sync(get)("/async-refusing/").status_code == 404


def test_desk_without_signing_in_asks_to_sign_in(client: Client, altdorf: Place) -> None:
    answer = client.get("/staff/altdorf/")
    assert (answer.status_code, answer["Location"]) == (302, "/konto/anmelden/?next=/staff/altdorf/")


def test_desk_of_an_unknown_town_gives_nothing_away_to_guests(client: Client, altdorf: Place) -> None:
    assert client.get("/staff/nirgendwo/").status_code == client.get("/staff/altdorf/").status_code == 302


def test_desk_without_second_factor_asks_for_it(client: Client, settings: Any, alma: User) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(alma)
    answer = client.get("/staff/altdorf/")
    assert (answer.status_code, answer["Location"]) == (302, "/konto/zweiter-faktor/")
    assert client.get("/own/")["Location"] == "/konto/zweiter-faktor/"


def test_desk_with_the_right_opens(sign_in: Any, alma: User, ours: Process) -> None:
    client = sign_in(alma)
    assert client.get("/staff/altdorf/").content == b"Altdorf"
    assert client.get("/edit/altdorf/unseres/").content == b"Altdorf spricht"
    assert open_places() is None


def test_desk_without_the_right_does_not_exist(sign_in: Any, kim: User, ours: Process) -> None:
    client = sign_in(kim)
    assert client.get("/staff/altdorf/").status_code == 200
    assert client.get("/edit/altdorf/unseres/").status_code == 404


def test_desk_of_the_other_town_does_not_exist(sign_in: Any, alma: User, ours: Process) -> None:
    client = sign_in(alma)
    assert client.get("/staff/neustadt/").status_code == 404
    assert client.get("/edit/neustadt/ihres/").status_code == 404


def test_other_towns_object_under_the_own_town_does_not_exist(sign_in: Any, alma: User, ours: Process) -> None:
    assert sign_in(alma).get("/edit/altdorf/ihres/").status_code == 404


def test_own_page_needs_an_account_and_no_right(client: Client, sign_in: Any, nils: User) -> None:
    assert client.get("/own/").status_code == 302
    assert sign_in(nils).get("/own/").content == b"Nils"


def test_view_that_declares_nothing_is_closed(client: Client) -> None:
    assert client.get("/forgotten/").status_code == 302


def test_door_is_written_on_the_view() -> None:
    assert town.door == Door("public")
    assert own.door == Door("signed_in")
    assert edit.door == Door("desk", "process.edit_process", Process)


def test_desk_refuses_an_async_view() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(TypeError, match="only @public"):
        desk("process.see_draft")(view)
    with pytest.raises(TypeError, match="only @public"):
        signed_in(view)


@pytest.mark.parametrize("address", ["/nowhere/?q=a%00b", "/nowhere/?%00=b"])
def test_a_null_character_is_refused_before_any_database_hears_of_it(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400
    assert client.post("/nowhere/", {"q": "a\x00b"}).status_code == 400
    assert client.get(address.replace("%00", "")).status_code == 200
