from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.jobs import scheduled_jobs
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import offer_table, take_over_table
from ortsdialog.meet.capture.models import HostHandover
from ortsdialog.meet.capture.refusals import HandoverIsOver
from ortsdialog.meet.capture.rules import HANDOVER_LINK
from ortsdialog.meet.capture.tasks import HANDOVERS_KEPT, delete_old_handovers
from ortsdialog.meet.capture.web.cookies import HOST_KEPT, host_table_mark, leading_actor
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db


def holder(handover):
    return Actor.by_link(HANDOVER_LINK, handover.pk)


def test_link_is_stored_as_a_digest_and_works_once(in_altdorf, tessa, table):
    handover, token = offer_table(actor=tessa, table=table, device_mark="a", ends_device=True)
    assert token not in str(HostHandover.objects.values().get())
    taken = take_over_table(actor=holder(handover), handover=handover)
    assert taken.used_at is not None
    with pytest.raises(HandoverIsOver):
        take_over_table(actor=holder(handover), handover=handover)
    assert list(AuditEntry.objects.order_by("id").values_list("code", "object_type", "detail")) == [
        ("capture.offer_table", "capture.hosthandover", {"table": 1, "stops": True}),
        ("capture.take_over_table", "capture.hosthandover", {"table": 1, "stops": True}),
    ]
    assert list(LiveEvent.objects.values_list("topic", "name")) == [(f"table:{table.pk}", "host")]


def test_link_is_too_old_after_ten_minutes(in_altdorf, tessa, table):
    handover, _token = offer_table(actor=tessa, table=table)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)), pytest.raises(HandoverIsOver):
        take_over_table(actor=holder(handover), handover=handover)
    assert HostHandover.objects.get().used_at is None


def test_new_link_of_a_device_ends_its_earlier_one_and_no_other(in_altdorf, tessa, table):
    (first, _), (other, _), (second, _) = (
        offer_table(actor=tessa, table=table, device_mark=mark) for mark in ("a", "b", "a")
    )
    with pytest.raises(HandoverIsOver):
        take_over_table(actor=holder(first), handover=first)
    for handover in (other, second):
        take_over_table(actor=holder(handover), handover=handover)


def test_only_a_host_of_the_table_hands_it_over(in_altdorf, rolf, as_alma, tessa, table, second_table):
    for actor, its_table in ((rolf, table), (as_alma, table), (tessa, second_table)):
        with pytest.raises(NotAllowed):
            offer_table(actor=actor, table=its_table)


def test_only_the_holder_of_this_link_takes_over(in_altdorf, rolf, as_alma, tessa, table):
    handover, _token = offer_table(actor=tessa, table=table)
    for actor in (rolf, as_alma, tessa, Actor.by_link(HANDOVER_LINK, handover.pk + 1)):
        with pytest.raises(NotAllowed):
            take_over_table(actor=actor, handover=handover)


# ---- The pages ----------------------------------------------------------------------------------


def desk_of(table):
    return f"/t/{table.code}/gastgeber/"


def offer(host_phone, table, who="both"):
    """The path that the link on the host's page leads to."""
    page = host_phone.post(f"{desk_of(table)}uebergabe/", {"who": who})
    assert (page.status_code, "no-store" in page.headers["Cache-Control"]) == (200, True)
    found = re.search(rf"{desk_of(table)}uebergabe/[\w-]+/", page.content.decode())
    assert found
    return found.group()


def test_other_device_takes_over_and_both_lead(host_phone, table):
    path = offer(host_phone, table)
    other = Client()
    looked = [other.get(path) for _ in range(2)]
    assert [(answer.status_code, answer.headers["Referrer-Policy"]) for answer in looked] == [(200, "same-origin")] * 2
    assert other.get(desk_of(table)).status_code == 404
    assert other.post(path).headers["Location"] == desk_of(table)
    assert [device.get(desk_of(table)).status_code for device in (other, host_phone)] == [200, 200]


def test_device_that_hands_over_and_stops_leads_no_longer_but_the_card_does(host_phone, table):
    path = offer(host_phone, table, who="stop")
    assert host_phone.get(desk_of(table)).status_code == 200
    other = Client()
    other.post(path)
    statement = make_statement(table, state=ModerationState.PENDING)
    for answer in (
        host_phone.get(desk_of(table)),
        host_phone.post(f"{desk_of(table)}beitrag/", {"text": "Noch etwas"}),
        host_phone.post(f"{desk_of(table)}beitrag/{statement.handle}/", {"decision": "approve"}),
        host_phone.get(f"{desk_of(table)}beitrag/{statement.handle}/bearbeiten/"),
        host_phone.get(f"{desk_of(table)}uebergabe/"),
    ):
        assert answer.status_code == 410
        assert str(statement.text) not in answer.content.decode()
    with open_place(table.place_id):
        assert Statement.objects.get().state == ModerationState.PENDING
    assert other.get(desk_of(table)).status_code == 200
    host_phone.get(f"{desk_of(table)}{table.host_key}/")
    assert host_phone.get(desk_of(table)).status_code == 200


