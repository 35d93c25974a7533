"""Taking in what was said, one statement or many in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, NotAllowed, require
from ortsdialog.kernel.audit import note_entries
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.live.events import announce_all
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.contributions.actions.rows import LIVE_EVENT
from ortsdialog.meet.contributions.choices import INNOCENT_REASONS, Channel, HintKind, ModerationState
from ortsdialog.meet.contributions.hints import Hint, find_hints
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.contributions.signals import statement_received
from ortsdialog.meet.contributions.words import checked_language, checked_speakers, checked_text
from ortsdialog.meet.gatherings.choices import Moderation
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table

CODE = "contributions.submit_statement"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A statement as its sender gives it. `id` is the sender's, so that sending twice stores once.

    `receipt_code`: one that was printed on a paper card beforehand. `device_key`: see `Statement`. `rehearsed`: the
    page on which it was written said that this is a rehearsal.
    """

    id: UUID
    table: Table
    text: str
    language: str
    round: Round | None = None
    question: GuidingQuestion | None = None
    channel: str = Channel.PHONE
    said_by_count: int = 1
    interpreted: bool = False
    sent_at: datetime | None = None
    device_key: str = ""
    receipt_code: str = ""
    collected_on: date | None = None
    entered_by: str = ""
    source: Source | None = None
    rehearsed: bool = False


@dataclass(frozen=True)
class Submitted:
    """A statement that is on disk; `created` is False where it was there already.

    `late_practice`: it was written in a rehearsal and came after it.
    """

    statement: Statement
    created: bool
    late_practice: bool = False


Refusal = ValidationError | NotAllowed | StatementDiffers


def submit_statement(*, actor: Actor, statement_id: UUID, table: Table, **rest: Any) -> Submitted:
    """Take in what somebody said at a table. Safe to send twice; the further words are those of `Incoming`.

    The same id with the same words gives the stored statement, also after the gathering has closed:
    its sender only missed the first answer. The same id with other words raises `StatementDiffers`.
    Without a round, the gathering's current one counts. Raises ValidationError for unfit text.
    Outside a transaction the return means that the statement is on disk.
    """
    incoming = Incoming(id=statement_id, table=table, **rest)
    try:
        (outcome,) = submit_statements(actor=actor, incoming=[incoming])
    except IntegrityError:
        # Somebody was faster with this id, or a receipt code met its twin. Looking again tells the two apart.
        (outcome,) = submit_statements(actor=actor, incoming=[incoming])
    if isinstance(outcome, Submitted):
        return outcome
    raise outcome


def submit_statements(*, actor: Actor, incoming: Sequence[Incoming]) -> list[Submitted | Refusal]:
    """Take in many statements of the open town in one transaction; one outcome each, in their order.

    What one of them is refused for harms no other. An IntegrityError (somebody else has just used one of the ids)
    takes back all of them: send them one by one.
    """
    return store_prepared(actor=actor, prepared=[prepare(item) for item in incoming])


@dataclass(frozen=True)
class Prepared:
    """A statement that is ready to be stored, or why it will not be. Made before the transaction: it costs time."""

    item: Incoming
    ready: Statement | ValidationError


def prepare(item: Incoming) -> Prepared:
    """Everything that needs no database."""
    try:
        return Prepared(item, _statement(item))
    except ValidationError as refusal:
        return Prepared(item, refusal)


def store_prepared(*, actor: Actor, prepared: Sequence[Prepared]) -> list[Submitted | Refusal]:
    """The second half of `submit_statements`."""
    with transaction.atomic():
        _as_they_stand_now([one.item.table.gathering for one in prepared])
        stored = _stored(one.item.id for one in prepared)
        outcomes: list[Submitted | Refusal] = []
        fresh: dict[UUID, Statement] = {}
        for one in prepared:
            try:
                outcome = _outcome(actor, one, stored.get(one.item.id) or fresh.get(one.item.id))
            except (ValidationError, NotAllowed, StatementDiffers) as refusal:
                outcomes.append(refusal)
            else:
                outcomes.append(outcome)
                if outcome.created:
                    fresh[one.item.id] = outcome.statement
        if fresh:
            _store(actor, list(fresh.values()))
    return outcomes


def _outcome(actor: Actor, one: Prepared, before: Statement | None) -> Submitted:
    """What becomes of it, unless it is refused."""
    if isinstance(one.ready, ValidationError):
        raise one.ready
    if before is not None:
        return _stored_before(before, one.ready)
    _require(actor, one.item)
    late_practice = one.item.rehearsed and not one.item.table.gathering.is_rehearsing
    if late_practice:
        # Most likely practice. But a tablet that was offline since may hold words of the evening on its old page.
        one.ready.hints = [Hint(kind=HintKind.PRACTICE.value, start=0, length=0), *one.ready.hints]
    return Submitted(one.ready, created=True, late_practice=late_practice)


def _as_they_stand_now(gatherings: Sequence[Gathering]) -> None:
    """Bring what decides about a statement up to date, and hold it until the statements are stored.

    Whoever took the table from a moment ago must not store into an event that has closed since, nor as part of a
    rehearsal that has ended: such a statement would vanish with it. The lock also makes the transactions that write
    into one event follow one another on PostgreSQL, so that live events commit in the order of their ids.
    """
    by_key: dict[int, list[Gathering]] = defaultdict(list)
    for gathering in gatherings:
        # Tables of one event may each have an object of it, and every one of them decides about its statements.
        by_key[gathering.pk].append(gathering)
    rows = Gathering.objects.select_for_update(no_key=True).filter(pk__in=by_key).order_by("pk")
    fields = "state", "closed_at", "is_rehearsing", "moderation"
    for key, round_id, *values in rows.values_list("pk", "current_round_id", *fields):
        for gathering in by_key[key]:
            for field, value in zip(fields, values, strict=True):
                setattr(gathering, field, value)
            if gathering.current_round_id != round_id:
                # The old round may still be at hand; the new one is looked up where somebody asks for it.
                gathering.current_round_id = round_id


