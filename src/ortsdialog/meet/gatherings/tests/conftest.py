"""An event in the open town Altdorf, as the coordinator prepares it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import Format
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft
from ortsdialog.meet.gatherings.models import Gathering


@pytest.fixture
def town(dialogue: Process) -> Iterator[Place]:
    """Altdorf, opened for the test."""
    with open_place(dialogue.place):
        yield dialogue.place


@pytest.fixture
def prepared(town: Place, dialogue: Process, as_alma: Actor) -> Gathering:
    return actions.create_gathering(
        actor=as_alma,
        process=dialogue,
        title="Auftakt in der Stadthalle",
        format=Format.THEME_TABLES,
        starts_at=timezone.now() + timedelta(days=30),
        venue="Stadthalle",
        languages=["de", "ar"],
        tables=[TableDraft("Wohnen", "Tessa"), TableDraft("Arbeit")],
        rounds=[RoundDraft("Was läuft gut?", 35), RoundDraft("Was braucht es?", 40)],
    )


@pytest.fixture
def running(prepared: Gathering, as_alma: Actor) -> Gathering:
    actions.publish_gathering(actor=as_alma, gathering=prepared)
    return actions.start_gathering(actor=as_alma, gathering=prepared)
