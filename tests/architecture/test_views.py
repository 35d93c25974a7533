"""Every view has a door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path
from django.views import View
from django.views.i18n import JavaScriptCatalog

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access.doors import desk, public, signed_in
from tests.architecture.checks.views import OTHERS, addresses, open_views
from tests.architecture.house import agreed


def test_every_view_declares_who_may_enter() -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert len(found) > 10
    agreed(open_views(found))


def test_listed_libraries_have_reasons() -> None:
    assert all(OTHERS.values())


def _complaints(view: Callable[..., Any], route: str = "x/<slug:place>/") -> list[str]:
    return open_views(addresses([path("outer/", include([path(route, view)]))]))


def _view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


class _ViewClass(View):
    pass


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        (_view, "no door"),
        (_ViewClass.as_view(), "no door"),
        (login_not_required(lambda request, place: HttpResponse()), "no door"),
        (JavaScriptCatalog.as_view(), "no door"),
        (desk("plan.does_not_exist")(lambda request, place: HttpResponse()), "no context declares the right"),
        (signed_in(lambda request, place: HttpResponse()), "needs a right"),
        (login_not_required(desk("process.see_draft")(lambda request, place: HttpResponse())), "told otherwise"),
    ],
    ids=["function", "class", "only opened", "library with a place", "unknown right", "signed in", "opened desk"],
)
def test_view_without_a_right_is_caught(view: Callable[..., Any], complaint: str) -> None:
    (found,) = _complaints(view)
    assert "/outer/x/<slug:place>/" in found
    assert complaint in found


def test_owned_object_without_its_town_in_the_address_is_caught() -> None:
    view = desk("process.edit_process", Process)(lambda request, process: HttpResponse())
    assert "has to name it" in _complaints(view, "x/<int:pk>/")[0]


@pytest.mark.parametrize(
    "view",
    [
        public(lambda request, place: HttpResponse()),
        desk("process.see_draft")(lambda request, place: HttpResponse()),
        desk("process.edit_process", Process)(lambda request, place, process: HttpResponse()),
    ],
)
def test_view_with_a_door_passes(view: Callable[..., Any]) -> None:
    assert _complaints(view) == []
