"""One statement's whole life in a real browser, on a real site: from the table to the deed, and back to its writer.

Alma prepares and runs an evening, Rolf speaks on his phone (with scripts, and without), Tessa hosts the table, the
wall shows it, Alma sorts and proposes, an office says yes, and Rolf's code tells him, in German and in Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.addresses import sign_in
from tests.sites import Site

pytestmark = pytest.mark.timeout(300)

DESK = "/schreibtisch/lindenbronn"
WORDS = "Der Bus nach Oberlinden fährt abends nicht. Nach der Schicht komme ich nicht heim."
WALL_SECONDS = 1.0
RECEIPT_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass
class Evening:
    """What the desk shows of the event that Alma made."""

    number: str
    table_code: str
    host_path: str
    wall_path: str


def prepare_evening(desk: Page, site: Site) -> Evening:
    """Create, announce and open an event with one table and one round."""
    desk.goto(f"{site.url}{DESK}/veranstaltungen/")
    process = desk.locator('a[href*="/veranstaltungen/neu/"]').first.get_attribute("href")
    desk.goto(f"{site.url}{process}?format=theme_tables")
    desk.fill("#id_title", "Abend zur Mobilität")
    desk.fill("#id_day", f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}")
    desk.fill("#id_begins", "18:00")
    desk.fill("#id_ends", "21:00")
    desk.fill("#id_venue", "Bürgersaal")
    desk.fill("#id_about", "Wie kommen wir von Ort zu Ort?")
    desk.fill("#id_how_to_take_part", "Kommen Sie einfach vorbei.")
    desk.fill("#id_tables-0-theme", "Unterwegs")
    desk.fill("#id_tables-0-host_name", "Tessa")
    desk.fill("#id_tables-1-theme", "Zu Fuß und mit dem Rad")
    desk.fill("#id_rounds-0-question", "Was muss verbessert werden?")
    desk.fill("#id_rounds-0-minutes", "35")
    for later in range(1, 6):
        if desk.locator(f"#id_rounds-{later}-question").count():
            desk.fill(f"#id_rounds-{later}-question", "")
            desk.fill(f"#id_rounds-{later}-minutes", "")
    desk.locator("main form.form button").first.click()
    desk.wait_for_url(re.compile(r"/veranstaltungen/\d+/$"))
    number = desk.url.rstrip("/").split("/")[-1]
    for deed in ("bekanntmachen/", "beginnen/", "runde/"):
        if deed == "bekanntmachen/":
            desk.goto(f"{site.url}{DESK}/veranstaltungen/{number}/{deed}")
            desk.locator("main form.form button").first.click()
        elif deed == "beginnen/":
            # The event is weeks ahead: opening its tables today is folded away.
            desk.locator("main summary").first.click()
            desk.locator(f'form[action$="/{deed}"] button').first.click()
        else:
            desk.locator(f'form[action$="/{deed}"] button').first.click()
        desk.wait_for_url(re.compile(rf"/veranstaltungen/{number}/$"))
    paths = site.python(
        "from ortsdialog.kernel.tenancy import open_place\n"
        "from ortsdialog.ground.places.queries import place_by_slug\n"
        "from ortsdialog.ground.accounts.models import User\n"
        "from ortsdialog.ground.accounts.queries import actor_of_user\n"
        "from ortsdialog.meet.gatherings.models import Gathering\n"
        "from ortsdialog.meet.capture.actions import create_wall\n"
        "alma = actor_of_user(User.objects.get(email='alma@lindenbronn.example'), second_factor=True)\n"
        "with open_place(place_by_slug('lindenbronn')):\n"
        f"    gathering = Gathering.objects.get(pk={number})\n"
        "    table = gathering.tables.get(number=1)\n"
        "    print(table.code, table.host_key, create_wall(actor=alma, gathering=gathering).code)\n"
    ).split()
    code, host_key, wall = paths
    return Evening(number, code, f"/t/{code}/gastgeber/{host_key}/", f"/wand/{wall}/")


def hand_in(phone: Page, site: Site, code: str, words: str) -> str:
    """Type the code, write, hand in; returns the receipt code that the phone shows."""
    phone.goto(f"{site.url}/t/")
    phone.fill("input[name=code]", f" {code.lower()} ")
    phone.locator("main form button").first.click()
    phone.wait_for_url(f"**/t/{code}/")
    phone.fill("#id_text", words)
    phone.locator("form#abgeben button").click()
    # With script the list of this device shows it, without the page that follows the form.
    arrived = phone.locator("[data-record] [data-receipt], #angekommen .code").first
    expect(arrived).to_be_visible()
    found = RECEIPT_CODE.search(re.sub(r"\s+", "", arrived.inner_text()))
    assert found, arrived.inner_text()
    return found.group(0)


@pytest.mark.parametrize("java_script", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_statement_walks_from_the_table_to_the_deed(
    demo_site: Site, open_page: Callable[..., Page], java_script: bool
) -> None:
    site = demo_site
    words = f"{WORDS} ({'mit' if java_script else 'ohne'} Skript)"
    desk = open_page(java_script=java_script)
    sign_in(desk, site, "alma@lindenbronn.example")
    evening = prepare_evening(desk, site)

    # Rolf speaks; nobody asks him for a name.
    phone = open_page(width=390, height=844, java_script=java_script)
    code = hand_in(phone, site, evening.table_code, words)
    # Going back and sending once more stores nothing twice.
    phone.reload()
    count = f"Statement.objects.filter(gathering_id={evening.number}).count()"
    assert ask(site, count) == "1"

    # The wall stands before the approval, and shows nothing yet.
    wall = open_page(width=1280, height=720)
    wall.goto(f"{site.url}{evening.wall_path}")
    expect(wall.locator("main")).to_contain_text("Was muss verbessert werden?")
    expect(wall.locator("body")).not_to_contain_text("Oberlinden")

    # Tessa approves with the host's card; the wall shows it within a second, without reload.
    host = open_page(width=390, height=844, java_script=java_script)
    host.goto(f"{site.url}{evening.host_path}")
    expect(host.locator("body")).to_contain_text(words)
    loaded = wall.evaluate("performance.timeOrigin")
    host.locator("button[name=decision][value=approve]").first.click()
    expect(wall.locator("body")).to_contain_text("Oberlinden")
    seen = datetime.now(UTC)
    approved = datetime.fromisoformat(ask(site, f"Statement.objects.get(gathering_id={evening.number}).moderated_at"))
    assert (seen - approved).total_seconds() < WALL_SECONDS
    assert wall.evaluate("performance.timeOrigin") == loaded, "the wall was reloaded"

    # Alma sorts it into a new cluster and makes a measure of it.
    process = "wie-leben-wir-zusammen"
    statement = ask(site, f"Statement.objects.get(gathering_id={evening.number}).pk")
    desk.goto(f"{site.url}{DESK}/dialoge/{process}/ordnen/")
    desk.locator(f"#tick-{statement}").check()
    desk.locator(f"select[name=kind-{statement}]").select_option("problem")
    title = f"Abends unterwegs {evening.number}"
    desk.fill("#new_title", title)
    desk.locator("form.sorting .kern-btn, form.sorting button").last.click()
    cluster = ask(site, f"Statement.objects.get(pk='{statement}').cluster_id")
    assert cluster != "None"
    desk.goto(f"{site.url}{DESK}/plan/{process}/massnahmen/neu/?cluster={cluster}")
    desk.fill("#id_title", "Abendbus nach Oberlinden")
    desk.locator("main form button").first.click()
    desk.wait_for_url(re.compile(r"/massnahmen/\d+/"))
    measure = re.search(r"/massnahmen/(\d+)/", desk.url)
    assert measure

    # She asks the public utilities; they answer by link, without an account.
    desk.goto(f"{site.url}{DESK}/plan/massnahmen/{measure.group(1)}/anfragen/")
    desk.fill("#id_owner_name", "Stadtwerke Lindenbronn")
    desk.locator("main form button").first.click()
    link = re.search(r"/zusage/[\w-]+/", desk.content())
    assert link, desk.locator("main").inner_text()
    office = open_page(java_script=java_script)
    office.goto(f"{site.url}{link.group(0)}")
    office.locator("input[name=answer][value=yes]").check()
    office.locator("main form button").first.click()
    # Once is enough: the same link takes no second answer.
    office.goto(f"{site.url}{link.group(0)}")
    assert office.locator("input[name=answer]").count() == 0

    # It is carried out.
    for state in ("running", "done"):
        desk.goto(f"{site.url}{DESK}/plan/massnahmen/{measure.group(1)}/")
        choice = desk.locator(f"input[name=state][value={state}]")
        choice.check()
        desk.fill("#id_note", f"Stand: {state}")
        desk.locator("#stand form button").first.click()
        desk.wait_for_load_state()

    # Rolf's code tells him everything, in his language.
    rolf = open_page(width=390, height=844, java_script=java_script)
    rolf.goto(f"{site.url}/weg/{code}/?sprache=de")
    for expected in (words, title, "Abendbus nach Oberlinden", "Stadtwerke Lindenbronn", "Umgesetzt"):
        expect(rolf.locator("main")).to_contain_text(expected)
    rolf.goto(f"{site.url}/weg/{code.lower().replace('-', ' ')}/?sprache=ar")
    expect(rolf.locator("html")).to_have_attribute("dir", "rtl")
    expect(rolf.locator("html")).to_have_attribute("lang", "ar")
    expect(rolf.locator("main")).to_contain_text("نُفّذ")


def ask(site: Site, expression: str) -> str:
    """One value from the site's database."""
    return site.python(
        "from ortsdialog.kernel.tenancy import open_place\n"
        "from ortsdialog.ground.places.queries import place_by_slug\n"
        "from ortsdialog.meet.contributions.models import Statement\n"
        "with open_place(place_by_slug('lindenbronn')):\n"
        f"    print({expression})\n"
    ).strip()
