"""The wall in a real browser on a real site: read from 15 m, in two directions, and never what is not approved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.journeys.walk import RULES
from tests.journeys.walls import WALL, Hall, hall, shown

__all__ = ["hall"]

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.one_database("sqlite", reason="what a wall looks like does not depend on the database"),
]

# Capitals of Fira Sans, as a share of the type size.
CAPITALS = 0.689
PROJECTORS = [(1280, 720), (1920, 1080), (1024, 768)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitz " * 20

CUT = """() => {
    const faults = [];
    for (const card of document.querySelectorAll('.wall-card')) {
        if (!card.checkVisibility()) continue;
        if (card.getClientRects().length > 1) faults.push('broken in two: ' + card.innerText.slice(0, 40));
        const list = card.closest('.wall-cards');
        const box = card.getBoundingClientRect();
        const edge = list ? list.getBoundingClientRect() : document.documentElement.getBoundingClientRect();
        const inside = box.left >= edge.left - 1 && box.right <= edge.right + 1;
        const outside = box.right <= edge.left + 1 || box.left >= edge.right - 1;
        if (!inside && !outside) faults.push('cut at the side: ' + card.innerText.slice(0, 40));
        if (inside && (box.top < edge.top - 1 || box.bottom > edge.bottom + 1))
            faults.push('cut above or below: ' + card.innerText.slice(0, 40));
        for (const words of card.querySelectorAll('.wall-card__words')) {
            const line = parseFloat(getComputedStyle(words).lineHeight);
            const lines = words.clientHeight / line;
            if (Math.abs(lines - Math.round(lines)) > 0.1) faults.push('a line cut: ' + words.innerText.slice(0, 40));
        }
    }
    const page = document.documentElement;
    if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) faults.push('it scrolls');
    for (const name of ['.wall-clock', '.wall-join', '.wall-question']) {
        const part = document.querySelector(name)?.getBoundingClientRect();
        if (part && (part.top < 0 || part.bottom > innerHeight || part.left < 0 || part.right > innerWidth))
            faults.push(name + ' outside the picture');
    }
    const clock = document.querySelector('.wall-clock')?.getBoundingClientRect();
    const join = document.querySelector('.wall-join')?.getBoundingClientRect();
    if (clock && join && clock.bottom > join.top) faults.push('clock over the way to the tables');
    return faults;
}"""

FULL = """
for n in range(40):
    write(f"Karte {n:02d}. " + ["Kurz.", "Der Bus nach Oberlinden fährt abends nicht. " * 3, LONG][n % 3],
          table=n % 8 + 1, ago=n, ar=["", "الحافلة لا تسير مساءً.", "مكان نلتقي فيه. " * 12][n % 3])
