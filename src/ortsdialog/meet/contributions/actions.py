"""Taking statements in, approving them, sorting them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, NotAllowed, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.live import announce
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.contributions.choices import Channel, Kind, ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.contributions.signals import statement_moderated, statement_received
from ortsdialog.meet.contributions.words import checked_language, checked_speakers, checked_text
from ortsdialog.meet.gatherings.models import GuidingQuestion, Round, Table

LIVE_EVENT = "statement"


# ---- Taking in ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Submitted:
    """A statement that is on disk; `created` is False where it was there already."""

    statement: Statement
    created: bool


def submit_statement(
    *,
    actor: Actor,
    statement_id: UUID,
    table: Table,
    text: str,
    language: str,
    round: Round | None = None,
    question: GuidingQuestion | None = None,
    channel: str = Channel.PHONE,
    said_by_count: int = 1,
    sent_at: datetime | None = None,
) -> Submitted:
    """Take in what somebody said at a table. Safe to send twice: the id is the sender's.

    The same id with the same words gives the stored statement, also after the gathering has closed:
    its sender only missed the first answer. The same id with other words raises `StatementDiffers`.
    Without a round, the gathering's current one counts. Raises ValidationError for unfit text.
    Outside a transaction the return means that the statement is on disk.
    """
    text, language = checked_text(text), checked_language(language)
    said_by_count = checked_speakers(said_by_count)
    if round is not None and round.gathering_id != table.gathering_id:
        raise ValidationError(_("This round belongs to another event."), code="other_gathering")
    if round is None and question is None:
        round = table.gathering.current_round
    if question is None and round is not None:
        question = round.question
    statement = Statement(
        id=statement_id,
        place_id=table.place_id,
        process_id=table.gathering.process_id,
        gathering=table.gathering,
        table=table,
        round=round,
        question=question,
        text=MultilingualText.written(text, language),
        channel=channel,
        said_by_count=said_by_count,
        receipt_code=new_receipt_code(),
        sent_at=sent_at,
    )
    try:
        require(actor, "contributions.submit_statement", table)
        if channel != Channel.PHONE or said_by_count != 1:
            require(actor, "contributions.write_for_guests", table)
    except NotAllowed:
        if Statement.objects.filter(pk=statement_id).exists():
            return _stored_before(statement)
        raise
    try:
        _store(actor, statement)
    except IntegrityError:
        if not _id_is_taken(statement_id):
            # A receipt code met its twin, or a row we point at is gone. A new code tells the two apart.
            statement.receipt_code = new_receipt_code()
            _store(actor, statement)
        else:
            return _stored_before(statement)
    return Submitted(statement, created=True)


def _store(actor: Actor, statement: Statement) -> None:
    with recorded("contributions.submit_statement", actor=actor, on=statement):
        statement.save(force_insert=True)
        announce(f"table:{statement.table_id}", LIVE_EVENT, statement.pk)
        statement_received.send_on_commit(
            statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
        )


def _id_is_taken(statement_id: UUID) -> bool:
    # The id may be in use in another town: ids come from devices, which know no towns.
    with across_places(reason=Reason.CODE_LOOKUP):
        return Statement.objects.filter(pk=statement_id).exists()


def _stored_before(sent: Statement) -> Submitted:
    """The statement that has the id already, if it says the same at the same table."""
    stored = Statement.objects.filter(pk=sent.pk, table_id=sent.table_id).first()
    if stored is None or _body(stored) != _body(sent):
        raise StatementDiffers(stored)
    return Submitted(stored, created=False)


def _body(statement: Statement) -> tuple[Any, ...]:
    """What the sender decides. The round is left out: it may change between two tries to send."""
    return (statement.text.original, statement.text.original_text, statement.channel, statement.said_by_count)


def add_version(*, actor: Actor, statement: Statement, language: str, text: str, state: State) -> Statement:
    """Add or replace a translation of a statement. The words that were said stay as they are."""
    require(actor, "contributions.moderate_statement", statement)
    text, language = checked_text(text), checked_language(language)
    if language == statement.text.original:
        raise ValidationError(_("These are the words that were said. They are not changed."), code="original")
    with recorded("contributions.add_version", actor=actor, on=statement, detail={"language": language}):
        statement = _locked(statement)
        statement.text = statement.text.with_version(language, text, state)
        statement.save(update_fields=["text"])
        _tell(statement)
    return statement


# ---- Approving ----------------------------------------------------------------------------------


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
        statement = _locked(statement)
        if statement.state == state and statement.state_reason == reason:
            return statement
        with recorded(code, actor=actor, on=statement, reason=reason, detail={"from": statement.state}):
            statement.state = state
            statement.state_reason = reason
            statement.moderated_at = None if state == ModerationState.PENDING else timezone.now()
            statement.save(update_fields=["state", "state_reason", "moderated_at"])
            _tell(statement)
            statement_moderated.send_on_commit(
                statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
            )
    return statement


def _tell(statement: Statement) -> None:
    """Wake the wall, and the host's queue: it may be open on one device while the desk decides on another."""
    # The whole hall listens to the wall, and whoever sends a statement's id gets its receipt: the id stays away.
    announce(f"gathering:{statement.gathering_id}", LIVE_EVENT, statement.gathering_id)
    announce(f"table:{statement.table_id}", LIVE_EVENT, statement.pk)


