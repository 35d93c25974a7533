"""What a participant's page weighs over the wire, first visit, fonts included: hall Wi-Fi is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.addresses import addresses
from tests.sites import Site

pytestmark = pytest.mark.one_database("sqlite", reason="the weight of a page does not depend on the database")

# kB; Arabic needs a second family of letters.
LIMITS = {"de": 150, "en": 150, "de-ls": 150, "ar": 220}
SCRIPT_LIMIT = 40
FOR_PARTICIPANTS = {"capture:table", "capture:enter-code", "site:receipt", "site:receipt-search", "capture:host"}
# A whole evening's work on one page, opened once: the host's may weigh a little more than a guest's.
MORE_FOR_HOSTS = 20


def weigh(page: Page, address: str) -> tuple[float, float]:
    """Kilobytes received for a page without cache: in all, and of these JavaScript."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    received: dict[str, float] = {}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on(
        "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
    )
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(500)
    script = sum(size for request, size in received.items() if kinds.get(request) == "Script")
    return sum(received.values()) / 1000, script / 1000


@pytest.mark.parametrize("language", LIMITS)
def test_participant_pages_are_light(demo_site: Site, open_page: Callable[..., Page], language: str) -> None:
    weights = {}
    for address in addresses(demo_site):
        if address.name in FOR_PARTICIPANTS:
            page = open_page(width=390, height=844)
            weights[address.path] = weigh(page, f"{demo_site.url}{address.path}?sprache={language}")
    too_heavy = {
        path: both
        for path, both in weights.items()
        if both[0] > LIMITS[language] + (MORE_FOR_HOSTS if "/gastgeber/" in path else 0) or both[1] > SCRIPT_LIMIT
    }
    assert len(weights) >= 5
    assert min(total for total, _ in weights.values()) > 20, "nothing was weighed"
    assert too_heavy == {}
