"""The public page of a dialogue, and the list of what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.deliver.plan.tests.factories import make_event, make_measure, make_topic, make_words
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.show.site.tests.conftest import make_record

pytestmark = pytest.mark.django_db

PAGE = "/orte/altdorf/dialoge/dialog/"
WORDS = f"{PAGE}beitraege/"


def test_process_page_tells_goal_promise_stand_dates_words_and_measures(
    client: Any, dialogue: Process, plan: MasterPlan, topic: Cluster
) -> None:
    make_measure(plan, topic, state=MeasureState.RUNNING)
    make_event(
        dialogue,
        slug="workshop",
        tables=0,
        state=GatheringState.PUBLISHED,
        starts_at=timezone.now() + timedelta(days=14),
    )
    page = client.get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    for part in (
        "Wir wollen wissen, was fehlt.",
        "Der Gemeinderat antwortet auf jeden Vorschlag.",
        "Baustein 6",
        "/veranstaltungen/workshop/",
        "Es fehlen Wohnungen.",
        f"{PAGE}plan/?stand=running",
        "/weg/",
    ):
        assert part in text
    assert "Geheimnis" not in text
    assert [station.count for station in page.context["way"].line] == [2, 2, 2, 2, 0]


def test_process_page_before_anything_was_said_stands_and_says_so(client: Any, dialogue: Process) -> None:
    text = client.get(PAGE).content.decode()
    assert 'class="empty"' in text
    assert f"{PAGE}plan/" not in text


def test_process_page_shows_two_examples_a_topic_and_pages_the_rest(
    client: Any, dialogue: Process, event: Gathering, topic: Cluster
) -> None:
    make_words(event, "Ein dritter Beitrag.", cluster=topic, received_at=timezone.now())
    for number in range(2, 12):
        make_words(event, f"Wort zu {number}", cluster=make_topic(dialogue, number=number, title=f"Anderes {number}"))
    page = client.get(PAGE)
    card = page.context["cards"][0]
    assert (card.cluster, len(card.examples), card.more) == (topic, 2, 1)
    assert "Ein dritter Beitrag." not in page.content.decode()
    assert len(page.context["cards"]) == 4
    assert len(client.get(f"{PAGE}?seite=3").context["cards"]) == 3


@pytest.mark.parametrize("number", [1, 3])
def test_process_page_takes_the_same_queries_whatever_the_rows(
    client: Any,
    dialogue: Process,
    plan: MasterPlan,
    event: Gathering,
    number: int,
    django_assert_num_queries: Any,
) -> None:
    for step in range(1, number + 1):
        topic = make_topic(dialogue, number=step)
        make_words(event, cluster=topic)
        make_measure(plan, topic, number=step)
        make_event(dialogue, slug=f"weitere-{step}")
    with django_assert_num_queries(14):
        client.get(PAGE)


def test_a_draft_and_the_other_towns_dialogue_are_not_found(
    client: Any, altdorf: Place, neustadt: Place, programme: Programme, dialogue: Process
) -> None:
    make_process(altdorf, programme, slug="entwurf")
    make_process(neustadt, programme, slug="nur-neustadt", published=True)
    for slug in ("entwurf", "nur-neustadt", "unsinn"):
        assert client.get(f"/orte/altdorf/dialoge/{slug}/").status_code == 404
        assert client.get(f"/orte/altdorf/dialoge/{slug}/beitraege/").status_code == 404


# ---- Documented dialogues -----------------------------------------------------------------------


def test_documented_dialogue_tells_facts_sources_and_what_is_not_known(client: Any, programme: Programme) -> None:
    place = make_place("Aidlingen", "aidlingen")
    make_record(
        place,
        programme,
        formats=["theme_tables", "unbekannt"],
        participants_min=120,
        topics=["Wohnen", "Sprache"],
        events=[{"starts_on": "2016-11-01", "ends_on": "2016-11-30", "precision": "month", "time_text": None}],
    )
    page = client.get("/orte/aidlingen/dialoge/dialog-kfd-1/?sprache=en")
    assert page.status_code == 200
    text = page.content.decode()
    for part in (
        "Documented from sources",
        "Wohnen, Sprache",
        "November 2016",
        'href="https://quelle.example/steckbrief"',
        "Amtsblatt 3/2016",
        "more than 120",
    ):
        assert part in text
    # Groups reached, occasion, methods, moderation, results.
    assert text.count("<dd>not known</dd>") == 5


def test_documented_dialogue_without_any_fact_stands(client: Any, programme: Programme) -> None:
    make_record(make_place("Aidlingen", "aidlingen"), programme, sources=[])
    assert client.get("/orte/aidlingen/dialoge/dialog-kfd-1/").status_code == 200


# ---- All statements -----------------------------------------------------------------------------


def test_statements_are_listed_and_narrowed_by_links(
    client: Any, dialogue: Process, event: Gathering, topic: Cluster
) -> None:
    arabic = MultilingualText.written("السكن غالٍ.", "ar").with_version("de", "Wohnen ist teuer.", State.MACHINE)
    make_words(event, text=arabic, table=2)
    make_words(event, "Noch nicht gelesen.", state=ModerationState.PENDING)
    make_words(event, "Zurückgehalten.", state=ModerationState.HELD)
    with open_place(dialogue.place_id):
        second = Table.objects.get(gathering=event, number=2)

    def shown(query: str) -> list[str]:
        return sorted(statement.text.original_text for statement in client.get(WORDS + query).context["page"])

    assert shown("") == ["Es fehlen Wohnungen.", "Vermieter sagen sofort nein.", "السكن غالٍ."]
    assert shown("?thema=1") == ["Es fehlen Wohnungen.", "Vermieter sagen sofort nein."]
    assert shown(f"?tisch={second.pk}") == ["Vermieter sagen sofort nein.", "السكن غالٍ."]
    assert shown("?gesagt-auf=ar") == ["السكن غالٍ."]
    for nonsense in ("?thema=x", "?thema=99999999999999999999", "?tisch=-1", "?gesagt-auf=tlh"):
        assert shown(nonsense) == []
    assert 'class="empty"' in client.get(f"{WORDS}?thema=9").content.decode()


def test_statements_never_carry_a_receipt_code(client: Any, dialogue: Process, topic: Cluster) -> None:
    with open_place(dialogue.place_id):
        codes = list(topic.statements.values_list("receipt_code", flat=True))
    assert len(codes) == 2
    for address in (PAGE, WORDS):
        text = client.get(address).content.decode()
        assert not [code for code in codes if code in text]


def test_every_shown_statement_can_be_reported(client: Any, dialogue: Process, topic: Cluster) -> None:
    with open_place(dialogue.place_id):
        handles = list(topic.statements.values_list("handle", flat=True))
    assert len(handles) == 2
    for address in (PAGE, WORDS):
        text = client.get(address).content.decode()
        assert [text.count(f'href="/melden/{handle}/"') for handle in handles] == [1, 1]


def test_statements_are_paged_by_fifty(client: Any, dialogue: Process, event: Gathering) -> None:
    for number in range(51):
        make_words(event, f"Beitrag {number}")
    assert len(client.get(WORDS).context["page"]) == 50
    assert len(client.get(f"{WORDS}?seite=2").context["page"]) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_statements_take_the_same_queries_whatever_the_rows(
    client: Any, dialogue: Process, event: Gathering, number: int, django_assert_num_queries: Any
) -> None:
    for step in range(1, number + 1):
        make_words(event, cluster=make_topic(dialogue, number=step))
    with django_assert_num_queries(9):
        client.get(WORDS)


@pytest.mark.parametrize("language", ["de", "de-ls", "en", "ar"])
def test_pages_speak_the_readers_language(client: Any, dialogue: Process, topic: Cluster, language: str) -> None:
    for address in (PAGE, WORDS):
        text = client.get(f"{address}?sprache={language}").content.decode()
        assert ('dir="rtl"' in text[:200]) == (language == "ar")
