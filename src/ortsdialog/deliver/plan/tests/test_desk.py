"""The desk of the plan: what staff see, do and undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import FieldOfAction, Goal, MasterPlan, Measure, OwnerRequest
from ortsdialog.deliver.plan.tests.factories import make_field, make_measure, make_plan, make_request
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.models import Cluster

pytestmark = pytest.mark.django_db

DESK = "/schreibtisch/altdorf/"
PLAN = f"{DESK}plan/dialog/"


@pytest.fixture
def desk(sign_in: Any, alma: User) -> Any:
    return sign_in(alma)


def url(name: str, pk: int) -> str:
    return reverse(f"plan:{name}", kwargs={"place": "altdorf", "pk": pk})


def fresh(measure: Measure) -> Measure:
    with open_place(measure.place_id):
        return Measure.objects.get(pk=measure.pk)


# ---- Plan, vision, fields, goals ----------------------------------------------------------------


def test_plan_list_opens_the_only_dialogue(desk: Any, dialogue: Process) -> None:
    assert desk.get(f"{DESK}plan/")["Location"] == PLAN


def test_an_empty_plan_says_how_to_begin(desk: Any, topic: Cluster) -> None:
    page = desk.get(PLAN)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'class="empty"' in text
    assert f"{PLAN}massnahmen/neu/?cluster={topic.pk}" in text


def test_plan_page_lists_measures_and_what_is_missing(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic)
    text = desk.get(PLAN).content.decode()
    assert url("desk-measure", measure.pk) in text
    assert f"{PLAN}bearbeiten/" in text
    assert "Geheimnis" not in text
    assert "Raum sucht Mieter" not in desk.get(f"{PLAN}?stand=done").content.decode()


def test_vision_is_written_and_begins_the_plan(desk: Any, dialogue: Process) -> None:
    assert desk.get(f"{PLAN}bearbeiten/").status_code == 200
    saved = desk.post(f"{PLAN}bearbeiten/", {"vision": "Alle wohnen gut."})
    assert saved["Location"] == PLAN
    with open_place(dialogue.place_id):
        assert str(MasterPlan.objects.get(process=dialogue).vision) == "Alle wohnen gut."


def test_fields_and_goals_are_kept_at_the_desk(desk: Any, plan: MasterPlan) -> None:
    assert desk.post(f"{PLAN}felder/", {"title": ""}).status_code == 422
    desk.post(f"{PLAN}felder/", {"title": "Wohnen"})
    with open_place(plan.place_id):
        field = FieldOfAction.objects.get(plan=plan)
    desk.post(url("field-edit", field.pk), {"title": "Wohnen und Nachbarschaft"})
    desk.post(url("goal-new", field.pk), {"title": "Eigene Wohnung", "indicator": "Mietverträge"})
    with open_place(plan.place_id):
        goal = Goal.objects.get(field=field)
    desk.post(url("goal-edit", goal.pk), {"title": "Wohnung für alle", "indicator": "Mietverträge"})
    text = desk.get(f"{PLAN}felder/").content.decode()
    for part in ("Wohnen und Nachbarschaft", "Wohnung für alle", "Mietverträge"):
        assert part in text
    for name, pk in (("field-edit", field.pk), ("goal-new", field.pk), ("goal-edit", goal.pk)):
        assert desk.get(url(name, pk)).status_code == 200
        assert desk.post(url(name, pk), {"title": ""}).status_code == 422

    desk.post(url("field-remove", field.pk))
    with open_place(plan.place_id):
        assert FieldOfAction.objects.filter(pk=field.pk).exists()
    desk.post(url("goal-remove", goal.pk))
    desk.post(url("field-remove", field.pk))
    with open_place(plan.place_id):
        assert not FieldOfAction.objects.filter(pk=field.pk).exists()


def test_removing_needs_a_post(desk: Any, plan: MasterPlan) -> None:
    field = make_field(plan)
    desk.get(url("field-remove", field.pk))
    with open_place(plan.place_id):
        assert FieldOfAction.objects.filter(pk=field.pk).exists()


def test_plan_is_published_and_taken_back(desk: Any, dialogue: Process, topic: Cluster) -> None:
    plan = make_plan(dialogue, published=False)
    assert desk.get(f"{PLAN}veroeffentlichen/").status_code == 200
    assert desk.post(f"{PLAN}veroeffentlichen/").status_code == 422
    make_measure(plan, topic)
    assert desk.get(f"{PLAN}zuruecknehmen/").status_code == 404
    assert desk.post(f"{PLAN}veroeffentlichen/")["Location"] == PLAN
    assert desk.get("/orte/altdorf/dialoge/dialog/plan/").status_code == 200
    assert desk.post(f"{PLAN}zuruecknehmen/", {"reason": ""}).status_code == 422
    desk.post(f"{PLAN}zuruecknehmen/", {"reason": "Der Rat hat noch nicht beschlossen."})
    assert desk.get("/orte/altdorf/dialoge/dialog/plan/").status_code == 404


# ---- Measures -----------------------------------------------------------------------------------


def test_measure_is_made_out_of_a_topic(desk: Any, dialogue: Process, topic: Cluster) -> None:
    page = desk.get(f"{PLAN}massnahmen/neu/?cluster={topic.pk}&cluster=x")
    assert page.status_code == 200
    assert page.context["form"].initial == {
        "clusters": [
            str(topic.pk),
        ],
        "title": "Wohnen",
    }
    address = f"{PLAN}massnahmen/neu/"
    assert desk.post(address, {"title": "Raum sucht Mieter"}).status_code == 422
    made = desk.post(address, {"title": "Raum sucht Mieter", "clusters": [topic.pk]})
    with open_place(dialogue.place_id):
        measure = Measure.objects.get()
        assert [origin.cluster_id for origin in measure.origins.all()] == [topic.pk]
    assert made["Location"] == url("desk-measure", measure.pk)


def test_measure_of_another_towns_topic_cannot_be_made(
    desk: Any, dialogue: Process, topic: Cluster, neustadt: Any
) -> None:
    with open_place(neustadt):
        foreign = Cluster.objects.get()
    page = desk.get(f"{PLAN}massnahmen/neu/?cluster={foreign.pk}")
    assert "Geheimnis" not in page.content.decode()
    assert desk.post(f"{PLAN}massnahmen/neu/", {"title": "x", "clusters": [foreign.pk]}).status_code == 422


def test_measure_page_offers_what_can_be_done_next(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic)
    text = desk.get(url("desk-measure", measure.pk)).content.decode()
    for part in ("Es fehlen Wohnungen.", url("owner-ask", measure.pk), url("measure-state", measure.pk)):
        assert part in text
    assert url("measure-put-back", measure.pk) not in text


def test_a_measure_is_not_ended_by_one_click(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    """Where "not possible" is the only step by hand, it is folded away and wants a reason."""
    measure = make_measure(plan, topic)
    page = desk.get(url("desk-measure", measure.pk))
    fold = page.content.decode().partition('<section id="absage">')[2].partition("</section>")[0]
    assert "<details>" in fold
    assert "radio" not in fold
    assert page.context["state_form"].fields["note"].required
    refused = desk.post(url("measure-state", measure.pk), {"state": "not_possible", "note": ""})
    assert refused.status_code == 422
    assert "<details open>" in refused.content.decode()
    assert fresh(measure).state == "proposed"


def test_a_question_that_is_late_is_marked(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic, state=MeasureState.ASKED, owner_name="Amt")
    asked = make_request(measure, answer_by_on=timezone.localdate() + timedelta(days=1))
    in_time = desk.get(url("desk-measure", measure.pk)).content.decode().count("chip--warning")
    with open_place(measure.place_id):
        OwnerRequest.objects.filter(pk=asked.pk).update(answer_by_on=timezone.localdate() - timedelta(days=1))
    assert desk.get(url("desk-measure", measure.pk)).content.decode().count("chip--warning") == in_time + 1


@pytest.mark.parametrize("published", [True, False])
def test_new_measure_of_a_public_plan_says_that_everybody_sees_it(
    desk: Any, dialogue: Process, topic: Cluster, published: bool
) -> None:
    make_plan(dialogue, published=published)
    main = desk.get(f"{PLAN}massnahmen/neu/").content.decode().partition("<main")[2]
    assert ('class="notice' in main) == published


def test_measure_is_edited(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic)
    field = make_field(plan)
    address = url("measure-edit", measure.pk)
    assert desk.get(address).status_code == 200
    given = {"title": "Raum findet Mieter", "clusters": [topic.pk], "field": field.pk, "due_on": "2027-03-31"}
    assert desk.post(address, {**given, "title": ""}).status_code == 422
    desk.post(address, {**given, "cost_eur": "12000", "funding": "Land"})
    measure = fresh(measure)
    assert (str(measure.title), measure.field_id, measure.cost_eur, str(measure.due_on)) == (
        "Raum findet Mieter",
        field.pk,
        12000,
        "2027-03-31",
    )


def test_owner_is_asked_and_the_link_is_shown_once(desk: Any, plan: MasterPlan, topic: Cluster, client: Any) -> None:
    measure = make_measure(plan, topic)
    address = url("owner-ask", measure.pk)
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"owner_name": ""}).status_code == 422
    page = desk.post(address, {"owner_name": "Amt für Wohnen", "answer_by_on": "2027-01-31"})
    link = page.context["asked"].link
    assert link in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(link.removeprefix("https://ortsdialog.test")).status_code == 200
    assert link not in desk.get(url("desk-measure", measure.pk)).content.decode()
    # Reloading the page does not ask twice.
    assert desk.post(address, {"owner_name": "Amt für Wohnen"}).status_code == 422


def test_answer_by_phone_is_recorded(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic, state=MeasureState.ASKED, owner_name="Amt für Wohnen")
    request = make_request(measure)
    address = url("answer-record", request.pk)
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"answer": "no"}).status_code == 422
    desk.post(address, {"answer": "yes", "due_on": "2027-06-30"})
    assert fresh(measure).state == "accepted"
    assert desk.post(address, {"answer": "yes"}).status_code == 422


def test_open_question_is_withdrawn(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic, state=MeasureState.ASKED, owner_name="Amt für Wohnen")
    request = make_request(measure)
    address = url("request-withdraw", request.pk)
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"reason": ""}).status_code == 422
    desk.post(address, {"reason": "Falsches Amt."})
    assert fresh(measure).state == "proposed"
    assert desk.post(address, {"reason": "Nochmal."}).status_code == 422


def test_state_goes_forward_and_back(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic, state=MeasureState.ACCEPTED, owner_name="Amt")
    address = url("measure-state", measure.pk)
    assert desk.get(address)["Location"] == url("desk-measure", measure.pk)
    desk.post(address, {"state": "running", "note": "Die Stelle ist besetzt."})
    assert fresh(measure).state == "running"
    assert desk.post(address, {"state": "accepted"}).status_code == 422
    assert desk.post(address, {"state": "not_possible", "note": ""}).status_code == 422
    desk.post(address, {"state": "not_possible", "note": "Kein Geld."})
    assert (fresh(measure).state, str(fresh(measure).reason)) == ("not_possible", "Kein Geld.")
    back = url("measure-put-back", measure.pk)
    assert desk.get(back).status_code == 200
    assert desk.post(back, {"reason": ""}).status_code == 422
    desk.post(back, {"reason": "Doch Geld."})
    assert (fresh(measure).state, fresh(measure).owner_name) == ("running", "Amt")


def test_put_back_with_nothing_to_go_back_to_is_explained(desk: Any, plan: MasterPlan, topic: Cluster) -> None:
    measure = make_measure(plan, topic)
    assert desk.post(url("measure-put-back", measure.pk), {"reason": "Grund"}).status_code == 422


@pytest.mark.parametrize("state", list(MeasureState))
def test_measure_page_stands_in_every_state(desk: Any, plan: MasterPlan, topic: Cluster, state: MeasureState) -> None:
    measure = make_measure(plan, topic, state=state, owner_name="Amt", reason=MultilingualText.written("Kein Geld."))
    make_request(measure)
    assert desk.get(url("desk-measure", measure.pk)).status_code == 200


# ---- Who may not --------------------------------------------------------------------------------


def addresses(measure: Measure, request: OwnerRequest, field: FieldOfAction, goal: Goal) -> list[tuple[str, bool]]:
    """Every page of the desk, and whether people who only look may see it."""
    by_pk = [
        (field.pk, ("field-edit", "field-remove", "goal-new")),
        (goal.pk, ("goal-edit", "goal-remove")),
        (measure.pk, ("measure-edit", "owner-ask", "measure-state", "measure-put-back")),
        (request.pk, ("answer-record", "request-withdraw")),
    ]
    edits = [url(name, pk) for pk, names in by_pk for name in names]
    edits += [
        PLAN + part for part in ("bearbeiten/", "veroeffentlichen/", "zuruecknehmen/", "felder/", "massnahmen/neu/")
    ]
    looks = [f"{DESK}plan/", PLAN, url("desk-measure", measure.pk)]
    return [(address, False) for address in edits] + [(address, True) for address in looks]


@pytest.fixture
def all_addresses(plan: MasterPlan, topic: Cluster) -> list[tuple[str, bool]]:
    field = make_field(plan)
    with open_place(plan.place_id):
        goal = Goal.objects.create(place_id=plan.place_id, field=field, title=MultilingualText.written("Ziel"))
    measure = make_measure(plan, topic, field=field, state=MeasureState.ASKED)
    return addresses(measure, make_request(measure), field, goal)


def test_strangers_are_sent_to_sign_in(client: Any, all_addresses: Any) -> None:
    for address, _ in all_addresses:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/konto/"), address


def test_the_other_towns_coordinator_finds_nothing(sign_in: Any, nils: User, all_addresses: Any) -> None:
    other = sign_in(nils)
    for address, _ in all_addresses:
        assert other.get(address).status_code == 404, address
        assert other.post(address, {"reason": "x"}).status_code == 404, address
        # Nor through the own town's address.
        own = address.replace("/altdorf/", "/neustadt/")
        if any(part.isdecimal() for part in address.split("/")):
            assert other.get(own).status_code == 404, own


def test_people_who_only_look_see_the_plan_and_change_nothing(sign_in: Any, kim: User, all_addresses: Any) -> None:
    looking = sign_in(kim)
    for address, may_look in all_addresses:
        assert looking.get(address, follow=True).status_code == (200 if may_look else 404), address
    page = looking.get(PLAN).content.decode()
    assert "massnahmen/neu/" not in page
