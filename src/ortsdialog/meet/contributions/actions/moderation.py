"""Approving, holding back, and taking either back: one statement, or what a device has sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entries, note_entry
from ortsdialog.kernel.live.events import announce_all
from ortsdialog.meet.contributions.actions.rows import LIVE_EVENT, locked, tell
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.signals import statement_moderated
from ortsdialog.meet.contributions.turns import waiting_of_known_devices
from ortsdialog.meet.gatherings.models import Gathering

NOTE_AT_MOST = 500
WORDS_AT_MOST = 1_000
# What a decision changes. A card that was decided on is nobody's any more.
DECISION = ("state", "hold_reason", "reason_for_writer", "state_reason", "moderated_at", "claimed_by", "claimed_until")


def approve_statement(*, actor: Actor, statement: Statement, based_on: int | None = None) -> Statement:
    """Let a statement onto the wall and the public pages. Approving twice changes nothing.

    `based_on`: the version of its wording that lay before whoever approves; None for what stands there now. Raises
    ValidationError (`reworded`) where somebody has changed the words since: nobody approves what she has not read.
    """
    decision = _decision(ModerationState.APPROVED)
    return _moderate(actor, statement, "contributions.approve_statement", decision, based_on=based_on)


def hold_statement(
    *,
    actor: Actor,
    statement: Statement,
    why: str,
    note: str = "",
    to_writer: str = "",
    detail: dict[str, Any] | None = None,
) -> Statement:
    """Hold a statement back, also one that is on the wall. It stays stored.

    `why` is a `HoldReason`, `to_writer` words that the writer reads on the page of her receipt beside it, `note` is
    for the team alone. Raises ValidationError for an unknown reason, and for "another reason" without words.
    """
    decision = _decision(ModerationState.HELD, why, note, to_writer)
    return _moderate(actor, statement, "contributions.hold_statement", decision, detail)


def return_to_queue(*, actor: Actor, statement: Statement) -> Statement:
    """Undo an approval or a holding back: the statement waits again."""
    return _moderate(actor, statement, "contributions.return_to_queue", _decision(ModerationState.PENDING))


def hold_device(
    *, actor: Actor, statement: Statement, why: str, note: str = "", to_writer: str = ""
) -> list[Statement]:
    """Hold back all that waits from the device that this statement came from, in its event, as one deed.

    Where the device is not known, the statement alone. Its own state does not matter. See `return_deed`.
    """
    decision = _decision(ModerationState.HELD, why, note, to_writer)
    require(actor, "contributions.moderate_statement", statement)
    with transaction.atomic():
        waiting = _of_the_same_hall(statement).filter(state=ModerationState.PENDING)
        same = waiting.filter(device_key=statement.device_key) if statement.device_key else waiting.none()
        rows = [*_locked(same | waiting.filter(pk=statement.pk))]
        for row in rows:
            require(actor, "contributions.moderate_statement", row)
        return _moderate_many(actor, rows, "contributions.hold_statement", decision)


def approve_known(*, actor: Actor, gathering: Gathering) -> list[Statement]:
    """Approve all that waits in an event without a hint, from devices with an approved statement and none held back."""
    require(actor, "contributions.moderate_statement", gathering)
    with transaction.atomic():
        rows = [*_locked(waiting_of_known_devices(gathering))]
        # Whoever waited for a lock holds rows that were chosen before it: somebody may have decided on one of them,
        # or found a hint, or held back something from its device. Asked again, all of it counts as it is now.
        asked_again = waiting_of_known_devices(gathering).filter(pk__in=[row.pk for row in rows])
        still = set(asked_again.values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in still]
        return _moderate_many(actor, rows, "contributions.approve_statement", _decision(ModerationState.APPROVED))


def return_deed(*, actor: Actor, statement: Statement) -> list[Statement]:
    """Undo one deed: all that was decided in it together with this statement waits again.

    What somebody has decided on anew since then stays as it is.
    """
    require(actor, "contributions.moderate_statement", statement)
    with transaction.atomic():
        statement = locked(statement)
        if statement.moderated_at is None:
            return []
        rows = [*_locked(same_deed(statement))]
        for row in rows:
            require(actor, "contributions.moderate_statement", row)
        return _moderate_many(actor, rows, "contributions.return_to_queue", _decision(ModerationState.PENDING))


def same_deed(statement: Statement) -> Any:
    """What was decided in the same moment in the same way. What appeared by itself was decided by nobody."""
    together = _of_the_same_hall(statement).filter(
        state=statement.state, moderated_at=statement.moderated_at, hold_reason=statement.hold_reason
    )
    return together.exclude(moderated_at=F("received_at")) | together.filter(pk=statement.pk)


def _of_the_same_hall(statement: Statement) -> Any:
    return Statement.everything.filter(gathering=statement.gathering_id, rehearsal=statement.rehearsal)


def _locked(rows: Any) -> Any:
    # In one order, so that two who decide on the same cards never wait for each other.
    return rows.order_by("pk").select_for_update(of=("self",))


def _decision(state: str, why: str = "", note: str = "", to_writer: str = "") -> dict[str, Any]:
    """The new values of the row; raises ValidationError where a reason is missing or too long."""
    note, to_writer = note.strip(), to_writer.strip()
    if state == ModerationState.HELD:
        if why not in HoldReason.values:
            raise ValidationError(_("Please choose why you hold the statement back."), code="why")
        if why == HoldReason.OTHER and not to_writer:
            raise ValidationError(_("Please tell the writer what the other reason is."), code="to_writer")
    for words, most, code in ((note, NOTE_AT_MOST, "note"), (to_writer, WORDS_AT_MOST, "to_writer")):
        if len(words) > most:
            raise ValidationError(_("Please write at most %(most)d characters."), code=code, params={"most": most})
    return {
        "state": state,
        "hold_reason": why,
        "reason_for_writer": to_writer,
        "state_reason": note,
        "moderated_at": None if state == ModerationState.PENDING else timezone.now(),
        "claimed_by": "",
        "claimed_until": None,
    }


def _is_so_already(statement: Statement, decision: dict[str, Any]) -> bool:
    return all(
        getattr(statement, name) == decision[name]
        for name in ("state", "hold_reason", "reason_for_writer", "state_reason")
    )


def _detail(before: str, decision: dict[str, Any]) -> dict[str, Any]:
    return {"from": before, "to": str(decision["state"])} | (
        {"why": str(decision["hold_reason"])} if decision["hold_reason"] else {}
    )


def _moderate(
    actor: Actor,
    statement: Statement,
    code: str,
    decision: dict[str, Any],
    detail: dict[str, Any] | None = None,
    *,
    based_on: int | None = None,
) -> Statement:
    require(actor, "contributions.moderate_statement", statement)
    with transaction.atomic():
        statement = locked(statement)
        if _is_so_already(statement, decision):
            return statement
        if based_on not in (None, statement.version):
            raise ValidationError(
                _("Somebody has changed the words meanwhile. Please read them once more, then decide."),
                code="reworded",
            )
        said = _detail(statement.state, decision) | (detail or {})
        for name, value in decision.items():
            setattr(statement, name, value)
        statement.save(update_fields=[*DECISION])
        tell(statement)
        _ring(statement)
        # As few steps as can be while a whole hall waits for its turn to write.
        note_entry(code, actor=actor, on=statement, reason=decision["state_reason"], detail=said)
    return statement


def _moderate_many(
    actor: Actor, statements: Sequence[Statement], code: str, decision: dict[str, Any]
) -> list[Statement]:
    """One deed on many rows that are locked: one time stands on all of them, by which it is taken back."""
    rows = [row for row in statements if not _is_so_already(row, decision)]
    if not rows:
        return []
    details = [_detail(row.state, decision) | {"together": len(rows)} for row in rows]
    Statement.everything.filter(pk__in=[row.pk for row in rows]).update(**decision)
    for row in rows:
        for name, value in decision.items():
            setattr(row, name, value)
    note_entries(code, actor=actor, on=rows, reason=decision["state_reason"], details=details)
    topics: dict[str, str] = {}
    for row in rows:
        # One call for all: whoever hears it looks for everything new.
        topics[f"gathering:{row.gathering_id}"] = row.handle
        topics[f"table:{row.table_id}"] = row.handle
        _ring(row)
    announce_all((topic, LIVE_EVENT, handle) for topic, handle in topics.items())
    return rows


def _ring(statement: Statement) -> None:
    statement_moderated.send_on_commit(
        statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
    )
