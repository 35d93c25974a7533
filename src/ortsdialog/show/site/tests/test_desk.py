"""Where staff begin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_event, make_measure, make_request, make_topic, make_words
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import RoleGrant, User
from ortsdialog.ground.accounts.tests.factories import make_user
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.show.site.queries import today
from ortsdialog.show.site.queries.desk import steps_after_events

pytestmark = pytest.mark.django_db

DESK = "/schreibtisch/altdorf/"
OVERVIEW = "/schreibtisch/programme/kommunale-dialoge/"


def test_desk_leads_to_the_only_town_or_programme(sign_in: Any, alma: User, lena: User) -> None:
    assert sign_in(alma).get("/schreibtisch/")["Location"] == DESK
    assert sign_in(lena).get("/schreibtisch/")["Location"] == OVERVIEW


def test_desk_lists_all_towns_of_a_person_and_no_other(sign_in: Any, alma: User, neustadt: Place) -> None:
    RoleGrant.objects.create(user=alma, role=Role.ADVISER, place=neustadt)
    make_place("Fremdstadt", "fremdstadt")
    page = sign_in(alma).get("/schreibtisch/")
    assert [place.name for place in page.context["places"]] == ["Altdorf", "Neustadt"]
    assert "Fremdstadt" not in page.content.decode()


def test_desk_of_a_person_without_a_role_says_how_it_goes_on(sign_in: Any, db: Any) -> None:
    page = sign_in(make_user("neu@altdorf.example", "Neu")).get("/schreibtisch/")
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_first_start_says_how_to_begin(sign_in: Any, alma: User, altdorf: Place) -> None:
    text = sign_in(alma).get(DESK).content.decode()
    assert 'class="empty"' in text
    assert f"{DESK}dialoge/neu/" in text


def test_first_start_of_somebody_who_only_looks_offers_no_button(sign_in: Any, kim: User, altdorf: Place) -> None:
    text = sign_in(kim).get(DESK).content.decode()
    assert 'class="empty"' in text
    assert f"{DESK}dialoge/neu/" not in text


def test_today_shows_three_things_the_next_date_who_is_waited_for_and_the_last_words(
    sign_in: Any, alma: User, dialogue: Process, event: Gathering, plan: MasterPlan, topic: Cluster
) -> None:
    make_words(event, "Gerade angekommen.", state=ModerationState.PENDING, received_at=timezone.now())
    make_event(
        dialogue,
        slug="workshop",
        tables=0,
        state=GatheringState.PUBLISHED,
        starts_at=timezone.now() + timedelta(days=14),
    )
    make_request(make_measure(plan, topic, state=MeasureState.ASKED), owner_name="Bauamt")
    page = sign_in(alma).get(DESK)
    assert page.status_code == 200
    day = page.context["today"]
    assert len(day.todo) == 3
    assert day.todo[0].url == f"{DESK}beitraege/freigeben/"
    text = page.content.decode()
    for part in ("Gerade angekommen.", "Bauamt", "/veranstaltungen/workshop/"):
        assert part in text
    assert "Geheimnis" not in text


def test_what_follows_an_event_is_told_in_its_order(
    dialogue: Process, event: Gathering, plan: MasterPlan, topic: Cluster
) -> None:
    make_words(event)
    make_words(event, cluster=make_topic(dialogue, number=2))
    make_measure(plan, topic, number=1)
    make_measure(
        plan, number=2, title="Überfällig", state=MeasureState.RUNNING, due_on=timezone.localdate() - timedelta(days=1)
    )
    with open_place(dialogue.place_id):
        Gathering.objects.filter(pk=event.pk).update(counted_guests=80)
        steps = [(str(step.text), step.url) for step in steps_after_events(dialogue.place, [dialogue])]
    plan_url = f"{DESK}plan/dialog/"
    assert next(url for _, url in steps) == f"{DESK}dialoge/dialog/ordnen/"
    assert steps[1][0] == "Überfällig"
    # A measure without an owner, a topic without a measure.
    assert [url for _, url in steps][2:] == [plan_url, plan_url]


def test_today_counts_what_can_wait(dialogue: Process, event: Gathering, topic: Cluster, as_alma: Actor) -> None:
    with open_place(dialogue.place_id):
        day = today(dialogue.place, as_alma)
    assert len(day.todo) <= 3
    assert day.more >= 0
    assert len({(str(step.text), step.url) for step in day.todo}) == len(day.todo)


def test_today_of_people_who_only_look_has_no_list_of_things_to_do(
    sign_in: Any, kim: User, dialogue: Process, topic: Cluster
) -> None:
    with open_place(dialogue.place_id):
        Statement.objects.update(state=ModerationState.PENDING)
    page = sign_in(kim).get(DESK)
    assert page.status_code == 200
    assert 'class="todo"' not in page.content.decode()
    # What waits for approval is for those who decide about it.
    assert page.context["today"].statements == []


def test_programme_overview_counts_truly_and_tells_of_drafts_only_that_they_are(
    sign_in: Any, lena: User, dialogue: Process, programme: Programme
) -> None:
    make_process(make_place("Stilldorf", "stilldorf"), programme, title="Noch geheim")
    page = sign_in(lena).get(OVERVIEW)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Stilldorf" in text
    assert "Noch geheim" not in text
    assert page.context["count"].dialogues == 2
    narrowed = sign_in(lena).get(f"{OVERVIEW}?stand=draft")
    assert [row.place.name for row in narrowed.context["rows"]] == ["Stilldorf"]


def test_desks_are_closed_to_others(
    client: Any, sign_in: Any, alma: User, nils: User, lena: User, dialogue: Process
) -> None:
    for address in ("/schreibtisch/", DESK, OVERVIEW):
        assert client.get(address).status_code == 302, address
    assert sign_in(nils).get(DESK).status_code == 404
    assert sign_in(lena).get(DESK).status_code == 404
    assert sign_in(alma).get(OVERVIEW).status_code == 404
