"""Every address of the house, with sample arguments from the demonstration.

A new address without a sample stops the walk: nobody can add a page that is not looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.sites import Site


@dataclass(frozen=True)
class Address:
    """One address of the house."""

    name: str
    path: str
    for_staff: bool


_found: dict[Path, list[Address]] = {}


def addresses(site: Site) -> list[Address]:
    """All addresses of our own views, as the resolver knows them. The samples are made once a site."""
    if site.data_dir in _found:
        return _found[site.data_dir]
    source = (Path(__file__).parent / "samples.py").read_text(encoding="utf-8")
    _found[site.data_dir] = [Address(**one) for one in json.loads(site.python(source))]
    return _found[site.data_dir]


def sign_in(page: Page, site: Site, email: str) -> None:
    """Sign in as one of the demonstration's people."""
    person = next(person for person in site.sign_ins if person["email"] == email)
    page.goto(f"{site.url}/konto/login/")
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/schreibtisch/**")
