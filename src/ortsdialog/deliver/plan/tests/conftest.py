"""The dialogue of Altdorf with words, topics and a plan; Neustadt has the same, with secrets in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_event, make_measure, make_plan, make_topic, make_words
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.gatherings.models import Gathering


@pytest.fixture
def event(dialogue: Process, neustadt: Place) -> Gathering:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        other = Process.objects.get(place=neustadt)
    secret = make_event(other)
    topic = make_topic(other, title="Neustadt-Geheimnis")
    make_words(secret, "Neustadt-Geheimnis", cluster=topic)
    make_measure(make_plan(other), topic, title="Neustadt-Geheimnis")
    return make_event(dialogue)


@pytest.fixture
def topic(dialogue: Process, event: Gathering) -> Cluster:
    """Wohnen, with three statements from two tables."""
    topic = make_topic(dialogue)
    make_words(event, "Es fehlen Wohnungen.", cluster=topic)
    make_words(event, "Vermieter sagen sofort nein.", cluster=topic)
    make_words(event, "Ein Zimmer für vier Personen.", cluster=topic, table=2)
    return topic


@pytest.fixture
def plan(dialogue: Process, event: Gathering) -> MasterPlan:
    return make_plan(dialogue)


@pytest.fixture
def in_altdorf(altdorf: Place) -> Iterator[Any]:
    with open_place(altdorf):
        yield altdorf
