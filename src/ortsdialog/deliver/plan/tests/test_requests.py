"""Asking owners: the link, the one answer, and taking the question back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from ortsdialog.deliver.plan import actions
from ortsdialog.deliver.plan.choices import MeasureState, OwnerAnswer
from ortsdialog.deliver.plan.models import MasterPlan, Measure, MeasureChange, OwnerRequest
from ortsdialog.deliver.plan.queries import request_by_token
from ortsdialog.deliver.plan.rules import OWNER_LINK
from ortsdialog.deliver.plan.tasks import forget_owner_addresses
from ortsdialog.deliver.plan.tests.factories import make_measure, make_request
from ortsdialog.ground.process.actions import close_process
from ortsdialog.kernel.access import Actor, NotAllowed

pytestmark = pytest.mark.django_db


def owner_of(request: OwnerRequest) -> Actor:
    return Actor.by_link(OWNER_LINK, request.pk)


def test_ask_owner_makes_a_link_and_keeps_only_its_digest(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    measure = make_measure(plan)
    asked = actions.ask_owner(actor=as_alma, measure=measure, owner_name="Amt für Wohnen")
    measure.refresh_from_db()
    assert (measure.state, measure.owner_name) == ("asked", "Amt für Wohnen")
    assert asked.link == f"https://ortsdialog.test/zusage/{asked.token}/"
    assert len(asked.token) >= 43
    assert asked.token not in str(OwnerRequest.objects.values().get())
    assert request_by_token(asked.token) == asked.request
    assert timedelta(days=59) < asked.request.expires_at - timezone.now() <= timedelta(days=60)
    # No address, no mail.
    assert not DBTaskResult.objects.exists()


def test_ask_owner_with_an_address_sends_one_mail_in_the_towns_language(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with translation.override("ar"):
        asked = actions.ask_owner(
            actor=as_alma,
            measure=make_measure(plan),
            owner_name="Amt für Wohnen",
            owner_email="wohnen@altdorf.example",
            message="Es geht um zwölf Wohnungen.",
            answer_by_on=date(2027, 1, 31),
        )
    task = DBTaskResult.objects.get()
    task.task.func(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
    message = mail.outbox[0]
    assert message.to == ["wohnen@altdorf.example"]
    assert "Raum sucht Mieter" in message.subject
    for part in (asked.link, "Es geht um zwölf Wohnungen.", "31.01.2027", "Altdorf"):
        assert part in message.body


def test_ask_owner_twice_is_refused_until_the_first_question_is_withdrawn(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor
) -> None:
    measure = make_measure(plan)
    first = actions.ask_owner(actor=as_alma, measure=measure, owner_name="Amt für Wohnen")
    with pytest.raises(actions.NotReady):
        actions.ask_owner(actor=as_alma, measure=measure, owner_name="Bauamt")
    actions.withdraw_request(actor=as_alma, request=first.request, reason="Falsches Amt.")
    second = actions.ask_owner(actor=as_alma, measure=measure, owner_name="Bauamt")
    assert Measure.objects.get().owner_name == "Bauamt"
    assert not request_by_token(first.token).is_open
    assert request_by_token(second.token).is_open
    notes = [str(change.note) for change in MeasureChange.objects.filter(measure=measure).order_by("at", "pk")]
    assert notes == ["", "", "Falsches Amt.", ""]


def test_ask_owner_without_a_name_is_refused(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    with pytest.raises(actions.NotReady):
        actions.ask_owner(actor=as_alma, measure=make_measure(plan), owner_name="  ")


def test_asking_and_withdrawing_is_refused_to_others(
    in_altdorf: Any, plan: MasterPlan, as_kim: Actor, as_nils: Actor
) -> None:
    measure = make_measure(plan, state=MeasureState.ASKED)
    request = make_request(measure)
    for actor in (as_kim, as_nils, owner_of(request)):
        with pytest.raises(NotAllowed):
            actions.ask_owner(actor=actor, measure=measure, owner_name="x")
        with pytest.raises(NotAllowed):
            actions.withdraw_request(actor=actor, request=request, reason="x")
        with pytest.raises(NotAllowed):
            actions.record_answer(actor=actor, request=request, accepted=True)


def test_owner_accepts_with_a_date(in_altdorf: Any, plan: MasterPlan) -> None:
    measure = make_measure(plan, state=MeasureState.ASKED)
    request = make_request(measure)
    actions.answer_request(
        actor=owner_of(request), request=request, accepted=True, reason="Gern.", due_on=date(2027, 6, 30)
    )
    measure.refresh_from_db()
    assert (measure.state, measure.due_on) == ("accepted", date(2027, 6, 30))
    assert OwnerRequest.objects.get().answer == OwnerAnswer.ACCEPTED
    assert str(MeasureChange.objects.filter(measure=measure).latest("pk").note) == "Gern."


def test_owner_declines_with_a_reason_in_her_language_and_somebody_else_is_asked(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor
) -> None:
    measure = make_measure(plan, state=MeasureState.ASKED)
    request = make_request(measure)
    with pytest.raises(actions.NotReady):
        actions.answer_request(actor=owner_of(request), request=request, accepted=False, reason=" ")
    actions.answer_request(
        actor=owner_of(request), request=request, accepted=False, reason="We lack staff.", language="en"
    )
    measure.refresh_from_db()
    assert measure.state == "declined"
    assert (measure.reason.original, measure.reason.original_text) == ("en", "We lack staff.")
    actions.ask_owner(actor=as_alma, measure=measure, owner_name="Verein")
    measure.refresh_from_db()
    assert (measure.state, measure.owner_name, bool(measure.reason)) == ("asked", "Verein", False)


def test_a_link_takes_one_answer_only(in_altdorf: Any, plan: MasterPlan) -> None:
    request = make_request(make_measure(plan, state=MeasureState.ASKED))
    second_tab = OwnerRequest.objects.select_related("measure").get()
    actions.answer_request(actor=owner_of(request), request=request, accepted=True)
    with pytest.raises(actions.NotReady):
        actions.answer_request(actor=owner_of(request), request=second_tab, accepted=False, reason="Doch nicht.")
    assert Measure.objects.get().state == "accepted"


def test_an_expired_link_takes_no_answer_but_the_coordinator_can_record_one(
    in_altdorf: Any, plan: MasterPlan, as_alma: Actor
) -> None:
    request = make_request(make_measure(plan, state=MeasureState.ASKED), expires_at=timezone.now())
    with pytest.raises(actions.NotReady):
        actions.answer_request(actor=owner_of(request), request=request, accepted=True)
    assert Measure.objects.get().state == "asked"
    actions.record_answer(actor=as_alma, request=request, accepted=False, reason="Am Telefon: kein Personal.")
    assert Measure.objects.get().state == "declined"


def test_a_withdrawn_link_takes_no_answer(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    request = make_request(make_measure(plan, state=MeasureState.ASKED))
    with pytest.raises(actions.NotReady):
        actions.withdraw_request(actor=as_alma, request=request, reason="")
    actions.withdraw_request(actor=as_alma, request=request, reason="Falsches Amt.")
    assert (request.measure.state, request.measure.owner_name) == ("proposed", "")
    for act in (
        lambda: actions.answer_request(actor=owner_of(request), request=request, accepted=True),
        lambda: actions.record_answer(actor=as_alma, request=request, accepted=True),
        lambda: actions.withdraw_request(actor=as_alma, request=request, reason="Nochmal."),
    ):
        with pytest.raises(actions.NotReady):
            act()


def test_the_link_of_one_request_does_not_answer_another(in_altdorf: Any, plan: MasterPlan) -> None:
    mine = make_request(make_measure(plan, state=MeasureState.ASKED))
    other = make_request(make_measure(plan, number=2, state=MeasureState.ASKED), token="anderes")
    with pytest.raises(NotAllowed):
        actions.answer_request(actor=owner_of(mine), request=other, accepted=True)
    assert request_by_token("falsch") is None


def test_addresses_of_owners_are_forgotten_when_the_dialogue_is_finished(
    altdorf: Any, in_altdorf: Any, plan: MasterPlan, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    asked = actions.ask_owner(
        actor=as_alma, measure=make_measure(plan), owner_name="Amt für Wohnen", owner_email="amt@altdorf.example"
    )
    with django_capture_on_commit_callbacks(execute=True):
        close_process(actor=as_alma, process=plan.process)
    enqueued = [task.args_kwargs["args"] for task in DBTaskResult.objects.all()]
    (ids,) = [ids for name, _attempt, ids in enqueued if name == forget_owner_addresses.name]
    forget_owner_addresses(**ids)
    asked.request.refresh_from_db()
    assert (asked.request.owner_email, asked.request.owner_name) == ("", "Amt für Wohnen")


def test_nobody_forgets_addresses_by_hand(in_altdorf: Any, plan: MasterPlan, as_alma: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.forget_owner_emails(actor=as_alma, process=plan.process)
