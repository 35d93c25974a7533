"""The plan and its measures as everybody sees them."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_field, make_measure, make_plan, make_topic, make_words
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db

PLAN = "/orte/altdorf/dialoge/dialog/plan/"
MEASURE = "/orte/altdorf/dialoge/dialog/massnahmen/1/"


def fill(plan: MasterPlan, topic: Cluster) -> None:
    field = make_field(plan)
    make_measure(plan, topic, number=1, field=field, state=MeasureState.RUNNING, owner_name="Amt für Wohnen")
    make_measure(
        plan,
        number=2,
        title="Freibad öffnen",
        state=MeasureState.NOT_POSSIBLE,
        reason=MultilingualText.written("Das Bad ist verkauft."),
    )


def test_plan_page_shows_chapters_measures_and_owners_of_this_town_only(
    client: Any, plan: MasterPlan, topic: Cluster
) -> None:
    fill(plan, topic)
    page = client.get(PLAN)
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("Wohnen", "Raum sucht Mieter", "Amt für Wohnen", "Freibad öffnen"):
        assert part in text
    assert "Geheimnis" not in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?stand=running", "Raum sucht Mieter", "Freibad öffnen"),
        ("?stand=not_possible", "Freibad öffnen", "Raum sucht Mieter"),
        ("?feld=1", "Raum sucht Mieter", "Freibad öffnen"),
        ("?zustaendig=Amt+f%C3%BCr+Wohnen", "Raum sucht Mieter", "Freibad öffnen"),
    ],
)
def test_plan_page_is_narrowed_by_links(
    client: Any, plan: MasterPlan, topic: Cluster, query: str, shown: str, hidden: str
) -> None:
    fill(plan, topic)
    text = client.get(PLAN + query).content.decode()
    assert shown in text
    assert hidden not in text


@pytest.mark.parametrize("query", ["?feld=99", "?feld=99999999999999999999", "?feld=x", "?stand=unsinn"])
def test_plan_page_with_a_choice_that_fits_nothing_says_so(
    client: Any, plan: MasterPlan, topic: Cluster, query: str
) -> None:
    fill(plan, topic)
    text = client.get(PLAN + query).content.decode()
    assert "Raum sucht Mieter" not in text
    assert 'class="empty"' in text


def test_measure_page_shows_way_words_tables_and_reason(client: Any, plan: MasterPlan, topic: Cluster) -> None:
    fill(plan, topic)
    with open_place(plan.place_id):
        event = Gathering.objects.get(place_id=plan.place_id)
    make_words(event, "Noch nicht gelesen.", cluster=topic, state=ModerationState.PENDING)
    page = client.get(MEASURE)
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("Es fehlen Wohnungen.", "Ein Zimmer für vier Personen.", "Amt für Wohnen", "Thema 2"):
        assert part in text
    assert "Noch nicht gelesen." not in text
    assert [(table.number, table.statement_count) for table in page.context["tables"]] == [(1, 2), (2, 1)]
    assert "Das Bad ist verkauft." in client.get(MEASURE.replace("/1/", "/2/")).content.decode()


def test_public_pages_never_carry_a_receipt_code(client: Any, plan: MasterPlan, topic: Cluster) -> None:
    fill(plan, topic)
    with open_place(plan.place_id):
        codes = list(topic.statements.values_list("receipt_code", flat=True))
    assert len(codes) == 3
    for address in (PLAN, MEASURE):
        text = client.get(address).content.decode()
        assert not [code for code in codes if code in text]


def test_every_statement_of_a_measure_can_be_reported(client: Any, plan: MasterPlan, topic: Cluster) -> None:
    make_measure(plan, topic)
    with open_place(plan.place_id):
        handles = list(topic.statements.values_list("handle", flat=True))
    assert handles
    text = client.get(MEASURE).content.decode()
    assert [text.count(f'href="/melden/{handle}/"') for handle in handles] == [1] * len(handles)


def test_a_draft_plan_does_not_exist_for_the_public(client: Any, dialogue: Process, topic: Cluster) -> None:
    make_measure(make_plan(dialogue, published=False), topic)
    assert client.get(PLAN).status_code == 404
    assert client.get(MEASURE).status_code == 404


def test_the_plan_of_a_draft_dialogue_does_not_exist(client: Any, dialogue: Process, plan: MasterPlan) -> None:
    with open_place(dialogue.place_id):
        Process.objects.filter(pk=dialogue.pk).update(published_at=None)
    assert client.get(PLAN).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/orte/altdorf/dialoge/dialog/massnahmen/9/",
        "/orte/altdorf/dialoge/anderer/plan/",
        "/orte/nirgendwo/dialoge/dialog/plan/",
    ],
)
def test_what_does_not_exist_is_not_found(client: Any, plan: MasterPlan, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["de", "de-ls", "en", "ar"])
def test_pages_speak_the_readers_language(client: Any, plan: MasterPlan, topic: Cluster, language: str) -> None:
    fill(plan, topic)
    for address in (PLAN, MEASURE):
        text = client.get(f"{address}?sprache={language}").content.decode()
        assert ('dir="rtl"' in text[:200]) == (language == "ar")


@pytest.mark.parametrize("number", [1, 3])
def test_plan_page_takes_the_same_queries_whatever_the_rows(
    client: Any, plan: MasterPlan, dialogue: Process, topic: Cluster, number: int, django_assert_num_queries: Any
) -> None:
    for step in range(1, number + 1):
        make_measure(plan, topic, make_topic(dialogue, number=10 + step), number=step, field=make_field(plan, step))
    with django_assert_num_queries(9):
        client.get(PLAN)


@pytest.mark.parametrize("number", [1, 3])
def test_measure_page_takes_the_same_queries_whatever_the_rows(
    client: Any,
    plan: MasterPlan,
    dialogue: Process,
    event: Gathering,
    topic: Cluster,
    number: int,
    django_assert_num_queries: Any,
) -> None:
    topics = [make_topic(dialogue, number=10 + step) for step in range(number)]
    for cluster in topics:
        make_words(event, "Noch ein Beitrag.", cluster=cluster)
    make_measure(plan, topic, *topics, state=MeasureState.ACCEPTED)
    with django_assert_num_queries(10):
        client.get(MEASURE)
