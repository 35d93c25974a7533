"""What a rehearsal leaves among the statements goes with it."""

from __future__ import annotations

from ortsdialog.kernel.access import Actor, require
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.gatherings.models import Gathering


def forget_rehearsal(*, actor: Actor, gathering: Gathering) -> int:
    """Delete a rehearsal's statements with their wordings and reports, and its photos; returns how many statements.

    Part of the end of the rehearsal, whose log entry stands for it; call it inside that transaction.
    """
    require(actor, "gatherings.run_gathering", gathering)
    statements = Statement.everything.filter(gathering=gathering, rehearsal=True)
    number = statements.count()
    statements.delete()
    Source.objects.filter(gathering=gathering, rehearsal=True).delete()
    return number
