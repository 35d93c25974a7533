"""Paper cards: printed before the evening, keyed in after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.capture.codes import new_codes
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.queries import cards_of_batch, last_batch
from ortsdialog.meet.capture.refusals import CardKeyedIn
from ortsdialog.meet.contributions.actions import Submitted, submit_statement
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.refusals import StatementDiffers
from ortsdialog.meet.gatherings.models import Gathering, Round, Table

MOST_IN_A_BATCH = 2_000


def print_paper_cards(
    *,
    actor: Actor,
    gathering: Gathering,
    tables: Sequence[Table],
    rounds: Sequence[Round],
    cards_per_table: int,
    batch: int | None = None,
) -> list[PaperCard]:
    """Make cards for each of the tables and rounds; without rounds, cards for the whole evening.

    `batch` is the number that this printing will have, as the caller knows it: sent twice, the same cards
    come back. Raises ValidationError. The document is made from the cards, outside this transaction.
    """
    require(actor, "capture.print_paper_cards", gathering)
    number = len(tables) * max(1, len(rounds)) * cards_per_table
    if cards_per_table < 1 or not tables:
        raise ValidationError(_("Please choose at least one table and one card."), code="none")
    if number > MOST_IN_A_BATCH:
        raise ValidationError(
            _("These would be %(number)d cards; %(most)d at a time are possible. Please print in two goes."),
            code="too_many",
            params={"number": number, "most": MOST_IN_A_BATCH},
        )
    strangers = {one.gathering_id for one in tables} | {one.gathering_id for one in rounds}
    if strangers - {gathering.pk}:
        raise ValidationError(_("This table or round belongs to another event."), code="other_gathering")
    with transaction.atomic():
        # Whoever prints at the same moment waits for this row, so that every printing has a number of its own.
        Gathering.objects.select_for_update().get(pk=gathering.pk)
        last = last_batch(gathering)
        if batch is not None and batch <= last:
            return list(cards_of_batch(gathering, batch))
        with recorded("capture.print_paper_cards", actor=actor, on=gathering) as detail:
            cards = _new_cards(gathering, tables, rounds, cards_per_table, batch=last + 1)
            PaperCard.objects.bulk_create(cards)
            detail.update(
                batch=last + 1,
                cards=len(cards),
                tables=[table.number for table in tables],
                rounds=[round.number for round in rounds],
            )
    return cards


def _new_cards(
    gathering: Gathering, tables: Iterable[Table], rounds: Sequence[Round], each: int, *, batch: int
) -> list[PaperCard]:
    times: Sequence[Round | None] = rounds or [None]
    places = [(table, round) for table in tables for round in times for _copy in range(each)]
    now = timezone.now()
    codes, receipts = _free_codes(len(places))
    return [
        PaperCard(
            place_id=gathering.place_id,
            gathering=gathering,
            table=table,
            round=round,
            question=round.question if round else None,
            code=code,
            receipt_code=receipt,
            printed_at=now,
            batch=batch,
        )
        for (table, round), code, receipt in zip(places, codes, receipts, strict=True)
    ]


def _free_codes(count: int) -> tuple[list[str], list[str]]:
    """Codes that no card of any town has, and receipt codes that neither a card nor a statement has."""
    codes, receipts = new_codes(count * 2), list({new_receipt_code() for _ in range(count + 10)})
    with across_places(reason=Reason.CODE_LOOKUP):
        taken = set(PaperCard.objects.filter(code__in=codes).values_list("code", flat=True))
        taken |= set(PaperCard.objects.filter(receipt_code__in=receipts).values_list("receipt_code", flat=True))
        taken |= set(Statement.everything.filter(receipt_code__in=receipts).values_list("receipt_code", flat=True))
    # The unique constraints are the last word.
    free = [code for code in codes if code not in taken], [code for code in receipts if code not in taken]
    return free[0][:count], free[1][:count]


def key_in_card(*, actor: Actor, card: PaperCard, statement_id: UUID, second: bool = False, **words: Any) -> Submitted:
    """Store what stands on a printed card, under the receipt code that its writer tore off.

    `words`: text, language, and the further words of `contributions.actions.Incoming`. Safe to send twice.
    `second`: there is one more statement on the card; it gets a receipt code of its own. Without it a card that
    somebody has keyed in already raises `CardKeyedIn`.
    """
    require(actor, "contributions.write_for_guests", card.table)
    with transaction.atomic():
        # Two people with the same card: the second waits here and then sees the first one's words.
        held: PaperCard = PaperCard.objects.select_for_update().get(pk=card.pk)
        first = held.statement_id is None or held.statement_id == statement_id
        if not first and not second:
            raise CardKeyedIn(held)
        submitted = submit_statement(
            actor=actor,
            statement_id=statement_id,
            table=card.table,
            round=card.round,
            question=card.question,
            channel=Channel.PAPER,
            receipt_code=held.receipt_code if first else "",
            **words,
        )
        if first and submitted.statement.receipt_code != held.receipt_code:
            # The same words were stored from the same form without the card; its receipt would open nothing.
            raise StatementDiffers(submitted.statement)
        if held.statement_id is None:
            with recorded("capture.key_in_card", actor=actor, on=submitted.statement, detail={"card": held.code}):
                held.statement = submitted.statement
                held.save(update_fields=["statement"])
    card.statement = held.statement
    return submitted
