from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import PlaceNotOpen, open_place
from ortsdialog.meet.contributions.actions import (
    add_version,
    approve_known,
    approve_statement,
    claim_next,
    hold_device,
    hold_statement,
    return_deed,
    return_to_queue,
)
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import approved_statements, pending_statements, statement_by_receipt
from ortsdialog.meet.contributions.reporting import held_by
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
    assert (entry.actor_kind, entry.detail) == ("link", {"from": "pending", "to": "approved"})


def test_approving_twice_is_one_approval(in_altdorf, tessa, pending):
    first = approve_statement(actor=tessa, statement=pending)
    second = approve_statement(actor=tessa, statement=pending)
    assert second.moderated_at == first.moderated_at
    assert AuditEntry.objects.filter(code="contributions.approve_statement").count() == 1


def test_staff_holds_back_with_a_reason_and_returns(in_altdorf, as_alma, pending):
    held = hold_statement(
        actor=as_alma,
        statement=pending,
        why=HoldReason.NAMES,
        note=" nennt einen Namen ",
        to_writer=" Bitte ohne Namen. ",
    )
    assert (held.state, held.hold_reason, held.state_reason, held.reason_for_writer) == (
        ModerationState.HELD,
        HoldReason.NAMES,
        "nennt einen Namen",
        "Bitte ohne Namen.",
    )
    again = return_to_queue(actor=as_alma, statement=held)
    assert (again.state, again.hold_reason, again.state_reason, again.reason_for_writer, again.moderated_at) == (
        ModerationState.PENDING,
        "",
        "",
        "",
        None,
    )
    assert list(AuditEntry.objects.order_by("id").values_list("code", "reason")) == [
        ("contributions.hold_statement", "nennt einen Namen"),
        ("contributions.return_to_queue", ""),
    ]


def test_an_approved_statement_can_be_taken_off_the_wall(in_altdorf, tessa, table):
    statement = make_statement(table)
    hold_statement(actor=tessa, statement=statement, why=HoldReason.OFF_TOPIC)
    assert list(approved_statements(table.gathering)) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"why": ""}, "why"),
        ({"why": "erfunden"}, "why"),
        ({"why": HoldReason.OTHER, "to_writer": " "}, "to_writer"),
        ({"why": HoldReason.HURTS, "to_writer": "x" * 1001}, "to_writer"),
        ({"why": HoldReason.HURTS, "note": "x" * 501}, "note"),
    ],
)
def test_holding_back_needs_a_reason_that_the_writer_understands(in_altdorf, tessa, pending, words, code):
    with pytest.raises(ValidationError) as refused:
        hold_statement(actor=tessa, statement=pending, **words)
    assert refused.value.code == code
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
        lambda actor, statement: hold_statement(actor=actor, statement=statement, why=HoldReason.HURTS),
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
        hold_statement(actor=tessa, statement=Statement.objects.get(pk=statement.pk), why=HoldReason.NAMES)
    hold_statement(actor=as_alma, statement=Statement.objects.get(pk=statement.pk), why=HoldReason.NAMES)
    assert state_of(statement) == ModerationState.HELD


# ---- One deed on many ---------------------------------------------------------------------------


def from_device(table, number, key="laut", state=ModerationState.PENDING, **fields):
    return [make_statement(table, f"{key} {n}", device_key=key, state=state, **fields) for n in range(number)]


def states(*statements):
    return [state_of(statement) for statement in statements]


def test_all_that_waits_from_a_device_is_held_in_one_deed_and_taken_back_in_one(
    in_altdorf, as_alma, table, second_table, other_table
):
    mine = [*from_device(table, 2), *from_device(second_table, 1)]
    (frei,) = from_device(table, 1, state=ModerationState.APPROVED)
    (leise,) = from_device(table, 1, "leise")
    from_device(other_table, 1)
    held = hold_device(actor=as_alma, statement=mine[0], why=HoldReason.HURTS, note="Flut")
    assert {row.pk for row in held} == {row.pk for row in mine}
    assert states(*mine, frei, leise) == ["held"] * 3 + ["approved", "pending"]
    assert Statement.objects.get(pk=mine[2].pk).hold_reason == HoldReason.HURTS
    entries = AuditEntry.objects.filter(code="contributions.hold_statement")
    assert (
        list(entries.values_list("reason", "detail"))
        == [("Flut", {"from": "pending", "to": "held", "why": "hurts", "together": 3})] * 3
    )
    # One of them was decided anew: it is not touched again.
    approve_statement(actor=as_alma, statement=mine[1])
    back = return_deed(actor=as_alma, statement=Statement.objects.get(pk=mine[0].pk))
    assert {row.pk for row in back} == {mine[0].pk, mine[2].pk}
    assert states(*mine) == ["pending", "approved", "pending"]
    assert return_deed(actor=as_alma, statement=Statement.objects.get(pk=mine[0].pk)) == []


def test_without_a_device_only_the_one_statement_is_held(in_altdorf, as_alma, table):
    first, second = from_device(table, 2, "")
    hold_device(actor=as_alma, statement=first, why=HoldReason.HURTS)
    assert states(first, second) == ["held", "pending"]


def test_a_host_holds_no_devices_of_other_tables(in_altdorf, tessa, table, second_table):
    (mine,), (other,) = from_device(table, 1), from_device(second_table, 1)
    with pytest.raises(NotAllowed):
        hold_device(actor=tessa, statement=mine, why=HoldReason.HURTS)
    assert states(mine, other) == ["pending", "pending"]


def test_known_devices_are_approved_together_and_taken_back(in_altdorf, as_alma, as_kim, table):
    from_device(table, 1, "gut", ModerationState.APPROVED)
    waiting = from_device(table, 2, "gut")
    (fremd,) = from_device(table, 1, "fremd")
    with pytest.raises(NotAllowed):
        approve_known(actor=as_kim, gathering=table.gathering)
    assert len(approve_known(actor=as_alma, gathering=table.gathering)) == 2
    assert states(*waiting, fremd) == ["approved", "approved", "pending"]
    return_deed(actor=as_alma, statement=Statement.objects.get(pk=waiting[0].pk))
    assert states(*waiting) == ["pending", "pending"]


def test_what_appeared_by_itself_belongs_to_no_deed(in_altdorf, as_alma, table):
    now = timezone.now()
    at_once = [make_statement(table, received_at=now, moderated_at=now) for _ in range(2)]
    return_deed(actor=as_alma, statement=at_once[0])
    assert states(*at_once) == ["pending", "approved"]


def test_a_decision_frees_the_card(in_altdorf, as_alma, table):
    statement = make_statement(table, state=ModerationState.PENDING)
    claim_next(actor=as_alma, where=table.gathering, claimant="1:fenster")
    approve_statement(actor=as_alma, statement=statement)
    assert Statement.objects.get().claimed_by == ""


def test_the_writer_learns_the_role_and_never_the_person(in_altdorf, as_alma, tessa, table):
    statement = make_statement(table)
    assert held_by(statement) is None
    hold_statement(actor=tessa, statement=statement, why=HoldReason.NAMES)
    assert (held_by(statement).by_host, held_by(statement).after_report) == (True, False)
    hold_statement(actor=as_alma, statement=statement, why=HoldReason.HURTS)
    assert held_by(statement).by_host is False
