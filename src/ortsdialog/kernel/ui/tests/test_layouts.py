"""The four surfaces and the error pages: language, direction, style sheets, and no database."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel import registry
from ortsdialog.kernel.registry import NavigationEntry, Section

SURFACES = ["public", "table", "wall", "desk"]
PLACE = SimpleNamespace(name="Altdorf", slug="altdorf")


def page(surface: str, language: str = "de") -> str:
    request = RequestFactory().get("/seite/")
    request.user = AnonymousUser()
    source = (
        f'{{% extends "layouts/{surface}.html" %}}{{% block title %}}Plan{{% endblock %}}'
        "{% block content %}<h1>Plan</h1>{% endblock %}"
    )
    with translation.override(language):
        return engines["django"].from_string(source).render({"place": PLACE}, request)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("language", "lang", "direction"), [("de", "de", "ltr"), ("de-ls", "de", "ltr"), ("ar", "ar", "rtl")]
)
def test_surface_says_language_and_direction(surface: str, language: str, lang: str, direction: str) -> None:
    html = page(surface, language)
    assert f'<html lang="{lang}" dir="{direction}" class="surface-{surface}">' in html
    assert ("kern.rtl" in html) is (direction == "rtl")
    assert not re.search(r"<c-|\{%|\{\{", html)


@pytest.mark.parametrize("surface", SURFACES)
def test_surface_has_no_inline_script_or_style(surface: str) -> None:
    html = page(surface)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", html)


def test_participant_pages_load_only_the_fonts_of_their_language() -> None:
    assert re.findall(r"css/(fonts[\w-]*?)(?:\.[0-9a-f]{12})?\.css", page("table", "de")) == ["fonts"]
    assert re.findall(r"css/(fonts[\w-]*?)(?:\.[0-9a-f]{12})?\.css", page("table", "ar")) == ["fonts-arabic"]


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
@pytest.mark.parametrize("language", ["de", "ar"])
def test_error_page_renders_without_request_and_database(template: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(template)
    assert html.count("<h1>") == 1
    assert not re.search(r"<c-|\{%|\{\{", html)


def test_server_error_page_asks_no_list_of_static_files(settings: pytest.FixtureRequest) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    response = defaults.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"css/layout.css" in response.content


def test_desk_navigation_follows_time_and_marks_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        NavigationEntry(Section.DELIVER, "Plan", "account_login", ""),
        NavigationEntry(Section.PREPARE, "Prozess", "account_logout", ""),
    ]
    monkeypatch.setattr(registry, "_navigation", entries)
    request = RequestFactory().get(reverse("account_login"))
    request.user = AnonymousUser()
    with translation.override("en"):
        html = engines["django"].from_string("{% desk_navigation %}").render({"place": PLACE}, request)
    assert re.findall(r'class="desk-nav__label"[^>]*>([^<]+)<', html) == ["Prepare", "Carry out"]
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', html) == [reverse("account_login")]


def test_desk_navigation_marks_the_room_of_a_page_with_an_address_elsewhere(
    sign_in: Any, alma: User, dialogue: Process
) -> None:
    """Sorting lies under the dialogue's address, and belongs to the statements."""
    page = sign_in(alma).get(f"/schreibtisch/altdorf/dialoge/{dialogue.slug}/ordnen/").content.decode()
    (marked,) = re.findall(r'<a href="([^"]+)" aria-current="page">', page)
    assert marked.startswith("/schreibtisch/altdorf/beitraege/")
