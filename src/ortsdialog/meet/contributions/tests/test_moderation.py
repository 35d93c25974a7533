from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import PlaceNotOpen, open_place
from ortsdialog.meet.contributions.actions import add_version, approve_statement, hold_statement, return_to_queue
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import approved_statements, pending_statements, statement_by_receipt
from ortsdialog.meet.contributions.signals import statement_moderated
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(table):
    return make_statement(table, state=ModerationState.PENDING)


def state_of(statement):
    return Statement.objects.get(pk=statement.pk).state


def test_host_approves_and_wall_and_table_hear_of_it(in_altdorf, tessa, pending, table):
    approved = approve_statement(actor=tessa, statement=pending)
    assert (state_of(pending), approved.moderated_at is not None) == (ModerationState.APPROVED, True)
    assert set(LiveEvent.objects.values_list("topic", "name", "object_id")) == {
        (f"gathering:{table.gathering_id}", "statement", pending.handle),
        (f"table:{table.pk}", "statement", pending.handle),
    }
    entry = AuditEntry.objects.get(code="contributions.approve_statement")
    assert (entry.actor_kind, entry.detail) == ("link", {"from": "pending"})


def test_approving_twice_is_one_approval(in_altdorf, tessa, pending):
    first = approve_statement(actor=tessa, statement=pending)
    second = approve_statement(actor=tessa, statement=pending)
    assert second.moderated_at == first.moderated_at
    assert AuditEntry.objects.filter(code="contributions.approve_statement").count() == 1


def test_staff_holds_back_with_a_reason_and_returns(in_altdorf, as_alma, pending):
    held = hold_statement(actor=as_alma, statement=pending, reason=" nennt einen Namen ")
    assert (held.state, held.state_reason) == (ModerationState.HELD, "nennt einen Namen")
    again = return_to_queue(actor=as_alma, statement=held)
    assert (again.state, again.state_reason, again.moderated_at) == (ModerationState.PENDING, "", None)
    assert list(AuditEntry.objects.order_by("id").values_list("code", "reason")) == [
        ("contributions.hold_statement", "nennt einen Namen"),
        ("contributions.return_to_queue", ""),
    ]


def test_an_approved_statement_can_be_taken_off_the_wall(in_altdorf, tessa, table):
    statement = make_statement(table)
    hold_statement(actor=tessa, statement=statement, reason="doch nicht")
    assert list(approved_statements(table.gathering)) == []


def test_holding_back_needs_a_reason(in_altdorf, tessa, pending):
    with pytest.raises(ValidationError):
        hold_statement(actor=tessa, statement=pending, reason="  ")
    assert state_of(pending) == ModerationState.PENDING


def test_moderation_rings_after_commit(in_altdorf, tessa, pending, table, django_capture_on_commit_callbacks):
    heard = []
    listener = lambda **ids: heard.append((ids["statement_id"], ids["gathering_id"], ids["place_id"]))  # noqa: E731
    statement_moderated.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            approve_statement(actor=tessa, statement=pending)
    finally:
        statement_moderated.disconnect(listener)
    assert heard == [(pending.pk, table.gathering_id, in_altdorf.pk)]


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, statement: approve_statement(actor=actor, statement=statement),
        lambda actor, statement: hold_statement(actor=actor, statement=statement, reason="x"),
        lambda actor, statement: return_to_queue(actor=actor, statement=statement),
        lambda actor, statement: add_version(
            actor=actor, statement=statement, language="en", text="x", state=State.CHECKED
        ),
    ],
)
def test_guests_observers_and_other_towns_decide_nothing(in_altdorf, rolf, as_kim, as_nils, pending, act):
    for actor in (rolf, as_kim, as_nils):
        with pytest.raises(NotAllowed):
            act(actor, pending)
    assert state_of(pending) == ModerationState.PENDING


def test_host_of_another_table_decides_nothing(in_altdorf, tessa, second_table):
    statement = make_statement(second_table, state=ModerationState.PENDING)
    with pytest.raises(NotAllowed):
        approve_statement(actor=tessa, statement=statement)


def test_nothing_is_decided_with_another_town_open(neustadt, tessa, pending):
    with open_place(neustadt), pytest.raises(NotAllowed):
        approve_statement(actor=tessa, statement=pending)
    with pytest.raises(PlaceNotOpen):
        approve_statement(actor=tessa, statement=pending)


def test_a_version_is_added_beside_the_words_that_were_said(in_altdorf, as_alma, table):
    statement = make_statement(table, "لا توجد شقق.", language="ar")
    add_version(actor=as_alma, statement=statement, language="de", text="Es gibt keine Wohnungen.", state=State.MACHINE)
    text = Statement.objects.get().text
    assert (text.original_text, text.in_language("de").text) == ("لا توجد شقق.", "Es gibt keine Wohnungen.")
    assert text.state_of("de") == State.MACHINE
    assert set(LiveEvent.objects.values_list("topic", flat=True)) == {
        f"gathering:{table.gathering_id}",
        f"table:{table.pk}",
    }


def test_a_host_writes_down_versions_of_the_own_table_only(in_altdorf, tessa, table, second_table):
    mine, other = (make_statement(where, "لا", language="ar") for where in (table, second_table))
    add_version(actor=tessa, statement=mine, language="de", text="Nein.", state=State.CHECKED)
    with pytest.raises(NotAllowed):
        add_version(actor=tessa, statement=other, language="de", text="Nein.", state=State.CHECKED)
    assert [str(s.text.in_language("de")) for s in Statement.objects.order_by("table__number")] == ["Nein.", "لا"]


def test_the_words_that_were_said_are_not_rewritten(in_altdorf, as_alma, table):
    statement = make_statement(table)
    with pytest.raises(ValidationError):
        add_version(actor=as_alma, statement=statement, language="de", text="Anders.", state=State.CHECKED)


def test_queries_tell_waiting_from_approved(in_altdorf, table, second_table):
    first = make_statement(table, "A", state=ModerationState.PENDING)
    second = make_statement(second_table, "B", state=ModerationState.PENDING)
    third = make_statement(table, "C")
    make_statement(table, "D", state=ModerationState.HELD)
    assert list(pending_statements(table)) == [first]
    assert list(pending_statements(table.gathering)) == [first, second]
    assert list(approved_statements(table.gathering)) == [third]


def test_receipt_finds_its_statement_in_any_town(table, other_table):
    mine, theirs = make_statement(table), make_statement(other_table)
    assert statement_by_receipt(mine.receipt_code.lower().replace("-", " ")) == mine
    assert statement_by_receipt(theirs.receipt_code) == theirs
    assert statement_by_receipt("0000-0000-0000") is None
    assert statement_by_receipt("kein Code") is None


def test_host_card_ends_with_the_dialogue_and_staff_can_still_take_down(in_altdorf, tessa, as_alma, table, dialogue):
    statement = make_statement(table, state=ModerationState.APPROVED)
    Process.objects.filter(pk=dialogue.pk).update(state=ProcessState.CLOSED)
    with pytest.raises(NotAllowed):
        hold_statement(actor=tessa, statement=Statement.objects.get(pk=statement.pk), reason="zu spät")
    hold_statement(actor=as_alma, statement=Statement.objects.get(pk=statement.pk), reason="nennt einen Namen")
    assert state_of(statement) == ModerationState.HELD
