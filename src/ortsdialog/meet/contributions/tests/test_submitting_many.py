"""Many statements in one transaction: what one is refused for harms no other."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.meet.contributions.actions import Incoming, Submitted, submit_statements
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.choices import GatheringState, Moderation
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db


def said(table, text="Ein Bus am Abend.", **more):
    return Incoming(**{"id": uuid.uuid4(), "table": table, "text": text, "language": "de", **more})


def test_many_are_stored_with_an_entry_each_and_one_call_a_table(in_altdorf, rolf, table, second_table):
    outcomes = submit_statements(
        actor=rolf, incoming=[said(table, "Eins"), said(table, "Zwei"), said(second_table, "Drei")]
    )
    assert [type(outcome) for outcome in outcomes] == [Submitted] * 3
    assert Statement.objects.count() == 3
    assert AuditEntry.objects.filter(code="contributions.submit_statement").count() == 3
    assert sorted(LiveEvent.objects.values_list("topic", flat=True)) == sorted(
        [f"table:{table.pk}", f"table:{second_table.pk}"]
    )


def test_a_bad_one_among_many_is_refused_alone(in_altdorf, rolf, table):
    twice = said(table, "Zweimal")
    other_words = said(table, "Andere Worte", id=twice.id)
    outcomes = submit_statements(actor=rolf, incoming=[said(table, "  "), twice, twice, other_words])
    assert [type(outcome) for outcome in outcomes] == [ValidationError, Submitted, Submitted, StatementDiffers]
    assert [outcomes[1].created, outcomes[2].created] == [True, False]
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("mode", "before", "hints", "expected"),
    [
        (Moderation.PRE, [ModerationState.APPROVED], False, ModerationState.PENDING),
        (Moderation.POST, [], False, ModerationState.APPROVED),
        (Moderation.POST, [], True, ModerationState.PENDING),
        (Moderation.NEW_DEVICES, [], False, ModerationState.PENDING),
        (Moderation.NEW_DEVICES, [ModerationState.PENDING], False, ModerationState.PENDING),
        (Moderation.NEW_DEVICES, [ModerationState.APPROVED], False, ModerationState.APPROVED),
        (Moderation.NEW_DEVICES, [ModerationState.APPROVED], True, ModerationState.PENDING),
        (
            Moderation.NEW_DEVICES,
            [ModerationState.APPROVED, ModerationState.HELD],
            False,
            ModerationState.PENDING,
        ),
    ],
)
def test_what_appears_at_once(in_altdorf, rolf, table, mode, before, hints, expected):
    for state in before:
        (done,) = submit_statements(actor=rolf, incoming=[said(table, f"vorher {state}", device_key="d1")])
        Statement.objects.filter(pk=done.statement.pk).update(state=state)
    Gathering.objects.filter(pk=table.gathering_id).update(moderation=mode)
    text = "Rufen Sie an: 0170 1234567" if hints else "Ein Bus am Abend."
    (outcome,) = submit_statements(actor=rolf, incoming=[said(table, text, device_key="d1")])
    stored = Statement.objects.get(pk=outcome.statement.pk)
    assert (stored.state, stored.moderated_at is not None) == (expected, expected == ModerationState.APPROVED)


def test_in_a_rehearsal_nothing_is_left_in_the_log_nor_among_the_statements(in_altdorf, tessa, table):
    Gathering.objects.filter(pk=table.gathering_id).update(is_rehearsing=True)
    (outcome,) = submit_statements(actor=tessa, incoming=[said(table, "Probe", channel=Channel.HOST)])
    assert outcome.created
    assert Statement.objects.count() == 0
    assert Statement.everything.get().rehearsal
    assert AuditEntry.objects.count() == 0


def test_a_table_from_a_moment_ago_does_not_open_a_closed_event(in_altdorf, rolf, table):
    Gathering.objects.filter(pk=table.gathering_id).update(state=GatheringState.CLOSED)
    (outcome,) = submit_statements(actor=rolf, incoming=[said(table)])
    assert isinstance(outcome, NotAllowed)
    assert Statement.everything.count() == 0
