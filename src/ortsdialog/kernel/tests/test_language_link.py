from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation

from ortsdialog.kernel.access.doors import public

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@public
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {request.LANGUAGE_CODE}")


urlpatterns = [path("", page)]


def test_german_is_the_language_of_the_house(client: Client) -> None:
    assert client.get("/").content == b"de de"


def test_browser_chooses_where_nobody_else_did(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "ar,de;q=0.5"}).content == b"ar ar"


def test_link_wins_over_browser_and_a_cookie_keeps_it(client: Client) -> None:
    answer = client.get("/?sprache=ar", headers={"accept-language": "en"})
    assert answer.content == b"ar ar"
    assert answer.cookies["sprache"].value == "ar"
    assert answer.cookies["sprache"]["samesite"] == "Lax"
    assert client.get("/", headers={"accept-language": "en"}).content == b"ar ar"
    assert client.get("/?sprache=de-ls").content == b"de-ls de-ls"
    assert client.get("/").content == b"de-ls de-ls"


def test_unknown_language_changes_nothing(client: Client) -> None:
    answer = client.get("/?sprache=klingonisch")
    assert answer.content == b"de de"
    assert "sprache" not in answer.cookies


def test_caches_keep_languages_apart(client: Client) -> None:
    vary = {word.strip().lower() for word in client.get("/")["Vary"].split(",")}
    assert {"cookie", "accept-language"} <= vary


def test_language_of_one_request_does_not_leak_into_the_next(client: Client) -> None:
    client.get("/?sprache=ar")
    assert Client().get("/").content == b"de de"
