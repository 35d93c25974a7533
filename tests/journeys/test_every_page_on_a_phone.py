"""Every page of the house at the width of a phone, in German and Arabic; and the walk's negative control."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.addresses import Address
from tests.journeys.walk import MARKS, faults_on, walk
from tests.sites import Site

pytestmark = MARKS


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_is_accessible(demo_site: Site, open_page: Callable[..., Page], language: str) -> None:
    walk(demo_site, open_page, width=390, language=language)


def test_the_walk_notices_a_page_that_is_not_accessible(demo_site: Site, open_page: Callable[..., Page]) -> None:
    """Negative control: a picture without words, a field without a label, a page too wide."""
    page = open_page(width=390, height=900)
    page.goto(f"{demo_site.url}/weg/")
    # No inline style: the house's own policy would refuse it, and fail the test for that.
    page.evaluate(
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('.far { inline-size: 900px }'); "
        "document.adoptedStyleSheets = [sheet]"
    )
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', "
        '\'<img src="/static/mark.svg"><p class="far">weit</p><input type="text"><h1>Noch eine</h1>\')'
    )
    found = " ".join(faults_on(page, Axe(), Address("control", "/weg/", for_staff=False)))
    assert "image-alt" in found
    assert "label" in found
    assert "px wide" in found
    assert "2 main headings" in found
