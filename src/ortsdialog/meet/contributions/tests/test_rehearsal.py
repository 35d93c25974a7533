"""With the end of a rehearsal its statements go, with all that hangs on them; the evening's own stay."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.meet.contributions.actions import edit_statement, forget_rehearsal
from ortsdialog.meet.contributions.models import Report, Revision, Source, Statement
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.models import Gathering, Table


def make_source(gathering: Gathering, number: int, **fields: Any) -> Source:
    return Source.objects.create(
        **{
            "place_id": gathering.place_id,
            "gathering": gathering,
            "number": number,
            "picture": f"bild-{number}",
            "width": 1,
            "height": 1,
            "sha256": str(number),
            **fields,
        }
    )


def test_forget_rehearsal_deletes_its_statements_with_wordings_reports_and_photos(
    in_altdorf: Any, evening: Gathering, table: Table, tessa: Actor, as_alma: Actor
) -> None:
    kept, photo = make_statement(table, "Ernst gemeint"), make_source(evening, 1)
    source = make_source(evening, 2, rehearsal=True)
    practised = make_statement(table, "Nur Probe", rehearsal=True, source=source)
    make_statement(table, "Noch eine", rehearsal=True)
    edit_statement(
        actor=tessa,
        statement=practised,
        based_on=1,
        text="Nur Probe!",
        language="de",
        said_by_count=1,
        interpreted=False,
    )
    Report.objects.create(place_id=evening.place_id, statement=practised, code="R1", reason="other", words="x")
    assert Revision.objects.count() == 2
    assert forget_rehearsal(actor=as_alma, gathering=evening) == 2
    assert list(Statement.everything.all()) == [kept]
    assert list(Source.objects.all()) == [photo]
    assert (Revision.objects.count(), Report.objects.count()) == (0, 0)
    assert forget_rehearsal(actor=as_alma, gathering=evening) == 0


def test_forget_rehearsal_without_right_is_refused(
    in_altdorf: Any, evening: Gathering, table: Table, tessa: Actor, as_nils: Actor
) -> None:
    make_statement(table, rehearsal=True)
    for actor in (tessa, as_nils):
        with pytest.raises(NotAllowed):
            forget_rehearsal(actor=actor, gathering=evening)
    assert Statement.everything.count() == 1
