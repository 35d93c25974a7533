"""Altdorf's dialogue with an event, words, a topic and a plan; Neustadt has the same, with secrets in it."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_event, make_measure, make_plan, make_topic, make_words
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import EvidenceLevel, ProcessState
from ortsdialog.ground.process.models import DialogueRecord, Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.gatherings.models import Gathering


@pytest.fixture
def event(dialogue: Process, neustadt: Place) -> Gathering:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        other = Process.objects.get(place=neustadt)
    topic = make_topic(other, title="Neustadt-Geheimnis")
    make_words(make_event(other), "Neustadt-Geheimnis", cluster=topic)
    make_measure(make_plan(other), topic, title="Neustadt-Geheimnis")
    return make_event(dialogue)


@pytest.fixture
def topic(dialogue: Process, event: Gathering) -> Cluster:
    topic = make_topic(dialogue)
    make_words(event, "Es fehlen Wohnungen.", cluster=topic)
    make_words(event, "Vermieter sagen sofort nein.", cluster=topic, table=2)
    return topic


@pytest.fixture
def plan(dialogue: Process, event: Gathering) -> MasterPlan:
    return make_plan(dialogue)


def make_record(place: Place, programme: Programme, key: str = "kfd-1", **facts: Any) -> Process:
    """A dialogue that is only known from sources."""
    process = make_process(
        place,
        programme,
        slug=f"dialog-{key}",
        title="Flüchtlingsdialog",
        published=True,
        state=ProcessState.CLOSED,
        goal="",
        promise="",
    )
    with open_place(place):
        DialogueRecord.objects.create(
            **{
                "place": place,
                "process": process,
                "key": key,
                "evidence_level": EvidenceLevel.DOCUMENTED,
                "sources": ["https://quelle.example/steckbrief", "Amtsblatt 3/2016"],
                **facts,
            }
        )
    return process
