"""Start page, programme, town, and the pages about the site itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ortsdialog.deliver.plan.tests.factories import make_event
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.show.site.queries import dialogues_of_programme, programme_count
from ortsdialog.show.site.tests.conftest import make_record

pytestmark = pytest.mark.django_db

PROGRAMME = "/programme/kommunale-dialoge/"
LANGUAGES = ["de", "de-ls", "en", "ar"]
STATIC_PAGES = ["/so-geht-es/", "/impressum/", "/datenschutz/", "/barrierefreiheit/", "/kontakt/"]


def upcoming(process: Process, slug: str = "workshop") -> None:
    make_event(
        process, slug=slug, tables=0, state=GatheringState.PUBLISHED, starts_at=timezone.now() + timedelta(days=14)
    )


# ---- Start page ---------------------------------------------------------------------------------


def test_home_lists_towns_dates_and_programmes(client: Any, dialogue: Process, programme: Programme) -> None:
    upcoming(dialogue)
    make_record(make_place("Aidlingen", "aidlingen"), programme)
    make_place("Ohne Dialog", "ohne-dialog")
    page = client.get("/")
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("/orte/altdorf/", "/orte/aidlingen/", PROGRAMME, "/veranstaltungen/workshop/", 'name="code"'):
        assert part in text
    assert "Ohne Dialog" not in text
    assert [town.name for town in page.context["towns"].running] == ["Altdorf", "Neustadt"]
    assert [town.name for town in page.context["towns"].earlier] == ["Aidlingen"]


def test_home_of_an_empty_house_stands(client: Any) -> None:
    assert client.get("/").status_code == 200


def test_home_marks_the_demonstration(client: Any, altdorf: Place, dialogue: Process) -> None:
    assert "Demonstration" not in client.get("/?sprache=en").content.decode()
    Place.objects.filter(pk=altdorf.pk).update(is_demonstration=True)
    assert "Demonstration" in client.get("/?sprache=en").content.decode()
    # The strip stands on every page of the town.
    assert "demo-strip" in client.get("/orte/altdorf/").content.decode()
    assert "demo-strip" not in client.get("/orte/neustadt/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_home_takes_the_same_queries_whatever_the_rows(
    client: Any, dialogue: Process, programme: Programme, number: int, django_assert_num_queries: Any
) -> None:
    for step in range(number):
        upcoming(dialogue, f"workshop-{step}")
        make_record(make_place(f"Ort {step}", f"ort-{step}"), programme, f"kfd-{step}")
    with django_assert_num_queries(3):
        client.get("/")


# ---- Programme ----------------------------------------------------------------------------------


def test_programme_counts_what_is_known_and_says_what_is_not(dialogue: Process, programme: Programme) -> None:
    known = make_place("Aidlingen", "aidlingen")
    make_record(
        known,
        programme,
        "kfd-1",
        participants_min=120,
        participants_max=150,
        events=[{"starts_on": "2016-11-09", "ends_on": None, "precision": "day", "time_text": None}],
    )
    make_record(known, programme, "kfd-2")
    make_event(dialogue, tables=0, counted_guests=80)
    make_process(make_place("Schauburg", "schauburg", is_demonstration=True), programme, published=True)
    make_process(make_place("Stilldorf", "stilldorf"), programme)
    count = programme_count(dialogues_of_programme(programme, drafts=True))
    # Aidlingen twice, Altdorf, Neustadt; neither the demonstration nor Stilldorf's draft.
    assert (count.dialogues, count.towns) == (4, 3)
    assert (count.events, count.dialogues_without_date) == (2, 2)
    assert (count.people, count.dialogues_with_people, count.dialogues_without_people) == (200, 2, 2)


def test_programme_page_lists_all_towns_and_is_narrowed_by_links(
    client: Any, dialogue: Process, programme: Programme
) -> None:
    make_record(make_place("Aidlingen", "aidlingen"), programme)
    make_process(make_place("Stilldorf", "stilldorf"), programme)
    text = client.get(PROGRAMME).content.decode()
    for part in ("Altdorf", "Neustadt", "Aidlingen"):
        assert part in text
    assert "Stilldorf" not in text
    closed = client.get(f"{PROGRAMME}?stand=closed").content.decode()
    assert "Aidlingen" in closed
    assert "Altdorf" not in closed
    assert 'class="empty"' in client.get(f"{PROGRAMME}?stand=unsinn").content.decode()


def test_programme_groups_towns_by_region_where_the_register_names_it(
    client: Any, dialogue: Process, altdorf: Place
) -> None:
    Place.objects.create(level=Level.DISTRICT, ags="081", name="Stuttgart")
    Place.objects.filter(pk=altdorf.pk).update(ags="08115001")
    groups = client.get(PROGRAMME).context["groups"]
    assert [[row.place.name for row in rows] for _, rows in groups] == [["Altdorf"], ["Neustadt"]]
    assert "Stuttgart" in str(groups[0][0])


def test_programme_without_dialogues_says_so(client: Any, programme: Programme) -> None:
    page = client.get(PROGRAMME)
    assert page.status_code == 200
    assert page.context["way"] is None


def test_programme_shows_the_demonstration_apart(client: Any, programme: Programme, topic: Cluster) -> None:
    page = client.get(PROGRAMME)
    assert page.context["way"].stations[0].count == 3
    assert page.context["demonstration_way"] is None


@pytest.mark.parametrize("number", [1, 3])
def test_programme_takes_the_same_queries_whatever_the_rows(
    client: Any, dialogue: Process, programme: Programme, topic: Cluster, number: int, django_assert_num_queries: Any
) -> None:
    for step in range(number):
        make_record(make_place(f"Ort {step}", f"ort-{step}"), programme, f"kfd-{step}")
        make_process(make_place(f"Dorf {step}", f"dorf-{step}"), programme, published=True)
    with django_assert_num_queries(7):
        client.get(PROGRAMME)


def test_an_unknown_programme_is_not_found(client: Any) -> None:
    assert client.get("/programme/unsinn/").status_code == 404


# ---- Town ---------------------------------------------------------------------------------------


def test_place_page_shows_own_dialogues_dates_and_contact(client: Any, altdorf: Place, dialogue: Process) -> None:
    upcoming(dialogue)
    with open_place(altdorf):
        PlaceProfile.objects.create(place=altdorf, contact_office="Rathaus Altdorf", contact_phone="07000 123")
    text = client.get("/orte/altdorf/").content.decode()
    for part in ("Altdorf spricht", "/veranstaltungen/workshop/", "Rathaus Altdorf", 'href="tel:07000123"'):
        assert part in text
    assert "Geheimnis" not in text


def test_place_page_hides_drafts_but_tells_a_public_intention(
    client: Any, altdorf: Place, programme: Programme
) -> None:
    make_process(altdorf, programme, slug="still", title="Noch geheim")
    make_process(
        altdorf, programme, slug="vorhaben", title="Bald ein Dialog", intention_published_on=timezone.localdate()
    )
    text = client.get("/orte/altdorf/").content.decode()
    assert "Noch geheim" not in text
    assert "Bald ein Dialog" in text
    assert "/orte/altdorf/dialoge/vorhaben/vorhaben/" in text


@pytest.mark.parametrize("number", [1, 3])
def test_place_page_takes_the_same_queries_whatever_the_rows(
    client: Any, altdorf: Place, dialogue: Process, programme: Programme, number: int, django_assert_num_queries: Any
) -> None:
    for step in range(number):
        upcoming(make_process(altdorf, programme, slug=f"weiterer-{step}", published=True))
        make_record(altdorf, programme, f"kfd-{step}")
    with django_assert_num_queries(5):
        client.get("/orte/altdorf/")


def test_a_place_that_does_not_take_part_is_not_found(client: Any) -> None:
    make_place("Nur im Register", None)
    assert client.get("/orte/nur-im-register/").status_code == 404


# ---- The site itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("address", STATIC_PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_about_the_site_stand_in_every_language(
    client: Any, dialogue: Process, address: str, language: str
) -> None:
    page = client.get(f"{address}?sprache={language}")
    assert page.status_code == 200
    assert ('dir="rtl"' in page.content.decode()[:200]) == (language == "ar")


@pytest.mark.parametrize("address", ["/impressum/", "/kontakt/", "/barrierefreiheit/"])
def test_pages_about_the_site_lead_to_the_towns_that_answer(client: Any, dialogue: Process, address: str) -> None:
    assert f"/orte/altdorf{address}" in client.get(address).content.decode()


def test_robots_keep_out_of_what_needs_a_code_or_a_link(client: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/weg/", "/zusage/", "/t/", "/schreibtisch/"):
        assert f"Disallow: {path}\n" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_speak_the_readers_language(client: Any, dialogue: Process, topic: Cluster, language: str) -> None:
    for address in ("/", PROGRAMME, "/orte/altdorf/"):
        text = client.get(f"{address}?sprache={language}").content.decode()
        assert ('dir="rtl"' in text[:200]) == (language == "ar")


def test_states_in_the_list_of_a_programme_are_those_that_occur(client: Any, dialogue: Process) -> None:
    options = client.get(PROGRAMME).context["stand_options"]
    assert [(option[0], option[2]) for option in options] == [("", 2), (ProcessState.RUNNING.value, 2)]