def test_words_kept_on_a_device_that_stopped_still_come_in(host_phone, table):
    Client().post(offer(host_phone, table, who="stop"))
    assert leading_actor(host_phone_mark(host_phone), table) is not None


def host_phone_mark(host_phone):
    return host_table_mark({name: cookie.value for name, cookie in host_phone.cookies.items()})


def test_used_link_says_that_it_was_used(host_phone, table):
    path = offer(host_phone, table)
    assert Client().post(path).status_code == 302
    late = Client()
    answers = [late.get(path), late.post(path)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert late.get(desk_of(table)).status_code == 404


def test_old_link_says_that_it_is_too_old(host_phone, table):
    path = offer(host_phone, table)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert [Client().get(path).status_code, Client().post(path).status_code] == [410, 410]


def test_link_of_another_table_or_a_made_up_one_is_not_found(host_phone, table, second_table, other_table):
    token = offer(host_phone, table).rstrip("/").rpartition("/")[2]
    for path in (
        f"{desk_of(second_table)}uebergabe/{token}/",
        f"{desk_of(other_table)}uebergabe/{token}/",
        f"{desk_of(table)}uebergabe/falsch/",
        "/t/FALSCH/gastgeber/uebergabe/falsch/",
    ):
        assert [Client().get(path).status_code, Client().post(path).status_code] == [404, 404]


def test_only_the_host_makes_links(table, second_table, host_phone):
    assert Client().post(f"{desk_of(table)}uebergabe/", {"who": "both"}).status_code == 404
    assert host_phone.post(f"{desk_of(second_table)}uebergabe/", {"who": "both"}).status_code == 404


def test_page_tells_when_the_other_device_has_taken_over(host_phone, table):
    path = offer(host_phone, table)
    assert 'class="notice notice--success"' not in host_phone.get(f"{desk_of(table)}uebergabe/").content.decode()
    Client().post(path)
    assert 'class="notice notice--success"' in host_phone.get(f"{desk_of(table)}uebergabe/").content.decode()


def test_device_from_before_devices_had_marks_gets_one(host_phone, table):
    mark = host_phone_mark(host_phone)
    response = HttpResponse()
    response.set_signed_cookie("gastgeber", mark.rpartition("-")[0])
    host_phone.cookies["gastgeber"] = response.cookies["gastgeber"].value
    assert host_phone.get(desk_of(table)).status_code == 200
    assert host_phone.get(f"{desk_of(table)}uebergabe/").headers["Location"] == f"{desk_of(table)}uebergabe/"
    assert host_phone_mark(host_phone).count("-") == 2


def test_finished_dialogue_is_not_handed_over(host_phone, table):
    with open_place(table.place_id):
        Process.objects.filter(pk=table.gathering.process_id).update(state=ProcessState.CLOSED)
    assert host_phone.post(f"{desk_of(table)}uebergabe/", {"who": "both"}).status_code == 404


def test_queries_of_the_handover_pages(host_phone, table, django_assert_num_queries):
    path = offer(host_phone, table)
    with django_assert_num_queries(3):
        host_phone.get(f"{desk_of(table)}uebergabe/")
    with django_assert_num_queries(2):
        Client().get(path)


def test_old_handovers_are_forgotten_and_let_no_device_lead_again(in_altdorf, tessa, table):
    for hours in (23, 25):
        handover, _token = offer_table(actor=tessa, table=table, device_mark=f"vor {hours} Stunden")
        HostHandover.objects.filter(pk=handover.pk).update(expires_at=timezone.now() - timedelta(hours=hours))
    assert delete_old_handovers() == 1
    assert HostHandover.objects.get().device_mark == "vor 23 Stunden"
    assert scheduled_jobs()["ortsdialog.meet.capture.tasks.delete_old_handovers"].every == timedelta(days=1)
    # By then the cookie of whoever gave the table away is over.
    assert HANDOVERS_KEPT > HOST_KEPT


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment_take_over_once(table, tessa):
    with open_place(table.place_id):
        handover, _token = offer_table(actor=tessa, table=table)
    together = threading.Barrier(4)
    outcomes = []

    def take():
        try:
            with open_place(table.place_id):
                mine = HostHandover.objects.select_related("table").get(pk=handover.pk)
                together.wait(timeout=30)
                try:
                    take_over_table(actor=holder(mine), handover=mine)
                    outcomes.append("taken")
                except HandoverIsOver:
                    outcomes.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["over", "over", "over", "taken"]
