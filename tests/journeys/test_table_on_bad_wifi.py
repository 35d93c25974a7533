"""The table's page without network, with answers that are none, and on a tablet that several people use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.journeys.walls import Hall, hall
from tests.sites import Site, running_copy

__all__ = ["hall"]

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.one_database("sqlite", reason="what a phone keeps does not depend on the server's database"),
]
TABLE = "/t/LINDE1/"
DURING_RETRIES = 45_000
SOONER_THAN_THE_NEXT_SIGN = 10_000
# The page that opens without network, once there is one.
KEPT = "() => caches.match(location.pathname).then((found) => (found ? found.text() : ''))"


def open_table(page: Page, site: Site, query: str = "") -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}{TABLE}{query}")
    expect(page.locator("html[data-ready]")).to_be_attached()


def wait_until_kept(page: Page) -> None:
    while not page.evaluate(KEPT):
        page.wait_for_timeout(50)


def hand_in(page: Page, words: str) -> None:
    page.fill("#id_text", words)
    page.click("#abgeben button")


def item(page: Page, words: str, state: str) -> None:
    row = page.locator("[data-record]", has_text=words)
    expect(row).to_have_attribute("data-state", state, timeout=DURING_RETRIES)


def stored(site: Site, words: str) -> int:
    code = (
        "from ortsdialog.kernel.tenancy import Reason, across_places\n"
        "from ortsdialog.meet.contributions.models import Statement\n"
        "with across_places(reason=Reason.SITE_MAINTENANCE):\n"
        f"    print(sum(s.text.original_text == {words!r} for s in Statement.everything.all()))"
    )
    return int(site.python(code))


def test_page_opens_without_network_after_one_visit_and_sends_later(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=390, height=844)
    open_table(page, demo_site)
    wait_until_kept(page)
    context = page.context
    page.close()
    context.set_offline(True)
    again = context.new_page()
    open_table(again, demo_site)
    hand_in(again, "Ohne Netz geschrieben.")
    item(again, "Ohne Netz geschrieben.", "device")
    expect(again.locator("[data-unsent]")).to_contain_text("1")
    expect(again.locator("#id_text")).to_have_value("")
    assert stored(demo_site, "Ohne Netz geschrieben.") == 0
    context.set_offline(False)
    item(again, "Ohne Netz geschrieben.", "arrived")
    expect(again.locator("[data-unsent]")).to_be_hidden()
    assert stored(demo_site, "Ohne Netz geschrieben.") == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Willkommen im Hotel</h1>"},
        {"status": 200, "content_type": "application/json", "body": '{"state": "received"}'},
        {
            "status": 503,
            "content_type": "application/json",
            "body": '{"state": "busy"}',
            "headers": {"Retry-After": "1"},
        },
        {"status": 500, "content_type": "text/html", "body": "kaputt"},
    ],
    ids=["page-of-the-wifi", "other-words", "busy", "broken"],
)
def test_only_the_inbox_says_that_something_has_arrived(
    demo_site: Site, open_page: Callable[..., Page], answer: dict[str, object]
) -> None:
    page = open_page(width=390, height=844)
    asked: list[str] = []

    def strange(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(**answer)  # type: ignore[arg-type]

    page.route("**/einwurf/", strange)
    open_table(page, demo_site)
    words = f"Wartet: {answer['body']}"
    hand_in(page, words)
    page.wait_for_timeout(2_000)
    item(page, words, "device")
    assert asked
    page.unroute("**/einwurf/")
    item(page, words, "arrived")
    assert stored(demo_site, words) == 1


def test_a_refused_text_stays_and_can_be_handed_in_anew(demo_site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(width=390, height=844)
    ids: list[str] = []

    def differs(route: Route) -> None:
        ids.append((route.request.post_data_json or {})["id"])
        route.fulfill(status=409, content_type="application/json", body='{"state": "differs"}')

    page.route("**/einwurf/", differs)
    open_table(page, demo_site)
    hand_in(page, "Zweimal derselbe Zettel.")
    item(page, "Zweimal derselbe Zettel.", "differs")
    page.unroute("**/einwurf/")
    page.on("request", lambda sent: ids.append(sent.post_data_json["id"]) if sent.url.endswith("/einwurf/") else None)
    page.click("[data-again]")
    expect(page.locator("#id_text")).to_have_value("Zweimal derselbe Zettel.")
    page.click("#abgeben button")
    item(page, "Zweimal derselbe Zettel.", "arrived")
    assert len(ids) == 2
    assert ids[0] != ids[1]


def test_a_table_tablet_shows_the_next_guest_nothing_and_still_sends(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=820, height=1180)
    open_table(page, demo_site, "?tablet=1")
    hand_in(page, "Angekommenes Geheimnis.")
    item(page, "Angekommenes Geheimnis.", "arrived")
    page.route("**/einwurf/", lambda route: route.abort())
    hand_in(page, "Wartendes Geheimnis.")
    item(page, "Wartendes Geheimnis.", "device")
    page.fill("#id_text", "Angefangenes Geheimnis.")
    page.click("[data-done]")
    expect(page.locator("[data-record]")).to_have_count(0)
    expect(page.locator("#id_text")).to_have_value("")
    expect(page.locator("[data-others]")).to_contain_text("1")
    kept = page.evaluate(
        """() => new Promise((done) => { const opening = indexedDB.open("ortsdialog"); opening.onsuccess = () => {
          const asked = opening.result.transaction("statements").objectStore("statements").getAll();
          asked.onsuccess = () => { opening.result.close(); done(JSON.stringify([asked.result, {...localStorage}])); };
        }; })"""
    )
    assert "Geheimnis" not in kept
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("body")).not_to_contain_text("Geheimnis")
    page.unroute("**/einwurf/")
    expect(page.locator("[data-others]")).to_be_hidden(timeout=DURING_RETRIES)
    expect(page.locator("[data-record]")).to_have_count(0)
    assert stored(demo_site, "Wartendes Geheimnis.") == 1


def test_a_forgotten_tablet_warns_and_wipes_by_itself(demo_site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(width=820, height=1180)
    page.clock.install()
    open_table(page, demo_site, "?tablet=1")
    page.fill("#id_text", "Vergessen")
    page.clock.run_for(76_000)
    expect(page.locator("[data-warning]")).to_be_visible()
    page.click("[data-stay]")
    expect(page.locator("[data-warning]")).to_be_hidden()
    expect(page.locator("#id_text")).to_have_value("Vergessen")
    page.clock.run_for(76_000)
    expect(page.locator("[data-warning]")).to_be_visible()
    page.clock.run_for(21_000)
    expect(page.locator("#id_text")).to_have_value("")


def test_a_tablet_that_slept_is_wiped_before_the_next_guest_sees_it(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=820, height=1180)
    open_table(page, demo_site, "?tablet=1")
    long_ago = "localStorage.setItem('beruehrt', Date.now() - 3_600_000)"
    page.fill("#id_text", "Vor dem Schlaf")
    page.evaluate(f"{long_ago}; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#id_text")).to_have_value("")
    page.fill("#id_text", "Vor dem Neuladen")
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("#id_text")).to_have_value("Vor dem Neuladen")
    page.evaluate(long_ago)
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("#id_text")).to_have_value("")
    assert "Neuladen" not in page.evaluate("JSON.stringify({...localStorage})")


def test_a_wipe_without_network_is_made_up_for_before_the_list_is_adopted(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=390, height=844)
    open_table(page, demo_site)
    wait_until_kept(page)
    page.fill("#id_text", "Ohne Skript abgegeben.")
    with page.expect_navigation():
        page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[data-capture]'))")
    item(page, "Ohne Skript abgegeben.", "arrived")
    page.wait_for_timeout(1_000)
    # What is kept for later is not the page that shows this receipt.
    kept = page.evaluate(KEPT)
    assert kept
    assert "Ohne Skript" not in kept
    page.route("**/fertig/", lambda route: route.abort())
    page.evaluate("document.querySelector('[data-outbox] form[data-forget]').requestSubmit()")
    expect(page.locator("[data-record]")).to_have_count(0)
    for _ in range(2):
        # Still not through: nobody's list.
        open_table(page, demo_site)
        expect(page.locator("body")).not_to_contain_text("Ohne Skript")
    page.unroute("**/fertig/")
    with page.expect_response("**/fertig/"):
        page.reload()
    page.wait_for_timeout(1_000)
    assert not [one for one in page.context.cookies() if one["name"] == "beitraege" and one["value"]]
    open_table(page, demo_site)
    expect(page.locator("[data-record]")).to_have_count(0)


def test_a_page_asked_for_before_a_wipe_is_not_kept_after_it(demo_site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(width=390, height=844)
    open_table(page, demo_site)
    wait_until_kept(page)
    ask = """([first, then]) => new Promise((done) => {
        navigator.serviceWorker.addEventListener('message', () => done(), {once: true});
        const keep = {deed: 'keep', address: location.href, files: [], fresh: true};
        for (const deed of [first, then]) navigator.serviceWorker.controller.postMessage(deed ? {deed} : keep);
    })"""
    page.evaluate(ask, ["", "forget"])
    assert not page.evaluate(KEPT), "the wipe came while the page was on its way"
    page.evaluate(ask, ["forget", ""])
    assert page.evaluate(KEPT)


def test_a_proxy_cannot_make_a_statement_wait_for_hours(demo_site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(width=390, height=844)
    page.route("**/einwurf/", lambda route: route.fulfill(status=503, body="weg", headers={"Retry-After": "86400"}))
    open_table(page, demo_site)
    hand_in(page, "Hinter einem Proxy.")
    page.wait_for_timeout(1_000)
    page.unroute("**/einwurf/")
    item(page, "Hinter einem Proxy.", "arrived")
    busy = {"status": 503, "content_type": "application/json", "body": '{"state": "busy"}'}
    page.route("**/einwurf/", lambda route: route.fulfill(**busy, headers={"Retry-After": "86400"}))
    hand_in(page, "Nach dem Funkloch.")
    page.wait_for_timeout(1_000)
    page.unroute("**/einwurf/")
    # The network is back: what was asked for before counts no more.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    item(page, "Nach dem Funkloch.", "arrived")


def test_what_was_not_taken_from_an_earlier_guest_is_still_counted(
    demo_site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=820, height=1180)
    page.route(
        "**/einwurf/",
        lambda route: route.fulfill(status=413, content_type="application/json", body='{"state": "too_long"}'),
    )
    open_table(page, demo_site, "?tablet=1")
    hand_in(page, "Zu lang.")
    item(page, "Zu lang.", "too_long")
    page.click("[data-done]")
    expect(page.locator("[data-record]")).to_have_count(0)
    expect(page.locator("[data-others]")).to_contain_text("1")


def test_a_phone_that_was_dead_delivers_after_the_event(open_page: Callable[..., Page]) -> None:
    end = (
        "from django.utils import timezone\n"
        "from ortsdialog.kernel.tenancy import Reason, across_places\n"
        "from ortsdialog.meet.gatherings.models import Gathering, Table\n"
        "with across_places(reason=Reason.SITE_MAINTENANCE):\n"
        "    of = Table.objects.get(code='LINDE1').gathering_id\n"
        "    Gathering.objects.filter(pk=of).update(state='closed', closed_at=timezone.now(), current_round=None)"
    )
    with running_copy("demo") as site:
        page = open_page(width=390, height=844)
        open_table(page, site)
        context = page.context
        context.set_offline(True)
        hand_in(page, "Der Akku war leer.")
        item(page, "Der Akku war leer.", "device")
        page.close()
        site.python(end)
        context.set_offline(False)
        later = context.new_page()
        open_table(later, site)
        expect(later.locator("#id_text")).to_have_count(0)
        item(later, "Der Akku war leer.", "arrived")
        assert stored(site, "Der Akku war leer.") == 1
        assert "Der Akku war leer." not in site.get("/wand/LINDEWAND/").text


def test_an_approval_during_a_slow_sign_of_life_is_not_missed(hall: Hall, open_page: Callable[..., Page]) -> None:
    page = open_page(width=390, height=844)
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route("**/stand/", hold_the_first)
    open_table(page, hall.site)
    hand_in(page, "Wird gleich freigegeben.")
    item(page, "Wird gleich freigegeben.", "arrived")
    while not held:
        page.wait_for_timeout(100)
    # The phone has asked, its answer is on the way, and only now somebody approves.
    hall.do("approve_statement(actor=alma, statement=saying('Wird gleich freigegeben'))")
    page.wait_for_timeout(1_500)
    route, answer = held[0]
    route.fulfill(response=answer)
    row = page.locator("[data-record]", has_text="Wird gleich freigegeben.")
    expect(row).to_have_attribute("data-state", "wall", timeout=SOONER_THAN_THE_NEXT_SIGN)
    page.unroute_all(behavior="ignoreErrors")


def test_what_was_written_in_a_rehearsal_says_so_when_it_arrives_after_it(
    hall: Hall, open_page: Callable[..., Page]
) -> None:
    rehearse = "Gathering.objects.filter(pk=wall.gathering_id).update(is_rehearsing={}, moderation='post')\nchanged()"
    hall.do(rehearse.format(True))
    page = open_page(width=390, height=844)
    open_table(page, hall.site)
    expect(page.locator(".rehearsal")).to_be_visible()
    page.context.set_offline(True)
    hand_in(page, "Nur zur Übung.")
    item(page, "Nur zur Übung.", "device")
    hall.do(rehearse.format(False))
    page.context.set_offline(False)
    item(page, "Nur zur Übung.", "arrived")
    assert hall.do("print(saying('Nur zur Übung').hints[0]['kind'])").splitlines()[-1] == "practice"
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator(".rehearsal")).to_have_count(0)
    hand_in(page, "Ganz im Ernst.")
    item(page, "Ganz im Ernst.", "wall")
