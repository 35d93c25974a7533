"""Every page of the house at the width of a desk, in German and Arabic."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.walk import MARKS, walk
from tests.sites import Site

pytestmark = MARKS


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_is_accessible(demo_site: Site, open_page: Callable[..., Page], language: str) -> None:
    walk(demo_site, open_page, width=1280, language=language)
