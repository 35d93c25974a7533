"""Rewording a statement: every wording is kept, and nobody's words are overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db import transaction

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entry, recorded
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.meet.contributions.actions.rows import locked, tell
from ortsdialog.meet.contributions.choices import HintKind
from ortsdialog.meet.contributions.hints import find_hints
from ortsdialog.meet.contributions.models import Revision, Statement
from ortsdialog.meet.contributions.refusals import EditedMeanwhile
from ortsdialog.meet.contributions.signals import statement_reworded
from ortsdialog.meet.contributions.words import checked_language, checked_speakers, checked_text

REASON_AT_MOST = 300


@dataclass(frozen=True)
class _Wording:
    """What an edit decides about."""

    text: str
    language: str
    said_by_count: int
    interpreted: bool

    @classmethod
    def of(cls, row: Statement | Revision) -> Self:
        return cls(row.text.original_text, row.text.original, row.said_by_count, row.interpreted)


def edit_statement(
    *,
    actor: Actor,
    statement: Statement,
    based_on: int,
    text: str,
    language: str,
    said_by_count: int,
    interpreted: bool,
    reason: str = "",
) -> Statement:
    """Reword a statement; what was said stays in its history. `based_on`: the version that lay before the writer.

    Where somebody else was faster, nothing is overwritten: the words are kept in the history, and `EditedMeanwhile`
    carries both. The same words twice are one edit. Where the statement stands (waiting, on the wall, held back)
    does not change; translations of the former words turn out of date. Raises ValidationError for unfit text.
    """
    wording = _Wording(checked_text(text), checked_language(language), checked_speakers(said_by_count), interpreted)
    return _reword("contributions.edit_statement", actor, statement, based_on, wording, reason)


def restore_revision(*, actor: Actor, revision: Revision, based_on: int, reason: str = "") -> Statement:
    """Make a wording from the history the one that counts, as a new version. Refused like an edit."""
    wording = _Wording.of(revision)
    return _reword("contributions.restore_revision", actor, revision.statement, based_on, wording, reason)


def _reword(code: str, actor: Actor, statement: Statement, based_on: int, wording: _Wording, reason: str) -> Statement:
    require(actor, "contributions.edit_statement", statement)
    reason = reason.strip()[:REASON_AT_MOST]
    with transaction.atomic():
        statement = locked(statement)
        if _Wording.of(statement) == wording:
            # The second tap on the button, or nothing new.
            return statement
        _keep_what_was_said(statement)
        if based_on == statement.version:
            with recorded(code, actor=actor, on=statement, reason=reason, detail={"version": based_on + 1}):
                _take(statement, wording, actor, reason)
            return statement
        kept = _keep_late(statement, based_on, wording, actor, reason)
    # Outside the transaction: the late words stay, although the edit is refused.
    raise EditedMeanwhile(statement, kept)


def _take(statement: Statement, wording: _Wording, actor: Actor, reason: str) -> None:
    if wording.language != statement.text.original:
        # A person has looked: what a machine took it for is no matter any more.
        statement.guessed_language = wording.language
    text = statement.text.spoken_in(wording.language)
    words = {**text.versions[wording.language], "text": wording.text}
    statement.text = MultilingualText(wording.language, {**text.versions, wording.language: words})
    statement.said_by_count, statement.interpreted = wording.said_by_count, wording.interpreted
    # Other words make it no less practice.
    practice = [hint for hint in statement.hints if hint["kind"] == HintKind.PRACTICE]
    statement.hints = [*practice, *find_hints(wording.text)]
    based_on, statement.version = statement.version, statement.version + 1
    statement.save(update_fields=["text", "said_by_count", "interpreted", "hints", "version", "guessed_language"])
    _store(statement, wording, actor, reason, based_on=based_on, version=statement.version)
    tell(statement)
    statement_reworded.send_on_commit(
        statement_id=statement.pk, gathering_id=statement.gathering_id, place_id=statement.place_id
    )


def _keep_what_was_said(statement: Statement) -> None:
    """The first row of a history is what was said, whatever is written first: an edit, or one that came too late."""
    if statement.version == 1 and not statement.revisions.exists():
        Revision.objects.create(
            place_id=statement.place_id,
            statement=statement,
            version=1,
            text=statement.text,
            said_by_count=statement.said_by_count,
            interpreted=statement.interpreted,
            made_at=statement.received_at,
        )


def _keep_late(statement: Statement, based_on: int, wording: _Wording, actor: Actor, reason: str) -> Revision:
    """The row that holds the late words; one row also when they are sent twice."""
    for kept in statement.revisions.filter(based_on=based_on, version=None):
        if _Wording.of(kept) == wording:
            return kept
    note_entry("contributions.keep_wording", actor=actor, on=statement, detail={"based_on": based_on})
    return _store(statement, wording, actor, reason, based_on=based_on)


def _store(
    statement: Statement, wording: _Wording, actor: Actor, reason: str, *, based_on: int, version: int | None = None
) -> Revision:
    return Revision.objects.create(
        place_id=statement.place_id,
        statement=statement,
        version=version,
        based_on=based_on,
        # A version that was taken keeps the translations it had at that moment.
        text=statement.text if version else MultilingualText.written(wording.text, wording.language),
        said_by_count=wording.said_by_count,
        interpreted=wording.interpreted,
        reason=reason,
        # A host is known by her table alone.
        made_by=actor.label[:200] if actor.kind == "person" else "",
    )