""".replace("LONG", json.dumps(LONG))


@pytest.mark.parametrize("settings", ["", "second_language='ar'", "arrangement='by_table'",
                                      "arrangement='by_table', second_language='ar'"])  # fmt: skip
def test_wall_is_read_from_fifteen_metres_and_nothing_is_cut(
    hall: Hall, open_page: Callable[..., Page], settings: str
) -> None:
    hall.fill(FULL + (f"Wall.objects.filter(pk=wall.pk).update({settings})" if settings else ""))
    for language in ("de", "ar"):
        for width, height in PROJECTORS:
            page = open_page(width=width, height=height)
            page.goto(f"{hall.site.url}{WALL}?sprache={language}")
            page.evaluate("document.fonts.ready.then(() => true)")
            page.wait_for_timeout(300)
            where = f"{settings} {language} {width}x{height}"
            assert page.evaluate(CUT) == [], where
            assert len(shown(page)) >= 2, where
            sizes = page.evaluate(
                """() => Object.fromEntries(['.wall-card__words', '.wall-question__words', '.wall-card__from',
                '.wall-table__name', '.wall-clock__left', '.wall-join__how'].map((name) => {
                    const found = [...document.querySelectorAll(name)].filter((one) => one.checkVisibility());
                    return [name, Math.min(...found.map((one) => parseFloat(getComputedStyle(one).fontSize)))];
                }))"""
            )
            # In parts of the picture's height: capitals of statements, of the question, of what stands around.
            least = 40.5 if "by_table" in settings else 36
            assert sizes[".wall-card__words"] * CAPITALS >= height / least, (where, sizes)
            assert sizes[".wall-question__words"] * CAPITALS >= height / 25, (where, sizes)
            assert sizes[".wall-question__words"] > 1.4 * sizes[".wall-card__words"], (where, sizes)
            for name in (".wall-clock__left", ".wall-join__how"):
                assert sizes[name] * CAPITALS >= height / 51, (where, name, sizes)
            page.context.close()


def test_the_look_at_cut_cards_finds_them(hall: Hall, open_page: Callable[..., Page]) -> None:
    """The negative control of the test above."""
    hall.fill(FULL)
    page = open_page(width=1280, height=720)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    page.wait_for_timeout(300)
    for damage, fault in (
        ("document.querySelector('.wall-cards').style.maxBlockSize = '100px'", "broken in two"),
        ("document.querySelector('.wall-card').style.inlineSize = '400%'", "cut at the side"),
        ("document.querySelector('.wall-card__words').style.blockSize = '1.6em'", "a line cut"),
        ("document.querySelector('.wall-card').style.translate = '0 -200px'", "cut above or below"),
        ("document.body.style.blockSize = '200vh'; document.documentElement.style.overflow = 'auto'", "it scrolls"),
    ):
        page.reload()
        page.wait_for_timeout(300)
        assert page.evaluate(CUT) == []
        page.evaluate(damage)
        assert any(fault in one for one in page.evaluate(CUT)), fault


def test_two_languages_stand_side_by_side_question_and_cards(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("Wall.objects.filter(pk=wall.pk).update(second_language='ar')\nwrite('Der Bus fehlt.', ar='لا حافلة.')")
    page = open_page(width=1280, height=720)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    for name in (".wall-question__words", ".wall-card__words"):
        expect(page.locator(name)).to_have_count(2)
        boxes = page.evaluate(
            """(name) => [...document.querySelectorAll(name)].map((one) => {
                const box = one.getBoundingClientRect(), style = getComputedStyle(one);
                return [one.lang, style.direction, style.textAlign, Math.round(box.top), box.left, box.right];
            })""",
            name,
        )
        (german, arabic) = boxes
        assert german[:2] == ["de", "ltr"]
        assert arabic[:2] == ["ar", "rtl"]
        assert german[3] == arabic[3], "not at the same height"
        assert german[5] <= arabic[4], "not side by side"


def test_words_of_people_look_different_from_words_of_the_town(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("write('Der Bus fehlt.')")
    for scheme in ("light", "dark"):
        page = open_page(width=1280, height=720, color_scheme=scheme, forced_colors="none", reduced_motion="reduce")
        page.goto(f"{hall.site.url}{WALL}")
        grounds = page.evaluate(
            """() => ['.wall-card', '.wall-question', 'body'].map((name) =>
            getComputedStyle(document.querySelector(name)).backgroundColor)"""
        )
        assert grounds[0] not in grounds[1:], scheme
        assert Axe().run(page, options=RULES).response["violations"] == [], scheme


def test_without_movement_a_new_card_stands_there_at_once(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("")
    pages = {}
    for motion in ("reduce", "no-preference"):
        pages[motion] = open_page(width=1280, height=720, reduced_motion=motion)
        pages[motion].goto(f"{hall.site.url}{WALL}?sprache=de")
        expect(pages[motion].locator(".wall-empty")).to_be_visible()
        pages[motion].wait_for_timeout(1500)
    hall.do("write('Ganz neu')\nchanged()")
    moving = {}
    for motion, page in pages.items():
        expect(page.locator(".wall-card")).to_have_count(1)
        moving[motion] = page.evaluate("getComputedStyle(document.querySelector('.wall-card')).animationName")
    assert moving == {"reduce": "none", "no-preference": "wall-card-comes"}


def test_what_is_held_back_leaves_at_once_paused_highlighted_or_stepped_back(
    hall: Hall, open_page: Callable[..., Page]
) -> None:
    hall.fill("write('Bleibt stehen')\nwrite('Nennt einen Namen')\nwrite('Wartet', state='pending')")
    wall, local = open_page(width=1280, height=720), open_page(width=1280, height=720)
    for page in (wall, local):
        page.goto(f"{hall.site.url}{WALL}?sprache=de")
        expect(page.locator(".wall-card")).to_have_count(2)
    local.keyboard.press("p")
    hall.do("actions.pause_wall(actor=alma, wall=wall)\napprove_statement(actor=alma, statement=saying('Wartet'))")
    hall.do("hold_statement(actor=alma, statement=saying('Nennt'), why='names')")
    for page in (wall, local):
        expect(page.locator(".wall-card")).to_have_count(1)
        expect(page.locator(".wall-card")).to_contain_text("Bleibt stehen")
        # How many wait is for staff alone.
        expect(page.locator("body")).not_to_contain_text("wartet")
    hall.do("actions.resume_wall(actor=alma, wall=wall)")
    expect(wall.locator(".wall-card")).to_have_count(2)
    expect(local.locator(".wall-card")).to_have_count(1)
    local.keyboard.press("p")
    expect(local.locator(".wall-card")).to_have_count(2)
    hall.do("actions.highlight_on_wall(actor=alma, wall=wall, statement=saying('Wartet'))")
    expect(wall.locator(".wall-alone")).to_contain_text("Wartet")
    hall.do("hold_statement(actor=alma, statement=saying('Wartet'), why='names')")
    expect(wall.locator(".wall-alone")).to_have_count(0)
    expect(wall.locator("body")).not_to_contain_text("Wartet")
    hall.do(
        "edit_statement(actor=alma, statement=saying('Bleibt'), based_on=1, text='Neu gesagt', language='de',"
        " said_by_count=1, interpreted=False)"
    )
    expect(wall.locator(".wall-card__words")).to_have_text(["Neu gesagt"])


def test_keys_at_the_projector_change_this_display_alone(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("for n in range(30): write(f'Karte {n:02d}. ' + 'Der Bus fährt abends nicht mehr. ' * 2, ago=n)")
    one, other = open_page(width=1280, height=720), open_page(width=1280, height=720)
    for page in (one, other):
        page.goto(f"{hall.site.url}{WALL}?sprache=de")
        expect(page.locator(".wall-card").first).to_contain_text("Karte 00")
    screens = [shown(one)]
    for _back in range(20):
        one.keyboard.press("ArrowLeft")
        one.wait_for_timeout(500)
        if shown(one) == screens[-1]:
            break
        screens.append(shown(one))
    numbers = [words[6:8] for screen in screens for words in screen]
    # Every card once, in order, none left out between two screens; the last screen is filled up with its forerunners.
    assert list(dict.fromkeys(numbers)) == [f"{n:02d}" for n in range(30)]
    assert len(screens) >= 3
    assert "Karte 00" in shown(other)[0]
    for _forward in screens:
        one.keyboard.press("ArrowRight")
        one.wait_for_timeout(300)
    assert shown(one) == screens[0]
    one.keyboard.press("q")
    assert shown(one) == []
    expect(one.locator("h1")).to_be_visible()
    one.keyboard.press("q")
    assert shown(one) == screens[0]
    expect(one.locator("dialog")).to_be_hidden()
    one.keyboard.press("?")
    expect(one.locator("dialog")).to_be_visible()
    assert Axe().run(one, options=RULES).response["violations"] == []
    one.locator("[data-keys-off]").check()
    one.keyboard.press("Escape")
    one.keyboard.press("q")
    assert shown(one) == screens[0], "the keys are switched off"
    assert shown(other) == screens[0]


def test_the_clock_goes_by_the_server_on_a_device_two_days_off(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill(
        "from ortsdialog.meet.gatherings.models import Round\n"
        "Round.objects.filter(pk=wall.gathering.current_round_id).update(duration_minutes=30, extra_minutes=0,"
        " started_at=timezone.now() - timedelta(minutes=22, seconds=20))"
    )
    page = open_page(width=1280, height=720)
    page.clock.set_system_time("2031-01-01T03:00:00Z")
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    expect(page.locator(".wall-clock")).to_have_text("Runde 1 noch 8 Minuten")
    page.wait_for_timeout(1500)
    expect(page.locator(".wall-clock")).to_have_text("Runde 1 noch 8 Minuten")
    hall.do("Gathering.objects.filter(pk=wall.gathering_id).update(current_round=None)\nchanged()")
    expect(page.locator("h1")).to_have_text("Pause")
    hall.do("Gathering.objects.filter(pk=wall.gathering_id).update(state='closed')\nchanged()")
    expect(page.locator("h1")).to_have_text("Danke!")
    expect(page.locator(".wall-join")).to_be_hidden()
    hall.do(
        "Gathering.objects.filter(pk=wall.gathering_id).update(state='running',"
        " current_round=wall.gathering.rounds.first())"
    )


def test_a_picture_that_was_made_earlier_never_comes_back(hall: Hall, open_page: Callable[..., Page]) -> None:
    """A rendering is shared by all who have heard of the same event; who opens the wall later may know more."""
    hall.fill("write('Wird zurückgehalten')\nwrite('Bleibt')")
    earlier = hall.site.get(f"{WALL}karten/?anzeige=de").text
    assert "Wird zurückgehalten" in earlier
    hall.do("hold_statement(actor=alma, statement=saying('Wird zurück'), why='names')")
    page = open_page(width=1280, height=720)
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=earlier)

    page.route("**/karten/**", answer)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    page.evaluate(
        """() => new MutationObserver(() => {
            if (document.body.innerText.includes('Wird zurückgehalten')) document.documentElement.dataset.shown = 'yes';
        }).observe(document.body, {subtree: true, childList: true, characterData: true})"""
    )
    page.wait_for_timeout(3_000)
    assert len(asked) >= 2, "it asks again"
    assert page.locator("html[data-shown]").count() == 0
    page.unroute("**/karten/**")
    hall.do("write('Neu dazu')\nchanged()")
    expect(page.locator(".wall-card__words")).to_have_text(["Neu dazu", "Bleibt"])


def test_a_server_whose_clock_was_set_back_does_not_stop_the_wall(hall: Hall, open_page: Callable[..., Page]) -> None:
    hall.fill("write('Vor der Umstellung')")
    page = open_page(width=1280, height=720)

    def an_hour_ago(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'data-made="(\d+)"', lambda made: f'data-made="{int(made[1]) - 3_600_000}"', answer.text())
        route.fulfill(response=answer, body=body)

    page.route("**/karten/**", an_hour_ago)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    hall.do("write('Nach der Umstellung')\nchanged()")
    expect(page.locator(".wall-card__words")).to_have_text(["Nach der Umstellung", "Vor der Umstellung"])
    page.unroute_all(behavior="ignoreErrors")


def test_a_wall_that_got_an_earlier_picture_does_not_hammer_when_the_network_goes(
    hall: Hall, open_page: Callable[..., Page]
) -> None:
    hall.fill("write('Steht hier')")
    earlier = hall.site.get(f"{WALL}karten/?anzeige=de").text
    page = open_page(width=1280, height=720)
    asked: list[str] = []

    def answer_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=200, content_type="text/html; charset=utf-8", body=earlier)
        else:
            route.abort()

    page.route("**/karten/**", answer_once)
    page.goto(f"{hall.site.url}{WALL}?sprache=de")
    while len(asked) < 2:
        page.wait_for_timeout(50)
    page.wait_for_timeout(3_000)
    assert len(asked) <= 6, "it waits longer after each failure"
