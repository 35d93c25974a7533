"""Every page of the house, at the width of a phone and of a desk, in German and Arabic: reachable, whole, accessible.

axe finds a good half of what can be wrong, never all: 0 violations is a floor.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.addresses import Address, addresses, sign_in
from tests.sites import Site

# For the modules that walk: one a width, so that two workers share the way.
MARKS = [
    pytest.mark.timeout(900),
    pytest.mark.one_database("sqlite", reason="what a page looks like does not depend on the database"),
]

# Forms answer 405 to GET; streams never end; PDF and SVG are files.
FILES = (".jpg", ".pdf", ".svg", ".txt", ".js", ".webmanifest", "/strom/")
# Not a page: a region of the wall, fetched by the wall's own script.
FRAGMENTS = {"capture:wall-cards"}
# What Alma of Lindenbronn may not see, and who may.
STAFF = {"site:desk-programme": "lena@land.example"}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def pages_of(site: Site) -> list[Address]:
    return [one for one in addresses(site) if not one.path.endswith(FILES) and one.name not in FRAGMENTS]


def faults_on(page: Page, axe: Axe, address: Address) -> list[str]:
    """What is wrong with the page that is open."""
    faults = [
        f"{address.name} {address.path}: {violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:160]}"
        for violation in axe.run(page, options=RULES).response["violations"]
    ]
    width, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > shown:
        faults.append(f"{address.name} {address.path}: {width} px wide on a screen of {shown} px")
    if page.locator("h1").count() != 1:
        faults.append(f"{address.name} {address.path}: {page.locator('h1').count()} main headings")
    source = page.content()
    faults += [f"{address.name} {address.path}: {sign} in the page" for sign in ("<c-", "{%", "{{") if sign in source]
    return faults


def walk(demo_site: Site, open_page: Callable[..., Page], *, width: int, language: str) -> None:
    """Open every page once; all faults together fail the test."""
    page = open_page(width=width, height=900)
    axe = Axe()
    staff = {}
    for person in {"alma@lindenbronn.example", *STAFF.values()}:
        staff[person] = open_page(width=width, height=900)
        sign_in(staff[person], demo_site, person)
    seen, faults = 0, []
    for address in pages_of(demo_site):
        tab = staff[STAFF.get(address.name, "alma@lindenbronn.example")] if address.for_staff else page
        url = f"{demo_site.url}{address.path}?sprache={language}"
        answer = tab.goto(url)
        assert answer is not None
        if answer.status == 405:
            # Only acts: there is no page to look at.
            continue
        if answer.status != 200:
            faults.append(f"{address.name} {address.path}: {answer.status}")
            continue
        seen += 1
        faults += faults_on(tab, axe, address)
    assert not faults, "\n".join(faults)
    # Fewer would mean that the walk went astray, not that the house shrank.
    assert seen >= 60
