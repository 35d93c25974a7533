"""What a rehearsal leaves among the statements goes with it."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from ortsdialog.kernel.access import Actor, require
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.pictures import remove_picture
from ortsdialog.meet.gatherings.models import Gathering


def forget_rehearsal(*, actor: Actor, gathering: Gathering) -> int:
    """Delete a rehearsal's statements with their wordings and reports, and its photos; returns how many statements.

    Part of the end of the rehearsal, whose log entry stands for it; call it inside that transaction.
    """
    require(actor, "gatherings.run_gathering", gathering)
    statements = Statement.everything.filter(gathering=gathering, rehearsal=True)
    number = statements.count()
    statements.delete()
    sources = Source.objects.filter(gathering=gathering, rehearsal=True)
    names = list(sources.values_list("picture", flat=True))
    sources.delete()
    for name in names:
        transaction.on_commit(partial(remove_picture, name))
    return number
