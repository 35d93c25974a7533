"""What became of my statement."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_measure, make_topic, make_words
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db

CODE = "7K4D-9XQM-2HPA"


@pytest.fixture
def mine(event: Gathering, topic: Cluster) -> Statement:
    text = MultilingualText.written("السكن غالٍ.", "ar").with_version("de", "Wohnen ist teuer.", State.MACHINE)
    return make_words(event, text=text, cluster=topic, receipt_code=CODE)


@pytest.mark.parametrize("typed", [CODE, "7k4d9xqm2hpa", " 7K4D 9XQM 2HPA ", "7k4d–9xqm–2hpa"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_code_is_found_however_it_is_typed(client: Any, mine: Statement, typed: str, method: str) -> None:
    found = getattr(client, method)("/weg/", {"code": typed})
    assert (found.status_code, found["Location"]) == (302, f"/weg/{CODE}/")


def test_an_address_in_other_letters_leads_to_the_proper_one(client: Any, mine: Statement) -> None:
    assert client.get("/weg/7k4d9xqm2hpa/")["Location"] == f"/weg/{CODE}/"


@pytest.mark.parametrize("typed", ["", "7K4D-9XQM-2HPB", "unsinn", "x" * 5000, "7K4D-9XQM-2HP", "<script>"])
def test_an_unknown_code_is_answered_alike_and_kept_in_the_field(client: Any, mine: Statement, typed: str) -> None:
    page = client.get("/weg/", {"code": typed})
    assert page.status_code == 404
    text = page.content.decode()
    assert 'aria-invalid="true"' in text
    assert "<script>" not in text
    if typed and len(typed) < 60:
        assert client.get(f"/weg/{typed}/").status_code == 404


def test_the_form_stands_without_a_code(client: Any) -> None:
    page = client.get("/weg/")
    assert page.status_code == 200
    assert "aria-invalid" not in page.content.decode()
    # One code in one piece, from left to right on every page.
    assert '<bdi dir="ltr">7K4D\u20119XQM\u20112HPA</bdi>' in page.content.decode()


def test_receipt_shows_my_words_and_how_far_they_have_come(
    client: Any, mine: Statement, plan: MasterPlan, topic: Cluster
) -> None:
    make_measure(plan, topic, state=MeasureState.RUNNING, owner_name="Amt für Wohnen")
    make_measure(
        plan,
        topic,
        number=2,
        title="Hochhaus bauen",
        state=MeasureState.NOT_POSSIBLE,
        reason=MultilingualText.written("Der Boden trägt es nicht."),
    )
    text = client.get(f"/weg/{CODE}/").content.decode()
    for part in (
        "السكن غالٍ.",
        "Wohnen ist teuer.",
        "Raum sucht Mieter",
        "Amt für Wohnen",
        "Hochhaus bauen",
        "Der Boden trägt es nicht.",
        "/orte/altdorf/dialoge/dialog/massnahmen/1/",
    ):
        assert part in text
    assert "Geheimnis" not in text


@pytest.mark.parametrize("state", [ModerationState.PENDING, ModerationState.HELD])
def test_who_waits_sees_the_own_words_and_no_reason_of_the_staff(
    client: Any, event: Gathering, plan: MasterPlan, topic: Cluster, state: ModerationState
) -> None:
    make_measure(plan, topic, state=MeasureState.RUNNING)
    make_words(event, "Mein Satz.", cluster=topic, receipt_code=CODE, state=state, state_reason="Beleidigend.")
    page = client.get(f"/weg/{CODE}/")
    text = page.content.decode()
    assert "Mein Satz." in text
    assert "Beleidigend." not in text
    assert "Raum sucht Mieter" not in text
    assert [station.key for station in page.context["way"].stations if station.reached] == ["said"]


def test_a_code_works_while_the_dialogue_itself_is_no_longer_public(
    client: Any, mine: Statement, dialogue: Process
) -> None:
    with open_place(dialogue.place_id):
        Process.objects.filter(pk=dialogue.pk).update(published_at=None)
    page = client.get(f"/weg/{CODE}/")
    assert page.status_code == 200
    assert 'href="/orte/altdorf/dialoge/dialog/"' not in page.content.decode()


def test_receipt_pages_go_into_no_index_no_cache_and_no_other_log(client: Any, mine: Statement) -> None:
    for page in (client.get(f"/weg/{CODE}/"), client.get("/weg/?code=x"), client.get("/weg/", {"code": CODE})):
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("language", ["de", "de-ls", "en", "ar"])
def test_receipt_speaks_the_readers_language(client: Any, mine: Statement, language: str) -> None:
    page = client.get(f"/weg/{CODE}/?sprache={language}")
    assert page.status_code == 200
    assert ('dir="rtl"' in page.content.decode()[:200]) == (language == "ar")
    # Who reads in the language of her own words needs no translation of them.
    assert (page.context["translation"].language == "ar") == (language in ("ar", "en"))


@pytest.mark.parametrize("number", [1, 3])
def test_receipt_takes_the_same_queries_whatever_the_rows(
    client: Any,
    mine: Statement,
    plan: MasterPlan,
    topic: Cluster,
    dialogue: Process,
    number: int,
    django_assert_num_queries: Any,
) -> None:
    for step in range(1, number + 1):
        make_measure(plan, topic, make_topic(dialogue, number=10 + step), number=step, state=MeasureState.RUNNING)
    with django_assert_num_queries(4):
        client.get(f"/weg/{CODE}/")
