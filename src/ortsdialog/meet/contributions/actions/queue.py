"""Serving the queue to several people at once: whoever looks at a card has it alone for a minute.

A claim changes nothing about a statement and leaves no entry in the log. It runs out by itself, so nobody has to give
a card back: a closed laptop costs a minute. The claimant is a window of a browser, by a random name.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, require
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.turns import in_turn, waiting
from ortsdialog.meet.gatherings.models import Gathering

CLAIM_KEPT = timedelta(seconds=60)
# How many of the next cards are tried before the queue is looked at again: more than people decide at a time.
CANDIDATES = 20
LOOKS = 5


def claim_next(*, actor: Actor, where: Place | Gathering, claimant: str) -> Statement | None:
    """The card that this window looks at, else the next one in turn that nobody has; None where nothing is free.

    A card that the window has passed over comes last for it.
    """
    require(actor, "contributions.moderate_statement", where)
    cards = waiting(where if isinstance(where, Gathering) else None)
    mine = cards.filter(claimed_by=claimant, claimed_until__gt=timezone.now()).first()
    if mine is not None and renew_claim(actor=actor, statement=mine, claimant=claimant):
        return mine
    for _look in range(LOOKS):
        free = cards.filter(_free())
        # A claim of this window that has run out was passed over, or its card was forgotten.
        passed_over = Case(When(claimed_by=claimant, then=1), default=0)
        turn = in_turn(free)
        keys = list(turn.order_by(passed_over, *turn.query.order_by).values_list("pk", flat=True)[:CANDIDATES])
        if not keys:
            return None
        for key in keys:
            if _take(Statement.everything.filter(_free(), pk=key), claimant):
                return Statement.everything.select_related("table", "round", "gathering").get(pk=key)
    return None


def take_up(*, actor: Actor, statement: Statement, claimant: str) -> bool:
    """Lay this card before the window, and the one that lies there back for others. False if somebody else has it."""
    require(actor, "contributions.moderate_statement", statement)
    with transaction.atomic():
        if not _take(Statement.everything.filter(_free(), pk=statement.pk), claimant):
            return False
        # What the window has passed over keeps its name: it comes last there.
        lying = Statement.everything.filter(
            gathering__in=Gathering.objects.values("pk"),
            state=ModerationState.PENDING,
            claimed_by=claimant,
            claimed_until__gt=timezone.now(),
        )
        lying.exclude(pk=statement.pk).update(claimed_by="", claimed_until=None)
    return True


def renew_claim(*, actor: Actor, statement: Statement, claimant: str) -> bool:
    """Keep the card for another minute while it lies open. False if it is decided on, or somebody else's by now."""
    require(actor, "contributions.moderate_statement", statement)
    own = Q(claimed_by=claimant) & Q(claimed_until__isnull=False)
    return _take(Statement.everything.filter(own, pk=statement.pk), claimant)


def pass_over(*, actor: Actor, statement: Statement, claimant: str) -> None:
    """Lay the card back, for others at once and for this window last."""
    require(actor, "contributions.moderate_statement", statement)
    own = Statement.everything.filter(pk=statement.pk, claimed_by=claimant)
    own.update(claimed_until=timezone.now())


def release_claims(*, actor: Actor, where: Place, claimant: str) -> None:
    """The window is closed: what it held is free again at once."""
    require(actor, "contributions.moderate_statement", where)
    Statement.everything.filter(
        gathering__in=Gathering.objects.values("pk"), state=ModerationState.PENDING, claimed_by=claimant
    ).update(claimed_by="", claimed_until=None)


def _free() -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now())


def _take(cards: QuerySet[Statement], claimant: str) -> bool:
    """The conditional update is the claim: of two at the same moment, the database lets one change the row."""
    until = timezone.now() + CLAIM_KEPT
    return bool(cards.filter(state=ModerationState.PENDING).update(claimed_by=claimant, claimed_until=until))
