"""The wall in a real browser on a real site: read from 15 m, in two directions, through a lost server, all evening."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.journeys.addresses import sign_in
from tests.journeys.walk import RULES
from tests.sites import Site, running_copy

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.one_database("sqlite", reason="what a wall looks like does not depend on the database"),
]

WALL = "/wand/LINDEWAND/"
# Capitals of Fira Sans, as a share of the type size.
CAPITALS = 0.689
PROJECTORS = [(1280, 720), (1920, 1080), (1024, 768)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitz " * 20

PREPARED = """
import json, sys, uuid
from datetime import timedelta
from django.utils import timezone
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.queries import actor_of_user
from ortsdialog.ground.places.queries import place_by_slug
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.live import announce
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture import actions
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.actions import approve_statement, edit_statement, hold_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.gatherings.codes import new_host_key, new_table_code
from ortsdialog.meet.gatherings.models import Gathering, Table

alma = actor_of_user(User.objects.get(email="alma@lindenbronn.example"), second_factor=True)
place = place_by_slug("lindenbronn")

def write(text, *, table=1, ago=0, state="approved", ar=""):
    gathering = wall.gathering
    seat = Table.objects.filter(gathering=gathering, number=table).first() or Table.objects.create(
        place=place, gathering=gathering, number=table, theme=MultilingualText.written("Wohnen und Nachbarschaft"),
        code=new_table_code(), host_key=new_host_key())
    words = MultilingualText.written(text)
    if ar:
        words = words.with_version("ar", ar, State.CHECKED)
    current = gathering.current_round
    return Statement.objects.create(
        id=uuid.uuid4(), place=place, process_id=gathering.process_id, gathering=gathering, table=seat,
        round=current, question=current.question, text=words, state=state, receipt_code=new_receipt_code(),
        moderated_at=timezone.now() - timedelta(seconds=ago) if state == "approved" else None)

def saying(words):
    return next(one for one in Statement.objects.filter(gathering=wall.gathering) if words in one.text.original_text)

def changed():
    announce(f"gathering:{wall.gathering_id}", "wall", wall.pk)

with open_place(place):
    wall = Wall.objects.select_related("gathering__current_round__question").get(code="LINDEWAND")
"""
EMPTY = """
Statement.everything.filter(gathering=wall.gathering).update(state="held")
Wall.objects.filter(pk=wall.pk).update(second_language="", arrangement="mixed", paused_at=None, stepped_at=None,
    steps_back=0, highlighted=None, is_quiet=False)
wall.refresh_from_db()
Gathering.objects.filter(pk=wall.gathering_id).update(is_rehearsing=False, state="running")
"""


@dataclass
class Hall:
    """A site whose wall a test fills and runs."""

    site: Site

    def do(self, code: str) -> str:
        """Run lines with `wall`, `alma`, `write`, `saying` at hand; what they print."""
        lines = "\n".join(f"    {line}" for line in code.strip().splitlines())
        return self.site.python(f"{PREPARED}{lines}\n").strip()

    def fill(self, code: str) -> None:
        """The same on a wall without cards and with its first settings."""
        self.do(f"{EMPTY}\n{code}\nchanged()")


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with running_copy("demo") as site:
        yield Hall(site)


def shown(page: Page) -> list[str]:
    """The words of the cards whose whole box lies inside the picture, and so of those that the hall sees."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.wall-card')].filter((card) => {
            const box = card.getBoundingClientRect();
            return card.checkVisibility() && box.left >= 0 && box.right <= innerWidth && visible(card, box);
            function visible(card, box) {
                const list = card.closest('.wall-cards')?.getBoundingClientRect();
                return !list || (box.left >= list.left - 1 && box.right <= list.right + 1);
            }
        }).map((card) => card.querySelector('.wall-card__words').innerText)"""
    )
    return found


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
        ("document.querySelector('.wall-cards').style.blockSize = '100px'", "broken in two"),
        ("document.querySelector('.wall-card').style.inlineSize = '200%'", "cut at the side"),
        ("document.querySelector('.wall-card__words').style.blockSize = '1.6em'", "a line cut"),
        ("document.querySelector('.wall-question').style.marginBlockEnd = '150vh'", "cut above or below"),
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
        page = open_page(width=1280, height=720, color_scheme=scheme, forced_colors="none")
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
    hall.do("hold_statement(actor=alma, statement=saying('Nennt'), reason='Name')")
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
    hall.do("hold_statement(actor=alma, statement=saying('Wartet'), reason='x')")
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
        hall.do("hold_statement(actor=alma, statement=saying('Vorher 1'), reason='x')")
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
