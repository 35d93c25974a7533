"""The sign of life: what a phone tells, what it is told, and that nobody gets to know more by it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ortsdialog.asgi import application
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.jobs import scheduled_jobs
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture import signs
from ortsdialog.meet.capture.actions import SignOfLife, note_signs_of_life
from ortsdialog.meet.capture.evening import evening_now
from ortsdialog.meet.capture.models import Device, HostHandover
from ortsdialog.meet.capture.signs import Gathered
from ortsdialog.meet.capture.tasks import DEVICES_KEPT, delete_old_devices
from ortsdialog.meet.capture.web import stand
from ortsdialog.meet.capture.web.cookies import DEVICE, HOST, device_key, device_mark_of, host_mark_of
from ortsdialog.meet.capture.web.stand import Told, read_told
from ortsdialog.meet.contributions.actions import approve_statement, hold_statement, submit_statement
from ortsdialog.meet.contributions.choices import HoldReason
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Announcement, Gathering, Round

pytestmark = pytest.mark.django_db

NOTHING = Told(receipts=[], unsent=0, role="guest", language="de")


def stand_of(code, words, cookies, *, as_host=False):
    """What the device is told, after its sign of life is written."""
    found = stand.stand_of(code, words, cookies, as_host=as_host)
    if found is not None and found.sign is not None:
        place_id, gathering_id = found.where
        with open_place(place_id):
            note(Gathering.objects.get(pk=gathering_id), found.sign)
    return found and found.said


def note(gathering, *signs):
    return note_signs_of_life(actor=Actor.guest(), gathering=gathering, signs=signs)


def told(*receipts, **more):
    return Told(**{"receipts": list(receipts), "unsent": 0, "role": "guest", "language": "de", **more})


def cookies_of(phone, table):
    phone.get(f"/t/{table.code}/")
    return {DEVICE: phone.cookies[DEVICE].value}


def hand_in(table, text="Es fehlen Wohnungen."):
    return submit_statement(
        actor=Actor.guest(), statement_id=uuid.uuid4(), table=table, text=text, language="de"
    ).statement


def devices(table):
    with open_place(table.place_id):
        return list(Device.objects.filter(gathering_id=table.gathering_id).order_by("id"))


def test_an_unknown_table_has_no_stand(table):
    assert stand_of("FALSCH", NOTHING, {}) is None


def test_own_statements_come_with_their_states(table, tessa):
    with open_place(table.place_id):
        arrived, shown, held = (hand_in(table, text) for text in ("Eins", "Zwei", "Drei"))
        approve_statement(actor=tessa, statement=shown)
        hold_statement(actor=tessa, statement=held, why="names", note="Notiz des Teams")
        Statement.everything.filter(pk=held.pk).update(hold_reason=HoldReason.NAMES, reason_for_writer="Bitte ohne.")
    stand = stand_of(table.code, told(*(one.receipt_code for one in (arrived, shown, held))), {})
    states = stand["statements"]
    assert states[arrived.receipt_code] == {"state": "arrived"}
    assert states[shown.receipt_code] == {"state": "wall"}
    assert states[held.receipt_code]["state"] == "held"
    assert states[held.receipt_code]["reason"].endswith("Bitte ohne.")
    assert "Notiz des Teams" not in json.dumps(stand)


def test_receipts_of_another_event_tell_nothing(table, other_table):
    with open_place(other_table.place_id):
        theirs = hand_in(other_table, "Neustadt-Geheimnis")
    assert stand_of(table.code, told(theirs.receipt_code), {})["statements"] == {}


def test_round_and_version_follow_the_evening(table):
    with open_place(table.place_id):
        now = timezone.now()
        Round.objects.filter(pk=table.gathering.current_round_id).update(started_at=now)
        round = Round.objects.get(pk=table.gathering.current_round_id)
    stand = stand_of(table.code, NOTHING, {})
    assert stand["round"] == {"id": round.pk, "number": 1, "ends_at": round.ends_at.isoformat()}
    assert (stand["phase"], stand["version"]) == ("open", f"open {round.pk}")
    with open_place(table.place_id):
        Gathering.objects.filter(pk=table.gathering_id).update(current_round=None)
    stand = stand_of(table.code, NOTHING, {})
    assert (stand["phase"], stand["round"], stand["version"]) == ("between", None, "between -")


def test_the_page_and_the_stand_name_the_same_version(phone, table):
    assert (
        f'data-version="{stand_of(table.code, NOTHING, {})["version"]}"'
        in phone.get(f"/t/{table.code}/").content.decode()
    )


def test_announcements_are_told_until_they_are_withdrawn(phone, table):
    with open_place(table.place_id):
        text = MultilingualText.written("Der Kaffee ist fertig.", "de")
        one = Announcement.objects.create(place_id=table.place_id, gathering=table.gathering, text=text)
    assert stand_of(table.code, NOTHING, {})["announcements"] == [
        {"id": one.pk, "text": "Der Kaffee ist fertig.", "lang": "de"}
    ]
    assert "Der Kaffee ist fertig." in phone.get(f"/t/{table.code}/").content.decode()
    with open_place(table.place_id):
        Announcement.objects.update(withdrawn_at=timezone.now())
    assert stand_of(table.code, NOTHING, {})["announcements"] == []


def test_a_device_is_noted_once_with_what_it_holds_back(phone, table, second_table):
    cookies = cookies_of(phone, table)
    stand_of(table.code, told(unsent=3, role="tablet", language="ar"), cookies)
    (device,) = devices(table)
    assert (device.table_id, device.role, device.language, device.unsent_count) == (table.pk, "tablet", "ar", 3)
    assert device.key == device_key(device_mark_of(cookies), table.gathering_id)
    stand_of(second_table.code, NOTHING, cookies)
    (again,) = devices(table)
    assert (again.pk, again.table_id, again.unsent_count) == (device.pk, second_table.pk, 0)
    assert again.first_seen_at == device.first_seen_at


def test_a_device_without_a_mark_is_told_and_not_noted(table):
    assert stand_of(table.code, NOTHING, {}) is not None
    assert stand_of(table.code, NOTHING, {DEVICE: "erfunden:unterschrift"}) is not None
    assert devices(table) == []


def test_nothing_new_within_a_minute_writes_nothing(table):
    with open_place(table.place_id):
        where, words = table.gathering, {"table_id": table.pk, "key": "k" * 32}
        assert note(where, SignOfLife(**words)) == 1
        assert note(where, SignOfLife(**words)) == 0
        assert note(where, SignOfLife(**words, unsent_count=1)) == 1
        Device.objects.update(last_seen_at=timezone.now() - timedelta(seconds=56))
        assert note(where, SignOfLife(**words, unsent_count=1)) == 1
        # Of several the last counts.
        assert note(where, SignOfLife(**words, unsent_count=7), SignOfLife(**words, unsent_count=2)) == 1
        assert Device.objects.get().unsent_count == 2
        # One that another process has written meanwhile is not taken back by an older one.
        assert note(where, SignOfLife(**words, unsent_count=9, seen_at=timezone.now() - timedelta(seconds=5))) == 0
        assert Device.objects.get().unsent_count == 2
        with pytest.raises(ValidationError):
            SignOfLife(**words, role="host of everything")
        assert not AuditEntry.objects.filter(code__startswith="capture.note").exists()


@pytest.fixture
def unhurried(monkeypatch):
    """The clock never comes between: the test says when to write."""
    monkeypatch.setattr(signs, "GATHERED_FOR_SECONDS", 3_600)


@pytest.mark.django_db(transaction=True)
def test_a_sign_of_life_over_the_wire_ends_in_the_table_of_devices(phone, table, unhurried):
    cookie = "; ".join(f"{name}={value}" for name, value in cookies_of(phone, table).items())
    sent = [{"type": "http.request", "body": json.dumps({"unsent": 4, "receipts": []}).encode()}]
    answers = []

    async def receive():
        return sent.pop(0)

    async def send(message):
        answers.append(message)

    headers = {"host": "ortsdialog.test", "content-type": "application/json", "cookie": cookie}
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/t/{table.code}/stand/",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(application(scope, receive, send))
    assert answers[0]["status"] == 200
    assert devices(table) == []
    signs.gathered.write()
    assert [device.unsent_count for device in devices(table)] == [4]


@pytest.mark.django_db(transaction=True)
def test_signs_of_a_second_are_written_together_for_each_event(table, second_table, other_table, unhurried):
    own = Gathered()
    for number in range(20):
        at = (table, second_table)[number % 2]
        own.add((at.place_id, at.gathering_id), SignOfLife(table_id=at.pk, key=f"{number:032}", unsent_count=number))
    own.add((other_table.place_id, other_table.gathering_id), SignOfLife(table_id=other_table.pk, key="x" * 32))
    own.add((table.place_id, 2**40), SignOfLife(table_id=table.pk, key="y" * 32))
    assert devices(table) == devices(other_table) == []
    with CaptureQueriesContext(connection) as seen:
        own.write()
    # Of each event: itself, what is known of these devices, one write.
    assert len([query for query in seen if "capture_device" in query["sql"]]) == 4
    assert [device.unsent_count for device in devices(table)] == list(range(20))
    assert len(devices(other_table)) == 1
    own.write()


@pytest.mark.django_db(transaction=True)
def test_signs_are_written_after_a_second_without_anybody_waiting(table):
    own, begun = Gathered(), time.monotonic()
    own.add((table.place_id, table.gathering_id), SignOfLife(table_id=table.pk, key="k" * 32))
    assert time.monotonic() - begun < 0.5
    while not devices(table):
        assert time.monotonic() - begun < 20
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_table_that_was_removed_and_an_event_that_ended_within_this_second_stop_no_other(
    table, other_table, unhurried
):
    own = Gathered()

    def tell(at, **more):
        own.add((at.place_id, at.gathering_id), SignOfLife(**{"table_id": at.pk, "key": "k" * 32, **more}))

    tell(table, table_id=2**40, key="g" * 32)
    tell(table)
    with open_place(other_table.place_id):
        Gathering.objects.filter(pk=other_table.gathering_id).update(state=GatheringState.CLOSED)
    tell(other_table)
    own.write()
    assert ([device.key for device in devices(table)], devices(other_table)) == (["k" * 32], [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.one_database("postgres", reason="SQLite stores whatever length")
def test_what_the_database_refuses_is_said_and_stops_no_other_event(table, other_table, unhurried, caplog):
    own = Gathered()
    own.add((table.place_id, table.gathering_id), SignOfLife(table_id=table.pk, key="too long" * 32))
    own.add((other_table.place_id, other_table.gathering_id), SignOfLife(table_id=other_table.pk, key="k" * 32))
    own.write()
    assert "told again in half a minute" in caplog.text
    assert (devices(table), len(devices(other_table))) == ([], 1)


def test_after_the_event_no_device_is_noted(phone, table):
    cookies = cookies_of(phone, table)
    with open_place(table.place_id):
        Gathering.objects.filter(pk=table.gathering_id).update(state=GatheringState.CLOSED)
        table.gathering.refresh_from_db()
        assert stand_of(table.code, NOTHING, cookies)["phase"] == "closed"
        with pytest.raises(NotAllowed):
            note(table.gathering, SignOfLife(table_id=table.pk, key="k" * 32))
    assert devices(table) == []


def host_cookies(host_phone, table):
    host_phone.get(f"/t/{table.code}/gastgeber/")
    return {name: host_phone.cookies[name].value for name in (DEVICE, HOST)}


def test_a_hosts_device_is_seen_leading_by_the_control_room(host_phone, table):
    cookies = host_cookies(host_phone, table)
    assert stand_of(table.code, told(unsent=2), cookies, as_host=True)["phase"] == "open"
    (device,) = devices(table)
    assert (device.role, device.unsent_count) == ("host", 2)
    with open_place(table.place_id):
        (row, *_) = evening_now(table.gathering).tables
    assert row.host_present


def test_nobody_becomes_a_host_without_the_card_of_this_table(phone, host_phone, table, second_table, other_table):
    cookies = host_cookies(host_phone, table)
    for code, shown in [
        (table.code, cookies_of(phone, table)),
        (table.code, {**cookies, HOST: "1-erfunden:unterschrift"}),
        (second_table.code, cookies),
        (other_table.code, cookies),
        ("FALSCH", cookies),
    ]:
        assert stand_of(code, NOTHING, shown, as_host=True) is None
    assert devices(table) == devices(other_table) == []
    # And at the guests' address the card makes nobody a host.
    stand_of(table.code, NOTHING, cookies)
    assert [device.role for device in devices(table)] == ["guest"]


def test_a_device_that_handed_the_table_over_tells_what_it_holds_and_leads_nothing(host_phone, table):
    cookies = host_cookies(host_phone, table)
    with open_place(table.place_id):
        HostHandover.objects.create(
            place_id=table.place_id,
            table=table,
            token_digest="d" * 64,
            device_mark=host_mark_of(cookies),
            ends_device=True,
            expires_at=timezone.now(),
            used_at=timezone.now(),
        )
    assert stand_of(table.code, told(unsent=1), cookies, as_host=True) is not None
    assert [(device.role, device.unsent_count) for device in devices(table)] == [("guest", 1)]


@pytest.mark.parametrize("number", [1, 3])
def test_a_stand_costs_the_same_for_one_statement_and_for_three(phone, table, number, django_assert_num_queries):
    cookies = cookies_of(phone, table)
    with open_place(table.place_id):
        codes = [hand_in(table, f"Nummer {n}").receipt_code for n in range(number)]
    stand_of(table.code, told(*codes), cookies)
    # The table, announcements, its statements.
    with django_assert_num_queries(3):
        stand.stand_of(table.code, told(*codes), cookies)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"\xff"])
def test_what_is_no_object_is_refused(body):
    assert read_told(body) is None


def test_what_does_not_fit_is_left_out():
    said = {"receipts": ["falsch", 7, None], "unsent": True, "role": "host", "language": "xx", "more": 1}
    assert read_told(json.dumps(said).encode()) == NOTHING
    assert read_told(b'{"receipts": "ABCD"}') == NOTHING


def test_devices_are_forgotten_a_week_after_the_event(table, other_table):
    now = timezone.now()
    with open_place(table.place_id):
        note(table.gathering, *(SignOfLife(table_id=table.pk, key=letter * 32) for letter in "ab"))
        Device.objects.filter(key="a" * 32).update(last_seen_at=now - DEVICES_KEPT - timedelta(hours=1))
    with open_place(other_table.place_id):
        note(other_table.gathering, SignOfLife(table_id=other_table.pk, key="c" * 32))
    assert delete_old_devices() == 1
    assert [device.key for device in devices(table)] == ["b" * 32]
    with open_place(table.place_id):
        Gathering.objects.update(closed_at=now - DEVICES_KEPT - timedelta(hours=1))
    assert delete_old_devices() == 1
    assert devices(table) == []
    assert len(devices(other_table)) == 1
    assert scheduled_jobs()["ortsdialog.meet.capture.tasks.delete_old_devices"].every == timedelta(days=1)
