"""Approving, holding back, and taking either back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.meet.contributions.actions.rows import locked, tell
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.signals import statement_moderated


def approve_statement(*, actor: Actor, statement: Statement) -> Statement:
    """Let a statement onto the wall and the public pages. Approving twice changes nothing."""
    return _moderate(actor, statement, "contributions.approve_statement", ModerationState.APPROVED)


def hold_statement(*, actor: Actor, statement: Statement, reason: str) -> Statement:
    """Hold a statement back, also one that is on the wall. It stays stored, with the reason."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Please say why you hold the statement back."), code="reason")
    return _moderate(actor, statement, "contributions.hold_statement", ModerationState.HELD, reason)


def return_to_queue(*, actor: Actor, statement: Statement) -> Statement:
    """Undo an approval or a holding back: the statement waits again."""
    return _moderate(actor, statement, "contributions.return_to_queue", ModerationState.PENDING)


def _moderate(actor: Actor, statement: Statement, code: str, state: str, reason: str = "") -> Statement:
    require(actor, "contributions.moderate_statement", statement)
    with transaction.atomic():
        statement = locked(statement)
        if statement.state == state and statement.state_reason == reason:
            return statement
        with recorded(code, actor=actor, on=statement, reason=reason, detail={"from": statement.state}):
            statement.state = state
            statement.state_reason = reason
            statement.moderated_at = None if state == ModerationState.PENDING else timezone.now()
            statement.save(update_fields=["state", "state_reason", "moderated_at"])
            tell(statement)
            statement_moderated.send_on_commit(
                statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
            )
    return statement
