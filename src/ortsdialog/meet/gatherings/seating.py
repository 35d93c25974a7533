"""Turning drafts of tables and rounds into rows, and changing rows that may already hold statements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, ProtectedError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.meet.gatherings.codes import new_host_key, new_table_code
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft, Text, as_text
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table

# Beyond every real number: rows wait here while they change places, since a number stands only once.
_PARKED = 10_000


def write_tables(gathering: Gathering, drafts: Sequence[TableDraft]) -> None:
    """Make the event's tables what the drafts say. Kept tables keep their number: their signs are printed."""
    kept = {table.pk: table for table in gathering.tables.all()}
    _refuse_strangers(drafts, kept)
    wanted = {draft.pk for draft in drafts if draft.pk is not None}
    number = max((table.number for table in kept.values()), default=0)
    for table in kept.values():
        if table.pk not in wanted:
            _remove_table(table)
    for draft in drafts:
        if draft.pk is not None:
            table = kept[draft.pk]
        else:
            number += 1
            table = Table(
                place=gathering.place,
                gathering=gathering,
                number=number,
                code=new_table_code(),
                host_key=new_host_key(),
            )
        table.theme = _rewritten(table.theme, draft.theme)
        table.host_name = draft.host_name
        table.note_taker_name = draft.note_taker_name
        if draft.interpreter_languages is not None:
            table.interpreter_languages = list(draft.interpreter_languages)
        table.save()


def _remove_table(table: Table) -> None:
    try:
        table.delete()
    except ProtectedError as held:
        raise NotReady(
            [format_lazy(_("Table {number} already holds statements. It cannot be removed."), number=table.number)]
        ) from held


def write_rounds(gathering: Gathering, drafts: Sequence[RoundDraft]) -> None:
    """Make the event's rounds what the drafts say, in this order. What has begun keeps its question."""
    kept = {round.pk: round for round in gathering.rounds.select_related("question").order_by("number")}
    _refuse_strangers(drafts, kept)
    wanted = {draft.pk for draft in drafts if draft.pk is not None}
    for round in kept.values():
        if round.pk not in wanted:
            _remove_round(round)
    gathering.rounds.update(number=F("number") + _PARKED)
    for number, draft in enumerate(drafts, start=1):
        round = kept[draft.pk] if draft.pk is not None else Round(place=gathering.place, gathering=gathering)
        round.number = number
        round.duration_minutes = draft.minutes
        round.question = _question(gathering, round, draft.question)
        round.save()
    _tidy_questions(gathering)


def _remove_round(round: Round) -> None:
    if round.started_at is not None:
        raise NotReady([format_lazy(_("Round {number} has begun. It cannot be removed."), number=round.number)])
    try:
        round.delete()
    except ProtectedError as held:
        raise NotReady(
            [format_lazy(_("Round {number} already holds statements. It cannot be removed."), number=round.number)]
        ) from held


def _question(gathering: Gathering, round: Round, text: Text) -> GuidingQuestion:
    """The question row for a round: the one it has, one that says the same, or a new one."""
    words = as_text(text).original_text
    own = round.question if round.pk is not None else None
    if own is not None and own.text.original_text == words:
        return _with_versions(own, text)
    if own is not None and round.started_at is not None:
        raise NotReady(
            [
                format_lazy(
                    _("Round {number} has begun. Its question stays: statements have been given under it."),
                    number=round.number,
                )
            ]
        )
    for question in gathering.questions.all():
        if question.text.original_text == words:
            return _with_versions(question, text)
    if own is not None and not own.rounds.exclude(pk=round.pk).exists():
        own.text = _rewritten(own.text, text)
        own.save(update_fields=["text"])
        return own
    last = gathering.questions.order_by("-number").values_list("number", flat=True).first() or 0
    return GuidingQuestion.objects.create(
        place=gathering.place, gathering=gathering, number=last + 1, text=as_text(text)
    )


def _with_versions(question: GuidingQuestion, text: Text) -> GuidingQuestion:
    """Same words; a text that brings its own versions replaces the stored ones."""
    if isinstance(text, MultilingualText) and text != question.text:
        question.text = text
        question.save(update_fields=["text"])
    return question


def _tidy_questions(gathering: Gathering) -> None:
    """Remove questions that no round asks and no statement answers."""
    for question in gathering.questions.filter(rounds__isnull=True):
        try:
            question.delete()
        except ProtectedError:
            continue  # A statement still answers it.


def _rewritten(before: MultilingualText, text: Text) -> MultilingualText:
    """New words in the original; its translations then count as out of date by themselves."""
    if isinstance(text, MultilingualText):
        return text
    if not before:
        return MultilingualText.written(text)
    return before if before.original_text == text else before.with_version(before.original, text, State.ORIGINAL)


def _refuse_strangers(
    drafts: Sequence[TableDraft] | Sequence[RoundDraft], kept: dict[int, Table] | dict[int, Round]
) -> None:
    if any(draft.pk is not None and draft.pk not in kept for draft in drafts):
        raise ValueError("A draft names a row of another gathering.")