def _locked(statement: Statement) -> Statement:
    """The row as it is now, held until the transaction ends. Call inside a transaction."""
    locked: Statement = Statement.objects.select_for_update().get(pk=statement.pk)
    return locked


# ---- Sorting ------------------------------------------------------------------------------------


def set_kind(*, actor: Actor, statements: Statement | Iterable[Statement], kind: str) -> int:
    """Say what kind of statement these are; returns how many changed."""
    kind = Kind(kind)
    return _sort(actor, statements, "contributions.set_kind", {"kind": kind}, {"kind": kind.value})


def put_in_cluster(*, actor: Actor, statements: Statement | Iterable[Statement], cluster: Cluster | None) -> int:
    """Put statements into a cluster of their process, or (None) take them out; returns how many changed."""
    statements = _as_list(statements)
    if cluster is not None and any(s.process_id != cluster.process_id for s in statements):
        raise ValidationError(_("A cluster holds statements of its own dialogue only."), code="other_process")
    detail = {"cluster": cluster.number if cluster else None}
    return _sort(actor, statements, "contributions.put_in_cluster", {"cluster": cluster}, detail)


def _sort(
    actor: Actor,
    statements: Statement | Iterable[Statement],
    code: str,
    change: dict[str, Any],
    detail: dict[str, Any],
) -> int:
    statements = _as_list(statements)
    models.prefetch_related_objects(statements, "process")
    for statement in statements:
        require(actor, "contributions.sort_statements", statement)
    changed = 0
    now = timezone.now()
    with transaction.atomic():
        # In the order of their keys, so that two people who sort the same cards do not block one another.
        rows = Statement.objects.select_for_update().filter(pk__in=[s.pk for s in statements]).order_by("pk")
        for row in rows:
            if all(getattr(row, name) == value for name, value in change.items()):
                continue
            with recorded(code, actor=actor, on=row, detail=detail):
                for name, value in change.items():
                    setattr(row, name, value)
                is_sorted = row.cluster_id is not None or row.kind != Kind.UNSORTED
                row.sorted_at = (row.sorted_at or now) if is_sorted else None
                row.save(update_fields=[*change, "sorted_at"])
            changed += 1
    return changed


def _as_list(statements: Statement | Iterable[Statement]) -> list[Statement]:
    return [statements] if isinstance(statements, Statement) else list(statements)


def create_cluster(
    *,
    actor: Actor,
    process: Process,
    title: str | MultilingualText,
    summary: str | MultilingualText = "",
    language: str = "de",
) -> Cluster:
    """Open a cluster in a process; it gets the next number."""
    require(actor, "contributions.sort_statements", process)
    cluster = Cluster(
        place_id=process.place_id,
        process=process,
        title=_titled(_in_language(title, language)),
        summary=_in_language(summary, language),
    )
    with recorded("contributions.create_cluster", actor=actor, on=cluster):
        # Whoever numbers next waits for this row.
        Process.objects.select_for_update().get(pk=process.pk)
        last = Cluster.objects.filter(process=process).aggregate(last=models.Max("number"))["last"]
        cluster.number = (last or 0) + 1
        cluster.save(force_insert=True)
    return cluster


def edit_cluster(
    *, actor: Actor, cluster: Cluster, title: str | MultilingualText, summary: str | MultilingualText = ""
) -> Cluster:
    """Rewrite title and summary. Translations made from the former words turn out of date."""
    require(actor, "contributions.sort_statements", cluster)
    with recorded("contributions.edit_cluster", actor=actor, on=cluster):
        cluster.title = _titled(_rewritten(cluster.title, title))
        cluster.summary = _rewritten(cluster.summary, summary)
        cluster.save(update_fields=["title", "summary"])
    return cluster


def _in_language(text: str | MultilingualText, language: str) -> MultilingualText:
    return text if isinstance(text, MultilingualText) else MultilingualText.written(text.strip(), language)


def _rewritten(before: MultilingualText, text: str | MultilingualText) -> MultilingualText:
    if isinstance(text, MultilingualText):
        return text
    return before.with_version(before.original, text.strip(), State.ORIGINAL)


def _titled(title: MultilingualText) -> MultilingualText:
    if not title:
        raise ValidationError({"title": _("Please give the cluster a title.")}, code="title")
    return title