def _require(actor: Actor, item: Incoming) -> None:
    require(actor, CODE, item.table)
    if item.channel != Channel.PHONE or item.said_by_count != 1:
        require(actor, "contributions.write_for_guests", item.table)


def _stored(ids: Iterable[UUID]) -> dict[UUID, Statement]:
    # An id may be in use in another town: ids come from devices, which know no towns.
    with across_places(reason=Reason.CODE_LOOKUP):
        return {found.pk: found for found in Statement.everything.filter(pk__in=list(ids))}


def _statement(item: Incoming) -> Statement:
    """The row that the item asks for; refused where its words do not fit."""
    text, language = checked_text(item.text), checked_language(item.language)
    gathering = item.table.gathering
    round, question = item.round, item.question
    if round is not None and round.gathering_id != gathering.pk:
        raise ValidationError(_("This round belongs to another event."), code="other_gathering")
    # Paper was written at another time: the round that runs while somebody keys it in is not the paper's.
    if round is None and question is None and item.channel != Channel.PAPER:
        round = gathering.current_round
    if question is None and round is not None:
        question = round.question
    return Statement(
        id=item.id,
        place=item.table.place,
        process=gathering.process,
        gathering=gathering,
        table=item.table,
        round=round,
        question=question,
        text=MultilingualText.written(text, language),
        channel=item.channel,
        said_by_count=checked_speakers(item.said_by_count),
        interpreted=item.interpreted,
        hints=find_hints(text),
        receipt_code=item.receipt_code or new_receipt_code(),
        device_key=item.device_key,
        sent_at=item.sent_at,
        collected_on=item.collected_on,
        entered_by=item.entered_by,
        source=item.source,
    )


def _stored_before(stored: Statement, sent: Statement) -> Submitted:
    """The statement that has the id already, if it says the same at the same table."""
    if stored.table_id != sent.table_id:
        raise StatementDiffers(None)
    if _body(stored) != _body(sent):
        raise StatementDiffers(stored)
    return Submitted(stored, created=False)


def _body(statement: Statement) -> tuple[Any, ...]:
    """What the sender decides. The round is left out: it may change between two tries to send.

    Once somebody has edited the statement, its first wording is what was sent.
    """
    first = statement.revisions.order_by("id").first() if statement.version > 1 else None
    words, count = (first.text, first.said_by_count) if first else (statement.text, statement.said_by_count)
    # The language as the sender chose it: somebody may have corrected it meanwhile.
    return (words.declared, words.original_text, statement.channel, count)


def _store(actor: Actor, statements: list[Statement]) -> None:
    now = timezone.now()
    devices = _devices(statements)
    topics: dict[str, str] = {}
    for statement in statements:
        statement.received_at = now
        statement.rehearsal = statement.gathering.is_rehearsing
        topics.setdefault(f"table:{statement.table_id}", "")
        if _appears_at_once(statement, devices):
            statement.state, statement.moderated_at = ModerationState.APPROVED, now
            topics[f"gathering:{statement.gathering_id}"] = statement.handle
    Statement.everything.bulk_create(statements)
    note_entries(CODE, actor=actor, on=statements)
    # One call for all that came together: whoever hears it looks for everything new.
    announce_all((topic, LIVE_EVENT, handle) for topic, handle in topics.items())
    for statement in statements:
        statement_received.send_on_commit(
            statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
        )


def _appears_at_once(statement: Statement, devices: _Devices) -> bool:
    """Whether nobody has to look at it first. What seems to hurt or to name somebody always waits.

    So does what comes from a device of which somebody has held something back, and what comes after the end, but
    paper: somebody has read it while keying it in.
    """
    device = (statement.gathering_id, statement.device_key)
    late = statement.channel != Channel.PAPER and not statement.gathering.takes_statements
    if statement.hints or late or device in devices.distrusted:
        return False
    mode = statement.gathering.moderation
    if mode == Moderation.NEW_DEVICES:
        return device in devices.known
    return mode == Moderation.POST


@dataclass(frozen=True)
class _Devices:
    """(gathering, key) of devices with an approved statement, and of those with one held back."""

    known: set[tuple[int, str]]
    distrusted: set[tuple[int, str]]


def _devices(statements: list[Statement]) -> _Devices:
    """What the senders' devices have had decided in these events. Asked only where it matters."""
    found = _Devices(set(), set())
    keys = {s.device_key for s in statements if s.device_key and s.gathering.moderation != Moderation.PRE}
    if not keys:
        return found
    rows = Statement.everything.filter(device_key__in=keys).exclude(state=ModerationState.PENDING)
    rows = rows.exclude(state=ModerationState.HELD, hold_reason__in=INNOCENT_REASONS)
    for gathering_id, key, state in rows.order_by().values_list("gathering_id", "device_key", "state").distinct():
        (found.distrusted if state == ModerationState.HELD else found.known).add((gathering_id, key))
    return found
