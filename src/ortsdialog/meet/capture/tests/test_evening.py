"""The control room: what it counts, who sees it, what it costs, and what it never shows."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.choices import DeviceRole
from ortsdialog.meet.capture.evening import SILENT_AFTER, evening_now
from ortsdialog.meet.capture.models import Device, Wall
from ortsdialog.meet.capture.templatetags.evening import ago
from ortsdialog.meet.capture.tests.pages import markup, text_of
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Announcement, Gathering, Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering

# Session, person, roles, town, event; tables, devices, statements, rounds, announcements, channels, cards, walls,
# and the questions of the page's frame.
BUDGET = 15


def control_room(gathering: Gathering, place: str = "altdorf") -> str:
    return reverse("capture:desk-evening", kwargs={"place": place, "pk": gathering.pk})


def make_device(
    table: Table, *, role: str = DeviceRole.GUEST, minutes_ago: float = 0, unsent: int = 0, key: str = ""
) -> Device:
    with open_place(table.place_id):
        return Device.objects.create(
            place_id=table.place_id,
            gathering_id=table.gathering_id,
            table=table,
            key=key or uuid.uuid4().hex,
            role=role,
            unsent_count=unsent,
            last_seen_at=timezone.now() - timedelta(minutes=minutes_ago),
        )


@pytest.fixture
def at_desk(sign_in: Any, alma: Any) -> Client:
    return sign_in(alma)


# ---- What is counted ---------------------------------------------------------------------------------


def test_evening_now_counts_tables_devices_states_and_languages(
    in_altdorf: Any, evening: Gathering, table: Table, second_table: Table, other_table: Table
) -> None:
    make_statement(table, state=ModerationState.PENDING)
    make_statement(table, "صوتي", language="ar")
    make_statement(table, state=ModerationState.HELD)
    make_statement(second_table)
    make_statement(table, rehearsal=True)
    make_statement(other_table, state=ModerationState.PENDING)
    make_device(table, role=DeviceRole.HOST, unsent=1, minutes_ago=2)
    make_device(table, unsent=2, minutes_ago=1)
    make_device(second_table, minutes_ago=9)
    make_device(other_table, unsent=7)
    now = evening_now(evening)
    first, second = now.tables
    assert (first.pending, first.approved, first.held, first.total) == (1, 1, 1, 3)
    assert (first.devices, first.unsent, first.host_present) == (2, 3, True)
    assert (second.devices, second.unsent, second.host_present, second.total) == (1, 0, False, 1)
    assert (now.waiting, now.approved, now.held, now.total, now.devices, now.unsent) == (1, 2, 1, 4, 3, 3)
    assert now.languages == ["de", "ar"]
    assert [(row.numbers, row.total) for row in now.by_language] == [([2, 1], 3), ([1, 0], 1)]
    assert now.language_totals == [3, 1]
    assert now.unsent_tables == [first]
    told = timezone.now() - timedelta(minutes=1)
    assert now.unsent_told_at is not None
    assert abs((now.unsent_told_at - told).total_seconds()) < 5


def test_table_is_silent_without_device_and_statement_for_long(
    in_altdorf: Any, evening: Gathering, table: Table, second_table: Table
) -> None:
    long_ago = SILENT_AFTER.total_seconds() / 60 + 1
    make_device(table, role=DeviceRole.HOST, minutes_ago=long_ago)
    assert [row.table.number for row in evening_now(evening).silent] == [1, 2]
    assert not evening_now(evening).tables[0].host_present
    # A statement is a sign of life, one keyed in from paper is none.
    make_statement(table)
    make_statement(second_table, channel=Channel.PAPER)
    assert [row.table.number for row in evening_now(evening).silent] == [2]
    make_device(second_table)
    assert evening_now(evening).silent == []


def test_no_table_is_silent_before_and_after_the_event(in_altdorf: Any, dialogue: Any) -> None:
    coming = make_gathering(dialogue, slug="bald", state=GatheringState.PUBLISHED)
    assert evening_now(coming).silent == []


def test_oldest_waiting_statement_gives_the_time(in_altdorf: Any, evening: Gathering, table: Table) -> None:
    assert evening_now(evening).oldest_waiting_at is None
    early = timezone.now() - timedelta(minutes=12)
    make_statement(table, state=ModerationState.PENDING)
    make_statement(table, state=ModerationState.PENDING, received_at=early)
    make_statement(table, received_at=early - timedelta(hours=1))
    assert evening_now(evening).oldest_waiting_at == early


def test_statement_without_a_table_is_counted_in_a_row_of_its_own(
    in_altdorf: Any, evening: Gathering, table: Table
) -> None:
    Statement.objects.filter(pk=make_statement(table).pk).update(table=None)
    rows = evening_now(evening).by_language
    assert [(row.table and row.table.number, row.total) for row in rows] == [(1, 0), (2, 0), (None, 1)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.5, "just now"), (1.2, "1 minute ago"), (2, "2 minutes ago"), (61, "1 hour ago"), (150, "2 hours ago")],
)
def test_ago_speaks_in_whole_minutes_and_hours(minutes: float, words: str) -> None:
    with translation.override("en"):
        assert ago(timezone.now() - timedelta(minutes=minutes)) == words


def test_ago_of_another_day_names_it_and_of_never_says_nothing() -> None:
    assert "Uhr" in ago(timezone.now() - timedelta(days=3))
    assert ago(None) == ""


# ---- The page -----------------------------------------------------------------------------------------


def test_control_room_shows_the_hall(at_desk: Client, evening: Gathering, table: Table, wall: Wall) -> None:
    make_device(table, unsent=3, minutes_ago=2)
    make_statement(table, state=ModerationState.PENDING, received_at=timezone.now() - timedelta(minutes=12))
    with open_place(evening.place_id):
        Announcement.objects.create(
            place_id=evening.place_id, gathering=evening, text=MultilingualText.written("Buffet offen")
        )
    page = at_desk.get(control_room(evening), {"sprache": "en"})
    assert page.status_code == 200
    said = text_of(page)
    for words in ("Table 1", "Table 2", "2 minutes ago", "12 minutes ago", "Buffet offen", "Round 1", "Wall 1"):
        assert words in said, words
    source = markup(page)
    for name in ("desk-clock", "desk-break", "desk-round", "desk-announce", "desk-moderation", "desk-close"):
        assert reverse(f"gatherings:{name}", kwargs={"place": "altdorf", "pk": evening.pk}) in source, name
    assert reverse("contributions:desk-queue", kwargs={"place": "altdorf"}) in source
    assert f'<a href="{reverse("gatherings:desk-list", kwargs={"place": "altdorf"})}" aria-current="page">' in source


def test_control_room_never_shows_a_statement_nor_a_device(at_desk: Client, evening: Gathering, table: Table) -> None:
    device = make_device(table, key="geheimesgeraet")
    statement = make_statement(table, "Kanarienvogel im Rathaus", device_key=device.key)
    said = markup(at_desk.get(control_room(evening)))
    for secret in (
        "Kanarienvogel",
        device.key,
        statement.receipt_code,
        str(statement.pk),
        statement.handle,
        table.host_key,
    ):
        assert secret not in said


def test_control_room_before_the_event_in_a_break_and_after_it(at_desk: Client, dialogue: Any) -> None:
    coming = make_gathering(dialogue, slug="bald", state=GatheringState.PUBLISHED)
    assert "Start round" not in text_of(at_desk.get(control_room(coming)))
    over = make_gathering(dialogue, slug="aus", state=GatheringState.CLOSED)
    page = at_desk.get(control_room(over))
    assert reverse("gatherings:desk-announce", kwargs={"place": "altdorf", "pk": over.pk}) not in markup(page)
    bare = make_gathering(dialogue, slug="leer", tables=0, rounds=0)
    assert at_desk.get(control_room(bare)).status_code == 200


@pytest.mark.parametrize("who", ["nils", "kim", "lena"])
def test_control_room_does_not_exist_for_others(
    sign_in: Any, evening: Gathering, who: str, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(control_room(evening)).status_code == 404
    assert client.get(control_room(evening, place="neustadt")).status_code == 404


def test_host_card_does_not_open_the_control_room(host_phone: Client, evening: Gathering) -> None:
    answer = host_phone.get(control_room(evening))
    assert answer.status_code == 302
    assert "Tisch" not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_control_room_costs_the_same_for_one_table_and_for_three(
    at_desk: Client, dialogue: Any, count: int, django_assert_num_queries: Any
) -> None:
    hall = make_gathering(dialogue, slug="halle", tables=count, rounds=count)
    with open_place(hall.place_id):
        tables = list(hall.tables.all())
        for number in range(1, count + 1):
            Wall.objects.create(place_id=hall.place_id, gathering=hall, number=number, code=f"ACDEFGH{number}")
            Announcement.objects.create(
                place_id=hall.place_id, gathering=hall, text=MultilingualText.written(f"Durchsage {number}")
            )
    for table in tables:
        for _each in range(count):
            make_device(table, unsent=1)
            make_statement(table)
            make_statement(table, "صوتي", language="ar", state=ModerationState.PENDING)
    with django_assert_num_queries(BUDGET):
        at_desk.get(control_room(hall))


def test_control_room_of_a_large_hall_is_quick(at_desk: Client, dialogue: Any) -> None:
    hall = make_gathering(dialogue, slug="halle", tables=30, rounds=3)
    with open_place(hall.place_id):
        tables = list(hall.tables.all())
        Device.objects.bulk_create(
            Device(place_id=hall.place_id, gathering=hall, table=tables[n % 30], key=f"g{n}", unsent_count=n % 3)
            for n in range(300)
        )
        languages = ["de", "ar", "uk", "tr", "fa", "fr"]
        Statement.objects.bulk_create(
            Statement(
                place_id=hall.place_id,
                process_id=hall.process_id,
                gathering=hall,
                table=tables[n % 30],
                text=MultilingualText.written(f"Beitrag {n}", languages[n % 6]),
                state=list(ModerationState)[n % 3],
                receipt_code=new_receipt_code(),
            )
            for n in range(5_000)
        )
    at_desk.get(control_room(hall))
    took = []
    for _try in range(3):
        begun = time.perf_counter()
        page = at_desk.get(control_room(hall))
        took.append(time.perf_counter() - begun)
    assert "5000" in text_of(page)
    assert min(took) < 1.0


# ---- Everybody in the hall reads what is announced -------------------------------------------------------


def test_announcement_stands_on_table_host_and_wall_as_the_towns_word(
    phone: Client, host_phone: Client, evening: Gathering, table: Table, wall: Wall
) -> None:
    said = MultilingualText.of({"de": "Das Buffet ist offen.", "ar": "البوفيه مفتوح"})
    with open_place(evening.place_id):
        Wall.objects.update(second_language="ar")
        announcement = Announcement.objects.create(place_id=evening.place_id, gathering=evening, text=said)
    pages = {
        "table": (phone, reverse("capture:table", kwargs={"code": table.code})),
        "host": (host_phone, reverse("capture:host-table", kwargs={"code": table.code})),
        "wall": (phone, reverse("capture:wall", kwargs={"code": wall.code})),
        "cards": (phone, reverse("capture:wall-cards", kwargs={"code": wall.code})),
    }

    def readers() -> dict[str, str]:
        return {name: client.get(path).content.decode() for name, (client, path) in pages.items()}

    shown = readers()
    assert [name for name, body in shown.items() if 'class="announcement"' not in body] == []
    assert [name for name, body in shown.items() if "Das Buffet ist offen." not in body] == []
    assert "البوفيه مفتوح" in shown["wall"]
    with open_place(evening.place_id):
        Announcement.objects.filter(pk=announcement.pk).update(withdrawn_at=timezone.now())
    assert [name for name, body in readers().items() if "Buffet" in body] == []
