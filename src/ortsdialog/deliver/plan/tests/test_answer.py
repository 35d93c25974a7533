"""The owner's page behind the secret link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan, Measure, OwnerRequest
from ortsdialog.deliver.plan.tests.factories import make_measure, make_request
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.models import Cluster

pytestmark = pytest.mark.django_db

LINK = "/zusage/geheim/"


@pytest.fixture
def question(plan: MasterPlan, topic: Cluster) -> OwnerRequest:
    return make_request(make_measure(plan, topic, state=MeasureState.ASKED), message="Es geht um zwölf Wohnungen.")


def measure_now(question: OwnerRequest) -> Measure:
    with open_place(question.place_id):
        return Measure.objects.get(pk=question.measure_id)


def test_link_shows_the_measure_and_where_it_comes_from(client: Any, question: OwnerRequest) -> None:
    page = client.get(LINK)
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("Raum sucht Mieter", "Es geht um zwölf Wohnungen.", "Es fehlen Wohnungen.", "Amt für Wohnen"):
        assert part in text
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    # Reading is not answering: mail programs open links by themselves.
    assert measure_now(question).state == "asked"


def test_yes_with_a_date_is_taken_and_the_link_says_thank_you(client: Any, question: OwnerRequest) -> None:
    answered = client.post(LINK, {"answer": "yes", "due_on": "2027-06-30", "reason": ""})
    assert (answered.status_code, answered["Location"]) == (302, LINK)
    measure = measure_now(question)
    assert (measure.state, str(measure.due_on)) == ("accepted", "2027-06-30")
    page = client.get(LINK)
    assert page.status_code == 200
    assert "<form class" not in page.content.decode()


def test_no_needs_a_reason_and_keeps_what_was_typed(client: Any, question: OwnerRequest) -> None:
    refused = client.post(LINK, {"answer": "no", "reason": " "})
    assert refused.status_code == 422
    assert measure_now(question).state == "asked"
    client.post(LINK, {"answer": "no", "reason": "Wir haben kein Personal."})
    measure = measure_now(question)
    assert (measure.state, str(measure.reason)) == ("declined", "Wir haben kein Personal.")


def test_an_empty_answer_is_asked_again(client: Any, question: OwnerRequest) -> None:
    assert client.post(LINK, {}).status_code == 422
    assert measure_now(question).state == "asked"


def test_a_second_answer_changes_nothing(client: Any, question: OwnerRequest) -> None:
    client.post(LINK, {"answer": "yes"})
    again = client.post(LINK, {"answer": "no", "reason": "Doch nicht."})
    assert again.status_code == 200
    assert measure_now(question).state == "accepted"


@pytest.mark.parametrize("field", ["withdrawn_at", "expires_at"])
def test_a_dead_link_says_so_and_takes_no_answer(client: Any, question: OwnerRequest, field: str) -> None:
    with open_place(question.place_id):
        OwnerRequest.objects.filter(pk=question.pk).update(**{field: timezone.now() - timedelta(days=1)})
    for page in (client.get(LINK), client.post(LINK, {"answer": "yes"})):
        assert page.status_code == 410
        assert "<form class" not in page.content.decode()
    assert measure_now(question).state == "asked"


def test_an_unknown_link_is_not_found(client: Any, question: OwnerRequest) -> None:
    assert client.get("/zusage/geraten/").status_code == 404


@pytest.mark.parametrize("language", ["de", "de-ls", "en", "ar"])
def test_the_page_speaks_the_readers_language(client: Any, question: OwnerRequest, language: str) -> None:
    page = client.get(f"{LINK}?sprache={language}")
    assert page.status_code == 200
    assert ('dir="rtl"' in page.content.decode()[:200]) == (language == "ar")


def test_an_answer_in_english_keeps_its_language(client: Any, question: OwnerRequest) -> None:
    client.post(f"{LINK}?sprache=en", {"answer": "no", "reason": "We lack staff."})
    assert measure_now(question).reason.original == "en"
