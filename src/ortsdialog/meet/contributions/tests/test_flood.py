"""500 hateful posts a minute from 200 devices: two moderators keep honest posts under a minute at the median.

Minutes pass on a clock of paper, so that the whole evening takes seconds; the order, the claims and the deeds are real.
`benchmarks/moderation_flood.py` measures the same over HTTP.
"""

from __future__ import annotations

import statistics
import uuid
from collections import deque
from datetime import timedelta

import pytest
from django.utils import timezone

from ortsdialog.kernel.language import MultilingualText
from ortsdialog.meet.contributions.actions import approve_statement, claim_next, hold_device
from ortsdialog.meet.contributions.actions import queue as queue_module
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState
from ortsdialog.meet.contributions.hints import find_hints
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.turns import in_turn
from tests.bars.flood import BAR_SECONDS, PACE_SECONDS, arrivals

pytestmark = pytest.mark.django_db


def stored(table, coming, begin):
    return Statement(
        id=uuid.uuid4(),
        place_id=table.place_id,
        process_id=table.gathering.process_id,
        gathering=table.gathering,
        table=table,
        text=MultilingualText.written(coming.text),
        device_key=coming.device,
        hints=find_hints(coming.text),
        receipt_code=new_receipt_code(),
        received_at=begin + timedelta(seconds=coming.at),
    )


def waits_of_honest_posts(actor, table, minutes):
    """Seconds until the approval of each honest post; for those that still wait at the end, so far."""
    begin = timezone.now() - timedelta(minutes=minutes)
    coming, at_work = deque(arrivals(minutes)), {}
    waits, clock = [], 0.0
    while clock < minutes * 60:
        clock += PACE_SECONDS
        arrived = []
        while coming and coming[0].at <= clock:
            arrival = coming.popleft()
            row = stored(table, arrival, begin)
            at_work[row.pk] = arrival
            arrived.append(row)
        Statement.everything.bulk_create(arrived)
        for person in ("1:eins", "2:zwei"):
            card = claim_next(actor=actor, where=table.gathering, claimant=person)
            if card is None:
                continue
            if at_work[card.pk].hateful:
                hold_device(actor=actor, statement=card, why=HoldReason.HURTS)
            else:
                approve_statement(actor=actor, statement=card)
                waits.append(clock - at_work[card.pk].at)
    waiting = Statement.everything.filter(state=ModerationState.PENDING).values_list("pk", flat=True)
    waits += [clock - at_work[key].at for key in waiting if not at_work[key].hateful]
    public = Statement.everything.filter(state=ModerationState.APPROVED).values_list("pk", flat=True)
    assert [key for key in public if at_work[key].hateful] == []
    return waits


@pytest.mark.timeout(240)
def test_honest_posts_wait_less_than_a_minute_in_a_flood(in_altdorf, as_alma, table):
    waits = waits_of_honest_posts(as_alma, table, minutes=4)

    assert statistics.median(waits) < BAR_SECONDS


@pytest.mark.timeout(240)
def test_first_come_first_served_drowns_them(in_altdorf, as_alma, table, monkeypatch):
    """The negative control: the same people and deeds, in the order of arrival."""
    monkeypatch.setattr(queue_module, "in_turn", lambda cards: in_turn(cards).order_by("received_at", "id"))
    assert statistics.median(waits_of_honest_posts(as_alma, table, minutes=4)) > BAR_SECONDS
