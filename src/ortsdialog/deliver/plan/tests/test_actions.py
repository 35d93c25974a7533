"""Measures and their steps, the plan and its publication."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortsdialog.deliver.plan import actions
from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan, Measure, MeasureChange, OwnerRequest
from ortsdialog.deliver.plan.signals import measure_changed
from ortsdialog.deliver.plan.tests.factories import (
    make_field,
    make_measure,
    make_plan,
    make_request,
    make_topic,
)
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import WrongPlace, open_place
from ortsdialog.meet.contributions.models import Cluster

pytestmark = pytest.mark.django_db


def history(measure: Measure) -> list[tuple[str, str]]:
    changes = MeasureChange.objects.filter(measure=measure).order_by("at", "pk")
    return [(change.state, change.note.original_text) for change in changes]


def codes_of(obj: Any) -> list[str]:
    entries = AuditEntry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("pk")
    return list(entries.values_list("code", flat=True))


# ---- The plan -----------------------------------------------------------------------------------


def test_open_plan_twice_gives_the_same_draft(in_altdorf: Any, dialogue: Process, as_alma: Actor) -> None:
    first = actions.open_plan(actor=as_alma, process=dialogue)
    assert actions.open_plan(actor=as_alma, process=dialogue) == first
    assert first.published_at is None
    assert codes_of(first) == ["plan.open_plan"]


def test_open_plan_by_the_other_towns_coordinator_is_refused(
    in_altdorf: Any, dialogue: Process, as_nils: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.open_plan(actor=as_nils, process=dialogue)
    assert not MasterPlan.objects.exists()


def test_edit_vision_turns_translations_out_of_date(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    text = MultilingualText.of({"de": "Alle wohnen gut.", "ar": "الجميع يسكن جيدًا."})
    actions.edit_vision(actor=as_alma, plan=plan, vision=text)
    actions.edit_vision(actor=as_alma, plan=plan, vision="Alle wohnen gut und nah.")
    plan.refresh_from_db()
    assert plan.vision.original_text == "Alle wohnen gut und nah."
    assert plan.vision.state_of("ar") is State.OUT_OF_DATE


def test_fields_and_goals_are_numbered_edited_and_removed(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    housing = actions.add_field(actor=as_alma, plan=plan, title="Wohnen")
    work = actions.add_field(actor=as_alma, plan=plan, title="Arbeit")
    goal = actions.add_goal(actor=as_alma, field=housing, title="Eigene Wohnung", indicator="Zahl der Mietverträge")
    actions.edit_field(actor=as_alma, field=work, title="Arbeit und Ausbildung")
    actions.edit_goal(actor=as_alma, goal=goal, title="Wohnung für alle", indicator="")
    assert [(f.number, str(f.title)) for f in plan.fields.all()] == [(1, "Wohnen"), (2, "Arbeit und Ausbildung")]
    assert [(str(g.title), str(g.indicator)) for g in housing.goals.all()] == [("Wohnung für alle", "")]

    with pytest.raises(actions.NotReady):
        actions.remove_field(actor=as_alma, field=housing)
    actions.remove_goal(actor=as_alma, goal=goal)
    actions.remove_field(actor=as_alma, field=housing)
    assert [f.number for f in plan.fields.all()] == [2]


def test_remove_goal_with_measures_is_refused(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    goal = actions.add_goal(actor=as_alma, field=make_field(plan), title="Eigene Wohnung")
    make_measure(plan, goal=goal)
    with pytest.raises(actions.NotReady):
        actions.remove_goal(actor=as_alma, goal=goal)
    assert plan.fields.get().goals.get() == goal


@pytest.mark.parametrize("act", ["edit_vision", "add_field", "publish_plan", "withdraw_plan"])
def test_plan_is_not_changed_by_people_who_only_look(
    in_altdorf: Any, plan: MasterPlan, as_kim: Actor, act: str
) -> None:
    arguments = {
        "edit_vision": {"vision": "x"},
        "add_field": {"title": "x"},
        "publish_plan": {},
        "withdraw_plan": {"reason": "x"},
    }[act]
    with pytest.raises(NotAllowed):
        getattr(actions, act)(actor=as_kim, plan=plan, **arguments)


@pytest.mark.parametrize("act", ["edit_field", "remove_field", "add_goal", "edit_goal", "remove_goal"])
def test_chapters_are_not_changed_by_the_other_town(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, as_nils: Actor, act: str
) -> None:
    field = make_field(plan)
    goal = actions.add_goal(actor=as_alma, field=field, title="Eigene Wohnung")
    target = {"goal": goal} if act in ("edit_goal", "remove_goal") else {"field": field}
    words = {} if act.startswith("remove") else {"title": "x"}
    with pytest.raises(NotAllowed):
        getattr(actions, act)(actor=as_nils, **target, **words)


def test_publish_plan_needs_a_public_dialogue_and_a_measure(
    in_altdorf: Any, programme: Any, altdorf: Any, as_alma: Actor
) -> None:
    draft = make_process(altdorf, programme, slug="entwurf")
    plan = make_plan(draft, published=False)
    with pytest.raises(actions.NotReady) as refusal:
        actions.publish_plan(actor=as_alma, plan=plan)
    assert len(refusal.value.reasons) == 2
    plan.refresh_from_db()
    assert plan.published_at is None


def test_publish_plan_and_take_it_back(in_altdorf: Any, dialogue: Process, topic: Cluster, as_alma: Actor) -> None:
    measure = actions.propose_measure(actor=as_alma, clusters=[topic], title="Raum sucht Mieter")
    plan = actions.publish_plan(actor=as_alma, plan=measure.plan)
    published_at = plan.published_at
    assert published_at is not None
    assert actions.publish_plan(actor=as_alma, plan=plan).published_at == published_at
    with pytest.raises(actions.NotReady):
        actions.withdraw_plan(actor=as_alma, plan=plan, reason=" ")
    actions.withdraw_plan(actor=as_alma, plan=plan, reason="Der Rat hat noch nicht beschlossen.")
    plan.refresh_from_db()
    assert plan.published_at is None
    assert codes_of(plan) == ["plan.open_plan", "plan.publish_plan", "plan.withdraw_plan"]


# ---- Measures -----------------------------------------------------------------------------------


def test_propose_measure_from_two_topics_begins_the_plan_and_its_history(
    in_altdorf: Any, dialogue: Process, topic: Cluster, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    heard = []
    measure_changed.connect(lambda **ids: heard.append(ids["measure_id"]), weak=False, dispatch_uid="test")
    second = make_topic(dialogue, number=2, title="Nachbarschaft")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            measure = actions.propose_measure(actor=as_alma, clusters=[topic, second, topic], title="Raum sucht Mieter")
    finally:
        measure_changed.disconnect(dispatch_uid="test")
    assert heard == [measure.pk]
    assert measure.number == 1
    assert measure.plan.process == dialogue
    assert list(measure.origins.order_by("cluster__number").values_list("cluster_id", flat=True)) == [
        topic.pk,
        second.pk,
    ]
    assert history(measure) == [("proposed", "")]
    assert codes_of(measure) == ["plan.propose_measure"]
    assert actions.propose_measure(actor=as_alma, clusters=[topic], title="Zweite").number == 2


def test_propose_measure_without_topic_is_refused(in_altdorf: Any, as_alma: Actor) -> None:
    with pytest.raises(actions.NotReady):
        actions.propose_measure(actor=as_alma, clusters=[], title="Aus der Luft")


def test_propose_measure_from_two_dialogues_is_refused(
    in_altdorf: Any, altdorf: Any, programme: Any, topic: Cluster, as_alma: Actor
) -> None:
    other = make_topic(make_process(altdorf, programme, slug="zweiter"))
    with pytest.raises(actions.NotReady):
        actions.propose_measure(actor=as_alma, clusters=[topic, other], title="Gemischt")
    assert not Measure.objects.exists()


def test_propose_measure_for_the_other_town_is_refused(in_altdorf: Any, topic: Cluster, as_nils: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_measure(actor=as_nils, clusters=[topic], title="Nicht meine Stadt")
    assert not Measure.objects.exists()


def test_propose_measure_while_another_town_is_open_is_refused(
    topic: Cluster, dialogue: Process, neustadt: Any, as_alma: Actor
) -> None:
    with open_place(neustadt), pytest.raises(WrongPlace):
        actions.propose_measure(actor=as_alma, clusters=[topic], title="Falsch geöffnet")


def test_edit_measure_changes_words_chapter_and_topics(
    in_altdorf: Any, dialogue: Process, plan: MasterPlan, topic: Cluster, as_alma: Actor
) -> None:
    field = make_field(plan)
    goal = actions.add_goal(actor=as_alma, field=field, title="Eigene Wohnung")
    other = make_topic(dialogue, number=2, title="Nachbarschaft")
    measure = make_measure(plan, topic)
    actions.edit_measure(
        actor=as_alma,
        measure=measure,
        title="Raum findet Mieter",
        description="Eine Vermittlung im Rathaus.",
        goal=goal,
        due_on=date(2027, 3, 31),
        cost_eur_cents=1_200_000,
        funding="Land",
        clusters=[other],
    )
    measure = Measure.objects.get(pk=measure.pk)
    assert (str(measure.title), measure.field, measure.goal, measure.cost_eur) == (
        "Raum findet Mieter",
        field,
        goal,
        12_000,
    )
    assert [origin.cluster for origin in measure.origins.all()] == [other]


def test_edit_measure_into_another_plans_chapter_is_refused(
    in_altdorf: Any, altdorf: Any, programme: Any, plan: MasterPlan, topic: Cluster, as_alma: Actor
) -> None:
    foreign = make_field(make_plan(make_process(altdorf, programme, slug="zweiter")))
    with pytest.raises(actions.NotReady):
        actions.edit_measure(actor=as_alma, measure=make_measure(plan, topic), title="x", field=foreign)


def test_edit_measure_without_any_topic_is_refused(
    in_altdorf: Any, plan: MasterPlan, topic: Cluster, as_alma: Actor
) -> None:
    with pytest.raises(actions.NotReady):
        actions.edit_measure(actor=as_alma, measure=make_measure(plan, topic), title="x", clusters=[])


def test_measure_goes_from_taken_on_to_done(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    measure = make_measure(plan, state=MeasureState.ACCEPTED, owner_name="Amt")
    actions.change_state(actor=as_alma, measure=measure, state="running", note="Die Stelle ist besetzt.")
    actions.change_state(actor=as_alma, measure=measure, state="done")
    measure.refresh_from_db()
    assert (measure.state, measure.owner_name) == ("done", "Amt")
    assert history(measure)[2:] == [("running", "Die Stelle ist besetzt."), ("done", "")]


@pytest.mark.parametrize(
    ("before", "target"),
    [
        ("proposed", "accepted"),
        ("proposed", "asked"),
        ("asked", "declined"),
        ("accepted", "done"),
        ("running", "accepted"),
        ("done", "not_possible"),
        ("not_possible", "running"),
    ],
)
def test_steps_that_do_not_exist_are_refused(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, before: str, target: str
) -> None:
    measure = make_measure(plan, state=MeasureState(before))
    with pytest.raises(actions.NotReady):
        actions.change_state(actor=as_alma, measure=measure, state=target, reason="Grund")
    measure.refresh_from_db()
    assert measure.state == before


@pytest.mark.parametrize("before", ["proposed", "asked", "accepted", "declined", "running"])
def test_not_possible_needs_a_reason_which_becomes_the_answer(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, before: str
) -> None:
    measure = make_measure(plan, state=MeasureState(before), owner_name="Amt")
    request = make_request(measure)
    with pytest.raises(actions.NotReady):
        actions.change_state(actor=as_alma, measure=measure, state="not_possible", reason="  ")
    actions.change_state(actor=as_alma, measure=measure, state="not_possible", reason="Das Grundstück ist verkauft.")
    measure.refresh_from_db()
    assert (measure.state, str(measure.reason)) == ("not_possible", "Das Grundstück ist verkauft.")
    assert not OwnerRequest.objects.get(pk=request.pk).is_open


def test_an_old_page_cannot_take_a_step_that_was_taken_already(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor
) -> None:
    measure = make_measure(plan, state=MeasureState.ACCEPTED)
    old_page = Measure.objects.get(pk=measure.pk)
    actions.change_state(actor=as_alma, measure=measure, state="running")
    with pytest.raises(actions.NotReady):
        actions.change_state(actor=as_alma, measure=old_page, state="running")
    assert [state for state, _ in history(measure)] == ["proposed", "accepted", "running"]


@pytest.mark.parametrize(
    ("before", "after", "owner"),
    [
        ("declined", "proposed", ""),
        ("accepted", "proposed", ""),
        ("running", "accepted", "Amt"),
        ("done", "running", "Amt"),
        ("not_possible", "proposed", ""),
    ],
)
def test_put_back_undoes_one_step_with_a_public_reason(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, before: str, after: str, owner: str
) -> None:
    measure = make_measure(
        plan, state=MeasureState(before), owner_name="Amt", reason=MultilingualText.written("Kein Geld.")
    )
    with pytest.raises(actions.NotReady):
        actions.put_back(actor=as_alma, measure=measure, reason="")
    actions.put_back(actor=as_alma, measure=measure, reason="Versehentlich gedrückt.")
    measure.refresh_from_db()
    assert (measure.state, measure.owner_name, str(measure.reason)) == (after, owner, "")
    assert history(measure)[-1] == (after, "Versehentlich gedrückt.")


def test_put_back_from_not_possible_returns_to_where_it_stood(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor
) -> None:
    running = make_measure(plan, state=MeasureState.RUNNING, owner_name="Amt")
    asked = make_measure(plan, number=2, state=MeasureState.ASKED, owner_name="Amt")
    for measure in (running, asked):
        actions.change_state(actor=as_alma, measure=measure, state="not_possible", reason="Kein Geld.")
        actions.put_back(actor=as_alma, measure=measure, reason="Doch Geld.")
    assert (running.state, running.owner_name) == ("running", "Amt")
    # Its question was withdrawn; it has to be asked anew.
    assert (asked.state, asked.owner_name) == ("proposed", "")


@pytest.mark.parametrize("before", ["proposed", "asked"])
def test_put_back_without_an_earlier_step_is_refused(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, before: str
) -> None:
    with pytest.raises(actions.NotReady):
        actions.put_back(actor=as_alma, measure=make_measure(plan, state=MeasureState(before)), reason="Versehentlich.")


def test_measures_are_not_changed_by_people_who_only_look_or_by_the_other_town(
    in_altdorf: Any, plan: MasterPlan, topic: Cluster, as_kim: Actor, as_nils: Actor
) -> None:
    measure = make_measure(plan, topic, state=MeasureState.ACCEPTED)
    for actor in (as_kim, as_nils, Actor.guest()):
        with pytest.raises(NotAllowed):
            actions.edit_measure(actor=actor, measure=measure, title="x")
        with pytest.raises(NotAllowed):
            actions.change_state(actor=actor, measure=measure, state="running")
        with pytest.raises(NotAllowed):
            actions.put_back(actor=actor, measure=measure, reason="x")
    assert history(measure) == [("proposed", ""), ("accepted", "")]
