"""The wall through a whole evening in a real browser: a killed server, six hours, and whoever runs it from the desk."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.journeys.addresses import sign_in
from tests.journeys.walk import RULES
from tests.journeys.walls import WALL, Hall, hall, shown
from tests.sites import Site, running_copy

__all__ = ["hall"]

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.one_database("sqlite", reason="what a wall looks like does not depend on the database"),
]


def kill(site: Site) -> None:
    """The web server dies in the middle of whatever it does, as in a power cut."""
    assert site.process is not None
    os.killpg(site.process.pid, signal.SIGKILL)
    site.process.wait()
    site.process = None


def test_wall_comes_back_by_itself_after_the_server_was_killed_and_shows_each_card_once(
    open_page: Callable[..., Page],
) -> None:
    with running_copy("demo") as site:
        hall = Hall(site)
        hall.fill("for n in range(3): write(f'Vorher {n}', ago=n)")
        page = open_page(width=1280, height=720)
        page.goto(f"{site.url}{WALL}?sprache=de")
        expect(page.locator(".wall-card")).to_have_count(3)
        loaded = page.evaluate("performance.timeOrigin")
        page.evaluate("document.querySelectorAll('.wall-card').forEach((card, n) => card.dataset.mine = n)")
        page.evaluate("window.before = [...document.querySelectorAll('.wall-card')]")
        kill(site)
        mark = page.locator(".wall-mark")
        expect(mark).to_be_visible(timeout=20_000)
        expect(mark).to_contain_text("Verbindung unterbrochen seit")
        assert len(shown(page)) == 3, "the last good picture stays"
        # Approved while the wall was deaf.
        hall.do("for n in range(2): write(f'Inzwischen {n}')")
        hall.do("hold_statement(actor=alma, statement=saying('Vorher 1'), why='names')")
        site.start()
        expect(page.locator(".wall-card")).to_have_count(4, timeout=30_000)
        expect(mark).to_be_hidden()
        hall.do("write('Danach')\nchanged()")
        expect(page.locator(".wall-card")).to_have_count(5)
        words = page.locator(".wall-card__words").all_inner_texts()
        assert sorted(words) == ["Danach", "Inzwischen 0", "Inzwischen 1", "Vorher 0", "Vorher 2"]
        assert page.evaluate("performance.timeOrigin") == loaded, "the wall was reloaded"
        # The cards that stayed are the same elements: nothing flickered.
        assert page.evaluate("window.before.filter((card) => card.isConnected).length") == 2


def test_events_that_come_twice_show_nothing_twice(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("write('Einmal')")
    page = open_page(width=1280, height=720)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    expect(page.locator(".wall-card")).to_have_count(1)
    page.evaluate(
        """() => { window.added = 0; new MutationObserver((seen) => seen.forEach((one) =>
        [...one.addedNodes].forEach((node) => node.nodeType === 1 && window.added++)))
        .observe(document.querySelector('[data-region=stand]'), {childList: true, subtree: true}); }"""
    )
    hall.do("for again in range(20): changed()")
    page.context.set_offline(True)
    page.wait_for_timeout(1500)
    hall.do("write('Zweimal gemeldet')\nchanged()\nchanged()")
    page.context.set_offline(False)
    expect(page.locator(".wall-card")).to_have_count(2, timeout=20_000)
    page.wait_for_timeout(3000)
    expect(page.locator(".wall-card")).to_have_count(2)
    assert page.evaluate("window.added") == 1


def figures(page: Page) -> dict[str, float]:
    """What the page holds: nodes, listeners and bytes, after the rubbish was collected."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    found: list[dict[str, Any]] = tools.send("Performance.getMetrics")["metrics"]
    tools.detach()
    return {one["name"]: one["value"] for one in found}


