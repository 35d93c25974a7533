"""The host's evening in a real browser: writing down with and without a network, and handing the table over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.addresses import addresses
from tests.sites import Site

pytestmark = pytest.mark.timeout(300)


def host_path(site: Site) -> str:
    return next(one.path for one in addresses(site) if one.name == "capture:host")


def test_host_writes_on_without_a_network_and_all_arrives(demo_site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(width=390, height=844)
    page.goto(f"{demo_site.url}{host_path(demo_site)}")
    expect(page.locator('[data-step="1"]')).to_be_visible()
    words, kept = page.locator("#schreiben textarea"), page.locator("[data-host-queue] > li")
    page.click('[data-step="1"]')
    words.type("Der Spielplatz ist abends dunkel")
    words.press("Shift+Enter")
    words.type("und es zieht")
    words.press("Enter")
    expect(words).to_have_value("")
    expect(kept.locator("b")).to_have_count(1)
    page.context.set_offline(True)
    words.type("Ohne Netz gesagt")
    words.press("Enter")
    expect(kept).to_have_count(2)
    expect(kept.locator("b")).to_have_count(1)
    page.context.set_offline(False)
    expect(kept.locator("b")).to_have_count(2, timeout=30_000)
    page.reload()
    row = page.locator(".host-row", has_text="Spielplatz")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("2")
    expect(page.locator(".host-row", has_text="Ohne Netz gesagt")).to_have_count(1)


def test_table_goes_from_one_device_to_another(demo_site: Site, open_page: Callable[..., Page]) -> None:
    first, second = open_page(width=390, height=844), open_page(width=390, height=844)
    first.goto(f"{demo_site.url}{host_path(demo_site)}")
    table = first.url
    first.goto(f"{table}uebergabe/")
    first.check("#who-stop")
    first.locator("form.form button").click()
    second.goto(first.locator(".handover__link").inner_text())
    second.locator("main form button").click()
    expect(second.locator("#schreiben")).to_be_visible()
    first.goto(table)
    expect(first.locator("#schreiben")).to_have_count(0)
    first.goto(f"{demo_site.url}{host_path(demo_site)}")
    expect(first.locator("#schreiben")).to_be_visible()
