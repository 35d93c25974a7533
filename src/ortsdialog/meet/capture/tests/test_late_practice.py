"""What was written in a rehearsal and arrives after it: nothing is lost, and nothing of it appears unseen."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.intake import Posted, Reply, prepared, store
from ortsdialog.meet.capture.tests.pages import form_of, text_of
from ortsdialog.meet.capture.web.stand import version_of
from ortsdialog.meet.contributions.actions import edit_statement
from ortsdialog.meet.contributions.choices import HintKind
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.gatherings.choices import Moderation
from ortsdialog.meet.gatherings.models import Gathering, Table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(table: Table) -> None:
    """Statements of this evening appear by themselves."""
    change(table, moderation=Moderation.POST)


def change(table: Table, **fields: Any) -> None:
    with open_place(table.place_id):
        Gathering.objects.filter(pk=table.gathering_id).update(**fields)
        table.gathering.refresh_from_db()


def deliver(table: Table, **more: Any) -> Reply:
    (reply,) = store(prepared([Posted(code=table.code, id=uuid.uuid4(), text="Nur Übung.", language="de", **more)]))
    return reply


def only(table: Table) -> Statement:
    with open_place(table.place_id):
        return Statement.everything.get()


@pytest.mark.parametrize(
    ("rehearsed", "rehearsing", "state", "hints"),
    [
        (True, False, "pending", ["practice"]),
        (True, True, "approved", []),
        # Written on a page of the release before, which does not say it.
        (False, True, "approved", []),
        (False, False, "approved", []),
    ],
)
def test_practice_waits_where_everything_else_appears(
    table: Table, rehearsed: bool, rehearsing: bool, state: str, hints: list[str]
) -> None:
    change(table, is_rehearsing=rehearsing)
    assert deliver(table, rehearsed=rehearsed).status == 201
    found = only(table)
    assert (found.state, [hint["kind"] for hint in found.hints], found.rehearsal) == (state, hints, rehearsing)


def test_practice_that_is_reworded_is_still_practice(table: Table, as_alma: Actor) -> None:
    deliver(table, rehearsed=True)
    with open_place(table.place_id):
        words = {"language": "de", "said_by_count": 1, "interpreted": False}
        edit_statement(actor=as_alma, statement=only(table), based_on=1, text="Ruf an: 07151 / 123 456.", **words)
    assert [hint["kind"] for hint in only(table).hints] == ["practice", "phone"]


@pytest.mark.parametrize(("rehearsed", "state"), [(True, "pending"), (False, "approved")])
def test_a_hosts_practice_is_not_approved_by_having_been_written(table: Table, rehearsed: bool, state: str) -> None:
    change(table, moderation=Moderation.PRE)
    host = Actor.by_link(HOST_LINK, table.pk, label="Tessa")
    by_host = {"as_host": True, "leads": lambda _table: host, "still_leads": lambda _table: True, "approve": True}
    assert deliver(table, rehearsed=rehearsed, **by_host).status == 201
    assert only(table).state == state


def test_the_plain_forms_say_it_too(table: Table, host_phone: Client, sign_in: Any, alma: Any) -> None:
    change(table, is_rehearsing=True, moderation=Moderation.PRE)
    guest_at, host_at = f"/t/{table.code}/", f"/t/{table.code}/gastgeber/"
    phone = Client()
    guest = form_of(phone.get(guest_at), guest_at)
    host = form_of(host_phone.get(host_at), f"{host_at}beitrag/")
    assert guest["rehearsed"] == host["rehearsed"] == "True"
    assert version_of(table.gathering).endswith("rehearsal")
    change(table, is_rehearsing=False)
    phone.post(guest_at, {**guest, "text": "Übung am Handy", "language": "de"})
    written = {**host, "text": "Übung der Gastgeberin", "language": "de", "said_by_count": "1", "approve": "1"}
    host_phone.post(f"{host_at}beitrag/", written)
    with open_place(table.place_id):
        found = list(Statement.objects.all())
    assert [(one.state, one.hints[0]["kind"]) for one in found] == [("pending", HintKind.PRACTICE)] * 2
    assert form_of(Client().get(guest_at), guest_at)["rehearsed"] == "False"
    assert not version_of(table.gathering).endswith("rehearsal")
    words = text_of(sign_in(alma).get("/schreibtisch/altdorf/beitraege/freigeben/"))
    assert "In der Probe geschrieben, danach angekommen" in words