def test_a_wall_that_is_open_for_six_hours_piles_nothing_up(hall: Hall, open_page: Callable[..., Page]) -> None:
    """Six hours on the page's own clock: the same number of questions each hour, no listeners, no memory."""
    hall.fill("for n in range(12): write(f'Karte {n}', ago=n)")
    page = open_page(width=1280, height=720)
    page.clock.install()
    # An answer takes real time, which half a minute in one go does not grant it.
    page.add_init_script("AbortSignal.timeout = () => new AbortController().signal")
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    expect(page.locator(".wall-card")).to_have_count(12)
    asked: list[str] = []

    def answer_anew(route: Route) -> None:
        """Each answer holds a card that the one before did not, in place of another: the wall patches every time."""
        asked.append(route.request.url)
        answer = route.fetch()
        body = re.sub(r'data-key="[^"]+" data-at', f'data-key="card-{len(asked)}" data-at', answer.text(), count=1)
        route.fulfill(response=answer, body=body)

    page.route("**/karten/**", answer_anew)
    hours, first = [], None
    for hour in range(6):
        before = len(asked)
        for _part in range(120):
            # Half a minute each; what was asked is answered in between.
            page.clock.run_for(30_000)
            page.wait_for_timeout(20)
        hours.append(len(asked) - before)
        if hour == 0:
            first = figures(page)
    assert first is not None
    last = figures(page)
    # About one question each half minute, in the last hour as in the first.
    assert all(30 <= number <= 160 for number in hours), hours
    assert page.locator("[data-key^=card-]").count() == 1
    assert last["JSEventListeners"] <= first["JSEventListeners"] + 5
    assert last["Nodes"] <= first["Nodes"] * 1.5
    assert last["JSHeapUsedSize"] <= first["JSHeapUsedSize"] * 1.5 + 500_000
    expect(page.locator(".wall-card")).to_have_count(12)


@pytest.mark.parametrize("java_script", [True, False], ids=["with-scripts", "without-scripts"])
def test_desk_runs_the_wall_by_buttons_and_keys(hall: Hall, open_page: Callable[..., Page], java_script: bool) -> None:
    hall.fill("for n in range(14): write(f'Karte {n:02d}. ' + 'Der Bus fährt abends nicht. ' * 2, ago=n)")
    wall = open_page(width=1280, height=720)
    wall.goto(f"{hall.site.url}{WALL}?sprache=de")
    expect(wall.locator(".wall-card").first).to_contain_text("Karte 00")
    phone = open_page(width=390, height=844, java_script=java_script)
    sign_in(phone, hall.site, "alma@lindenbronn.example")
    phone.goto(f"{hall.site.url}/schreibtisch/lindenbronn/waende/{hall.do('print(wall.pk)')}/")
    stand = wall.locator("[data-region=stand]")

    def deed(name: str, key: str) -> None:
        button = phone.locator(f"#deed-{name}")
        expect(button).to_be_visible()
        if java_script:
            phone.locator("h1").click()
            phone.keyboard.press(key)
        else:
            button.click()

    deed("quiet", "q")
    expect(stand).to_have_attribute("data-picture", "quiet")
    deed("cards", "q")
    expect(stand).to_have_attribute("data-picture", "cards")
    deed("older", "ArrowLeft")
    expect(stand).to_have_attribute("data-steps", "1")
    expect(wall.locator(".wall-card").first).not_to_be_in_viewport()
    deed("newer", "ArrowRight")
    expect(wall.locator(".wall-card").first).to_be_in_viewport()
    deed("pause", "p")
    expect(phone.locator("#deed-resume")).to_be_visible()
    hall.do("write('Kommt gleich')\nchanged()")
    if java_script:
        expect(phone.locator(".remote__state strong")).to_contain_text("1")
    expect(wall.locator("body")).not_to_contain_text("Kommt gleich")
    deed("resume", "p")
    expect(wall.locator(".wall-card").first).to_contain_text("Kommt gleich")
    if java_script:
        phone.keyboard.press("h")
    else:
        phone.locator("button[value=raise]").first.click()
    expect(wall.locator(".wall-alone")).to_contain_text("Kommt gleich")
    phone.locator("#deed-lower").click()
    expect(wall.locator(".wall-alone")).to_have_count(0)
    if java_script:
        assert Axe().run(phone, options=RULES).response["violations"] == []
        # What is typed into the search is no deed.
        phone.locator("#remote-words").fill("")
        phone.locator("#remote-words").press_sequentially("pqh")
        expect(stand).to_have_attribute("data-picture", "cards")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth") if java_script else True
