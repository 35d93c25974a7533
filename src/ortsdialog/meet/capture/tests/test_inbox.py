"""The inbox: what the outbox of a page may rely on."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from ortsdialog.asgi import application
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.capture import seats
from ortsdialog.meet.capture.models import HostHandover
from ortsdialog.meet.capture.web import inbox
from ortsdialog.meet.capture.web.cookies import DEVICE, HOST, host_table_mark
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.choices import GatheringState, Moderation
from ortsdialog.meet.gatherings.models import Gathering, Table

pytestmark = pytest.mark.django_db(transaction=True)

HOST_NAME = "ortsdialog.test"


@pytest.fixture(autouse=True)
def _own_writer() -> Iterator[None]:
    inbox.start_anew()
    seats.forget_seats()
    yield
    inbox.start_anew()
    seats.forget_seats()


async def _post(path: str, bodies: list[bytes], headers: dict[str, str]) -> list[tuple[int, dict[str, str], Any]]:
    async def one(body: bytes) -> tuple[int, dict[str, str], Any]:
        answers: list[Any] = []
        sent = [{"type": "http.request", "body": body}]

        async def receive() -> Any:
            return sent.pop(0) if sent else await asyncio.sleep(3600)

        async def send(message: Any) -> None:
            answers.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
        await application(scope, receive, send)
        start, end = answers
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], found, json.loads(end["body"])

    return await asyncio.gather(*(one(body) for body in bodies))


def send(path: str, *bodies: Any, **headers: str) -> list[tuple[int, dict[str, str], Any]]:
    """Send them all at the same moment; what each is answered."""
    full = {
        "host": HOST_NAME,
        "content-type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    as_bytes = [body if isinstance(body, bytes) else json.dumps(body).encode() for body in bodies]
    return asyncio.run(_post(path, as_bytes, full))


def said(text: str = "Ein Bus am Abend.", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "text": text, "language": "de", **more}


def address(table: Table) -> str:
    return f"/t/{table.code}/einwurf/"


def stored() -> list[Statement]:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        return list(Statement.everything.order_by("received_at"))


def test_statement_is_stored_with_its_log_entry_before_the_answer(table: Table) -> None:
    ((status, headers, answer),) = send(address(table), said(round=table.gathering.current_round_id))
    assert (status, answer["state"]) == (201, "arrived")
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    (statement,) = stored()
    assert (answer["receipt_code"], answer["handle"]) == (statement.receipt_code, statement.handle)
    assert (statement.channel, statement.round_id) == (Channel.PHONE, table.gathering.current_round_id)
    with across_places(reason=Reason.SITE_MAINTENANCE):
        assert AuditEntry.objects.filter(object_id=str(statement.pk)).count() == 1


def test_the_same_twice_even_at_once_is_one_statement_with_one_receipt(table: Table) -> None:
    body = said()
    answers = send(address(table), *[body] * 5)
    assert sorted(status for status, _headers, _answer in answers) == [200] * 4 + [201]
    assert len({answer["receipt_code"] for _status, _headers, answer in answers}) == 1
    assert len(stored()) == 1


def test_other_words_under_the_same_id_are_told_apart_and_give_no_receipt(table: Table, other_table: Table) -> None:
    body = said()
    send(address(table), body)
    assert send(address(table), {**body, "text": "Anderes."})[0][::2] == (409, {"state": "differs"})
    assert send(address(other_table), body)[0][::2] == (409, {"state": "differs"})


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b"kein json", "body", "invalid"),
        (b"[1]", "body", "invalid"),
        (b"[" * 5000, "body", "invalid"),
        ({"text": "x", "language": "de"}, "id", "invalid"),
        (said(id="7"), "id", "invalid"),
        (said(""), "text", "empty"),
        (said("\u200b \n"), "text", "empty"),
        (said("x" * 2001), "text", "too_long"),
        (said(text=None), "text", "empty"),
        (said(text=5), "text", "invalid"),
        (b'{"id": "6f1f0f4e-6a52-4d8e-9a52-7b1f6c1c2d3e", "text": "\\ud800", "language": "de"}', "text", "invalid"),
        (said(language="xx"), "language", "language"),
        (said(round="eins"), "round", "invalid"),
        (said(round=-1), "round", "invalid"),
        (said(round=2**70), "round", "invalid"),
    ],
)
def test_what_does_not_fit_is_told_with_its_field_and_stores_nothing(
    table: Table, body: Any, field: str, code: str
) -> None:
    ((status, _headers, answer),) = send(address(table), body)
    assert (status, answer) == (422, {"state": "invalid", "field": field, "code": code})
    assert stored() == []


def test_a_bad_one_among_many_at_once_harms_no_other(table: Table) -> None:
    answers = send(address(table), *[said(f"Beitrag {n}") for n in range(20)], said(" "), said(language="xx"))
    assert sorted(status for status, _headers, _answer in answers) == [201] * 20 + [422] * 2
    assert len(stored()) == 20


def test_a_device_with_a_wrong_clock_or_fields_of_the_future_loses_nothing(table: Table) -> None:
    bodies = [said(sent_at=at) for at in ("2031-02-29", "gestern", 5, None, "9999-12-31T23:59:59+14:00")]
    bodies.append(said(sent_at="2026-11-26T19:00:00+01:00", colour="blue"))
    assert [status for status, _headers, _answer in send(address(table), *bodies)] == [201] * 6
    assert sum(1 for statement in stored() if statement.sent_at) == 1


def test_unknown_table_foreign_page_and_long_body_are_refused(table: Table) -> None:
    assert send("/t/NICHTS/einwurf/", said())[0][::2] == (404, {"state": "unknown"})
    for headers in (
        {"origin": "https://boese.example"},
        {"sec_fetch_site": "cross-site"},
        {"content_type": "text/plain"},
        {"host": "boese.example"},
    ):
        assert send(address(table), said(), **headers)[0][::2] == (403, {"state": "foreign"})
    assert send(address(table), b"x" * 100_000)[0][::2] == (413, {"state": "too_long"})
    assert stored() == []
    # The protection itself is what refuses: the site's own page gets through.
    own = {"origin": f"https://{HOST_NAME}", "sec_fetch_site": "same-origin"}
    assert send(address(table), said(), **own)[0][0] == 201


def test_a_closed_event_takes_nothing_but_still_knows_what_it_has(table: Table) -> None:
    body = said()
    send(address(table), body)
    with across_places(reason=Reason.SITE_MAINTENANCE):
        Gathering.objects.filter(pk=table.gathering_id).update(state=GatheringState.CLOSED)
    assert send(address(table), said())[0][::2] == (423, {"state": "closed"})
    assert send(address(table), body)[0][0] == 200
    assert len(stored()) == 1


def test_a_phone_delivers_for_a_week_after_the_end_and_nothing_of_it_appears_unseen(table: Table) -> None:
    def end(ago: timedelta) -> None:
        with across_places(reason=Reason.SITE_MAINTENANCE):
            Gathering.objects.filter(pk=table.gathering_id).update(
                state=GatheringState.CLOSED, closed_at=timezone.now() - ago, moderation=Moderation.POST
            )

    round = table.gathering.current_round_id
    end(timedelta(days=6))
    assert send(address(table), said(round=round))[0][0] == 201
    assert [(s.state, s.round_id) for s in stored()] == [(ModerationState.PENDING, round)]
    client = Client()
    client.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    cookie = f"{HOST}={client.cookies[HOST].value}"
    assert send(f"/t/{table.code}/gastgeber/einwurf/", said(), cookie=cookie)[0][0] == 201
    assert {s.state for s in stored()} == {ModerationState.PENDING}
    end(timedelta(days=8))
    assert send(address(table), said())[0][::2] == (423, {"state": "closed"})
    assert len(stored()) == 2


def test_only_the_host_of_the_table_writes_for_several_and_approves(table: Table, second_table: Table) -> None:
    client = Client()
    client.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    cookie = f"{HOST}={client.cookies[HOST].value}"
    body = said(said_by_count=4, interpreted=True, approve=True)
    path = f"/t/{table.code}/gastgeber/einwurf/"
    assert send(path, said(said_by_count=4))[0][::2] == (404, {"state": "unknown"})
    assert send(f"/t/{second_table.code}/gastgeber/einwurf/", body, cookie=cookie)[0][0] == 404
    assert send(path, body, cookie=cookie)[0][0] == 201
    (statement,) = stored()
    assert (statement.channel, statement.said_by_count, statement.interpreted) == (Channel.HOST, 4, True)
    assert statement.state == ModerationState.APPROVED
    # A guest who asks for the same is heard as one guest.
    assert send(address(table), {**body, "id": str(uuid.uuid4())})[0][0] == 201
    guest = stored()[1]
    assert (guest.channel, guest.said_by_count, guest.state) == (Channel.PHONE, 1, ModerationState.PENDING)


def device_cookie(table: Table) -> str:
    client = Client()
    client.get(f"/t/{table.code}/")
    return f"{DEVICE}={client.cookies[DEVICE].value}"


def test_limit_counts_the_device_and_asks_it_to_come_back(table: Table, settings: Any) -> None:
    cookie = device_cookie(table)
    burst = inbox.buckets.burst
    answers = send(address(table), *[said(f"Nr {n}") for n in range(burst + 1)], cookie=cookie)
    refused = [(headers, answer) for status, headers, answer in answers if status == 429]
    assert len(refused) == 1
    assert refused[0][1] == {"state": "slow"}
    assert int(refused[0][0]["retry-after"]) >= 1
    assert len(stored()) == burst
    # Another device behind the same address is not touched by it.
    assert send(address(table), said(), cookie=device_cookie(table))[0][0] == 201


def test_a_hall_without_cookies_is_not_refused(table: Table) -> None:
    answers = send(address(table), *[said(f"Nr {n}") for n in range(4 * inbox.buckets.burst)])
    assert {status for status, _headers, _answer in answers} == {201}


def test_device_key_is_of_this_event_alone(table: Table, other_table: Table) -> None:
    cookie = device_cookie(table)
    send(address(table), said("Hier"), cookie=cookie)
    send(address(other_table), said("Dort"), cookie=cookie)
    here, there = (statement.device_key for statement in stored())
    assert len(here) == len(there) == 32
    assert here != there


def test_a_database_that_cannot_store_is_told_as_busy_and_the_next_try_arrives(table: Table, monkeypatch: Any) -> None:
    def no_room(batch: Any) -> Any:
        raise OperationalError("database or disk is full")

    body = said()
    with monkeypatch.context() as failing:
        failing.setattr(inbox._writer(), "_write", no_room)
        ((status, headers, answer),) = send(address(table), body)
    assert (status, answer, headers["retry-after"]) == (503, {"state": "busy"}, "3")
    assert stored() == []
    assert send(address(table), body)[0][0] == 201


def test_a_batch_is_one_transaction_however_many_come(table: Table, django_assert_max_num_queries: Any) -> None:
    from ortsdialog.meet.capture.intake import Posted, prepared, store

    def batch(number: int) -> list[Posted]:
        return [Posted(code=table.code, id=uuid.uuid4(), text=f"Nr {n}", language="de") for n in range(number)]

    store(prepared(batch(1)))
    for number, most in ((1, 9), (3, 9), (50, 11)):
        # Begin, lock, look up, rows, log, live event, commit, savepoints; SQLite takes 27 rows at a time.
        with django_assert_max_num_queries(most):
            assert [reply.status for reply in store(prepared(batch(number)))] == [201] * number
    connection.close()


def at_both_tables(table: Table, second_table: Table) -> list[tuple[int, dict[str, str], Any]]:
    """One statement at each of two tables of one event, in one batch."""
    from ortsdialog.meet.capture.intake import Posted, prepared, store

    posted = [
        Posted(code=one.code, id=uuid.uuid4(), text="Ein Bus am Abend.", language="de") for one in (table, second_table)
    ]
    return [(reply.status, {}, reply.said) for reply in store(prepared(posted))]


def test_what_changed_meanwhile_counts_at_every_table_of_a_batch(table: Table, second_table: Table) -> None:
    def change(**fields: Any) -> None:
        with across_places(reason=Reason.SITE_MAINTENANCE):
            Gathering.objects.filter(pk=table.gathering_id).update(**fields)

    change(moderation=Moderation.POST)
    at_both_tables(table, second_table)
    change(moderation=Moderation.PRE, is_rehearsing=True)
    at_both_tables(table, second_table)
    change(is_rehearsing=False)
    at_both_tables(table, second_table)
    found = [(statement.state, statement.rehearsal) for statement in stored()]
    assert found[:2] == [(ModerationState.APPROVED, False)] * 2
    assert found[2:4] == [(ModerationState.PENDING, True)] * 2
    assert found[4:] == [(ModerationState.PENDING, False)] * 2
    change(state=GatheringState.CLOSED)
    assert [status for status, _headers, _said in at_both_tables(table, second_table)] == [423, 423]


def test_a_later_try_does_not_put_back_what_somebody_has_held(table: Table) -> None:
    client = Client()
    client.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    cookie = f"{HOST}={client.cookies[HOST].value}"
    body, path = said(approve=True), f"/t/{table.code}/gastgeber/einwurf/"
    assert send(path, body, cookie=cookie)[0][0] == 201
    with across_places(reason=Reason.SITE_MAINTENANCE):
        Statement.everything.update(state=ModerationState.HELD)
    assert send(path, body, cookie=cookie)[0][0] == 200
    assert [statement.state for statement in stored()] == [ModerationState.HELD]


def test_however_the_code_is_spelled_it_is_one_bucket(table: Table, monkeypatch: Any) -> None:
    monkeypatch.setattr(inbox.buckets, "burst", 1)
    paths = [f"/t/{table.code}{'-' * n}/einwurf/" for n in range(30)]
    statuses = [send(path, said(f"Nr {n}"))[0][0] for n, path in enumerate(paths)]
    assert statuses.count(429) >= 8


def test_the_plain_form_has_the_same_limit(table: Table, monkeypatch: Any) -> None:
    monkeypatch.setattr(inbox.buckets, "burst", 2)
    client = Client()
    client.get(f"/t/{table.code}/")
    statuses = [
        client.post(f"/t/{table.code}/", {"statement_id": uuid.uuid4(), "text": f"Nr {n}", "language": "de"})
        for n in range(3)
    ]
    assert [answer.status_code for answer in statuses] == [302, 302, 429]
    assert "Nr 2" in statuses[2].content.decode()


def test_a_device_that_has_handed_over_delivers_and_approves_nothing(table: Table) -> None:
    client = Client()
    client.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    signed = client.cookies[HOST].value
    mark = host_table_mark({HOST: signed}).split("-")[2]
    path = f"/t/{table.code}/gastgeber/einwurf/"
    send(path, said("Vorher", approve=True), cookie=f"{HOST}={signed}")
    with open_place(table.place_id):
        HostHandover.objects.create(
            place_id=table.place_id,
            table=table,
            token_digest="x",
            expires_at=timezone.now(),
            used_at=timezone.now(),
            device_mark=mark,
            ends_device=True,
        )
    assert send(path, said("Nachher", approve=True), cookie=f"{HOST}={signed}")[0][0] == 201
    assert [statement.state for statement in stored()] == [ModerationState.APPROVED, ModerationState.PENDING]
