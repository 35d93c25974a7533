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
    # The page of the first device finds out by itself, and loads itself anew.
    expect(first.locator("form.form")).to_have_count(0, timeout=20_000)
    first.goto(table)
    expect(first.locator("#schreiben")).to_have_count(0)
    first.goto(f"{demo_site.url}{host_path(demo_site)}")
    expect(first.locator("#schreiben")).to_be_visible()


def test_what_a_host_wrote_waits_for_the_card_when_the_device_has_lost_it(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=390, height=844)
    with page.expect_request("**/gastgeber/stand/", timeout=15_000) as told:
        page.goto(f"{demo_site.url}{host_path(demo_site)}")
    assert told.value.post_data_json["unsent"] == 0
    assert told.value.response().status == 200
    kept = page.locator("[data-host-queue] > li", has_text="Am nächsten Morgen")
    page.context.set_offline(True)
    page.locator("#schreiben textarea").fill("Am nächsten Morgen gesendet")
    page.locator("#schreiben textarea").press("Enter")
    expect(kept).to_have_count(1)
    page.context.clear_cookies()
    with page.expect_response("**/einwurf/", timeout=45_000) as refused:
        page.context.set_offline(False)
    assert refused.value.status == 404
    page.goto(f"{demo_site.url}{host_path(demo_site)}")
    expect(kept.locator("b")).to_have_count(1, timeout=30_000)
    # Handed on long ago: the guest's code leaves the host's device.
    page.evaluate(
        """() => new Promise((done) => { const opening = indexedDB.open("ortsdialog"); opening.onsuccess = () => {
          const rows = opening.result.transaction("statements", "readwrite").objectStore("statements");
          rows.getAll().onsuccess = (found) => { for (const row of found.target.result)
            rows.put({ ...row, kept_at: "2020-01-01T00:00:00.000Z" }); };
          rows.transaction.oncomplete = () => { opening.result.close(); done(); };
        }; })"""
    )
    page.reload()
    expect(page.locator('[data-step="1"]')).to_be_visible()
    page.wait_for_function(
        """() => new Promise((done) => { const opening = indexedDB.open("ortsdialog"); opening.onsuccess = () => {
          const asked = opening.result.transaction("statements").objectStore("statements").count();
          asked.onsuccess = () => { opening.result.close(); done(asked.result === 0); };
        }; })"""
    )
