from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.meet.capture.actions import offer_table, take_over_table
from ortsdialog.meet.capture.models import HostHandover
from ortsdialog.meet.capture.refusals import HandoverIsOver
from ortsdialog.meet.capture.rules import HANDOVER_LINK

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
