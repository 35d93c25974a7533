"""The demonstration holds what it promises, and loading it again changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import Measure
from ortsdialog.demo import TO_TRY, sign_ins
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import RoleGrant
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import BuildingBlock, DialogueRecord, Process
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.capture.evening import evening_now
from ortsdialog.meet.capture.models import Device, PaperCard
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.gatherings.models import Announcement, Gathering, Round, Table

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> None:
    call_command("load_demo", verbosity=0)


def in_lindenbronn() -> Any:
    return open_place(Place.objects.get(slug="lindenbronn"))


def test_the_documented_dialogues_are_there_with_sources_and_without_invented_figures(demo: None) -> None:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        records = list(DialogueRecord.objects.select_related("place", "process"))
        assert len(records) == 45
        assert len({record.place_id for record in records}) == 41
        assert all(record.sources for record in records)
        # In 28 of the 45 no source gives a number of people.
        assert sum(record.participants_min is None and record.participants_max is None for record in records) == 28
        assert not any(record.process.goal or record.process.promise for record in records)
        # Everything invented lies in the invented town.
        invented = Place.objects.filter(is_demonstration=True).values_list("slug", flat=True)
        assert list(invented) == ["lindenbronn"]
        assert set(Statement.objects.values_list("place__slug", flat=True)) == {"lindenbronn"}


def test_the_living_dialogue_has_what_it_promises(demo: None) -> None:
    with in_lindenbronn():
        evening = Gathering.objects.get(slug="auftakt-in-der-stadthalle")
        said = Statement.objects.filter(gathering=evening)
        assert Table.objects.filter(gathering=evening).count() == 5
        rounds = Round.objects.filter(gathering=evening).select_related("question")
        questions = [str(one.question.text) for one in rounds]
        assert questions == ["Was läuft gut?", "Was muss verbessert werden?", "Was braucht es?"]
        assert evening.counted_guests == 148
        languages = Counter(statement.text.original for statement in said)
        assert sum(languages.values()) >= 200
        assert set(languages) == {"de", "en", "ar", "uk"}
        assert Cluster.objects.count() == 25
        states = Counter(Measure.objects.values_list("state", flat=True))
        assert sum(states.values()) == 20
        assert set(states) == set(MeasureState.values)
        noes = Measure.objects.filter(state__in=[MeasureState.DECLINED, MeasureState.NOT_POSSIBLE])
        assert [bool(measure.reason) for measure in noes] == [True, True]


def test_the_running_evening_has_something_to_decide(demo: None) -> None:
    """A hint, a reason for the writer, a rewording and a card that came back: seen without making them first."""
    with in_lindenbronn():
        said = Statement.objects.filter(gathering__state="running")
        assert [hint["kind"] for hint in said.get(text__icontains="Kowalenko").hints] == ["name", "phone"]
        assert said.get(state="held").reason_for_writer
        assert said.get(version=2).revisions.count() == 2
        cards = PaperCard.objects.all()
        assert [card.statement_id is not None for card in cards.order_by("id")] == [True, False, False, False]


def test_loading_again_changes_nothing(demo: None) -> None:
    def everything() -> list[int]:
        with across_places(reason=Reason.SITE_MAINTENANCE):
            models = (Place, Process, BuildingBlock, DialogueRecord, Gathering, Statement, Cluster, Measure, RoleGrant)
            models += (Device, Announcement, PaperCard)
            return [model.objects.count() for model in models]

    before = everything()
    call_command("load_demo", verbosity=0)
    assert everything() == before


def test_the_running_evening_has_a_living_control_room(demo: None) -> None:
    with in_lindenbronn():
        now = evening_now(Gathering.objects.get(state="running"))
    assert [row.is_silent for row in now.tables] == [False, True]
    assert (now.tables[0].host_present, now.unsent, now.waiting) == (True, 2, 4)
    assert set(now.languages) == {"de", "en", "ar", "uk"}


def test_there_is_a_sign_in_for_every_role_that_works(demo: None, client: Any) -> None:
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
    assert len(sign_ins()) == len(Role)
    for sign_in in sign_ins():
        assert client.login(email=sign_in.email, password=sign_in.password), sign_in


def test_the_pages_to_try_are_there(demo: None, client: Any) -> None:
    for label, path in TO_TRY:
        assert client.get(path).status_code in (200, 302), label
