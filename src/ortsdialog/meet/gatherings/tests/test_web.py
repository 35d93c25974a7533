"""Pages of the events: one happy path each, and the refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def at_desk(sign_in: Any, alma: User) -> Client:
    return sign_in(alma)


@pytest.fixture
def draft(dialogue: Process) -> Gathering:
    return make_gathering(dialogue, state=GatheringState.DRAFT, rounds=2)


def stored(gathering: Gathering) -> Gathering:
    with open_place(gathering.place_id):
        return Gathering.objects.select_related("place", "process__place", "current_round").get(pk=gathering.pk)


def desk_url(name: str, pk: int, place: str = "altdorf") -> str:
    return reverse(f"gatherings:{name}", kwargs={"place": place, "pk": pk})


def sheet_data(**changes: Any) -> dict[str, Any]:
    """What the form sends: two tables with a spare row, two rounds."""
    return {
        "title": "Rückmelde-Workshop",
        "format": "theme_tables",
        "day": "2027-03-12",
        "begins": "18:00",
        "ends": "21:00",
        "venue": "Stadthalle",
        "address": "",
        "about": "",
        "how_to_take_part": "",
        "languages": ["de", "ar"],
        "expected_guests": "80",
        "tables-TOTAL_FORMS": "3",
        "tables-INITIAL_FORMS": "0",
        "tables-0-theme": "Wohnen",
        "tables-0-host_name": "Tessa",
        "tables-1-theme": "Arbeit",
        "tables-2-theme": "",
        "rounds-TOTAL_FORMS": "2",
        "rounds-INITIAL_FORMS": "0",
        "rounds-0-question": "Was läuft gut?",
        "rounds-0-minutes": "35",
        "rounds-1-question": "Was braucht es?",
        "rounds-1-minutes": "40",
        **changes,
    }


def sheet_of(gathering: Gathering, **changes: Any) -> dict[str, Any]:
    """What the edit form sends when nothing was changed."""
    with open_place(gathering.place):
        tables = list(gathering.tables.order_by("number"))
        rounds = list(gathering.rounds.select_related("question").order_by("number"))
    data = {
        "title": str(gathering.title),
        "format": gathering.format,
        "day": "2027-03-12",
        "begins": "18:00",
        "venue": gathering.venue,
        "tables-TOTAL_FORMS": str(len(tables)),
        "tables-INITIAL_FORMS": str(len(tables)),
        "rounds-TOTAL_FORMS": str(len(rounds)),
        "rounds-INITIAL_FORMS": str(len(rounds)),
    }
    for index, table in enumerate(tables):
        data |= {f"tables-{index}-pk": table.pk, f"tables-{index}-theme": str(table.theme)}
    for index, round in enumerate(rounds):
        data |= {
            f"rounds-{index}-pk": round.pk,
            f"rounds-{index}-question": str(round.question.text),
            f"rounds-{index}-minutes": round.duration_minutes,
        }
    return {**data, **changes}


GATHERING_PAGES = [
    "desk-show",
    "desk-edit",
    "desk-languages",
    "desk-publish",
    "desk-start",
    "desk-round",
    "desk-close",
    "desk-reopen",
    "desk-count",
    "desk-print",
    "desk-table-signs",
    "desk-host-cards",
]
TABLE_PAGES = ["desk-table-qr", "desk-renew-host-key"]
POST_ONLY = {"desk-start", "desk-round", "desk-reopen", "desk-count", "desk-renew-host-key"}
EVERY_PAGE = [*GATHERING_PAGES, *TABLE_PAGES, "desk-create", "desk-list"]


def knock(client: Client, name: str, gathering: Gathering) -> Any:
    if name == "desk-list":
        return client.get(reverse("gatherings:desk-list", kwargs={"place": "altdorf"}))
    with open_place(gathering.place):
        pks = {"desk-create": gathering.process_id, **dict.fromkeys(TABLE_PAGES, gathering.tables.get(number=1).pk)}
    url = desk_url(name, pks.get(name, gathering.pk))
    return client.post(url) if name in POST_ONLY else client.get(url)


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_desk_page_without_sign_in_leads_to_the_door(client: Client, draft: Gathering, name: str) -> None:
    answer = knock(client, name, draft)
    assert answer.status_code == 302
    assert "/konto/" in answer["Location"]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_desk_page_of_another_town_does_not_exist(sign_in: Any, nils: User, draft: Gathering, name: str) -> None:
    assert knock(sign_in(nils), name, draft).status_code == 404


@pytest.mark.parametrize("name", [name for name in EVERY_PAGE if name not in {"desk-list", "desk-show"}])
def test_observer_changes_and_prints_nothing(sign_in: Any, kim: User, draft: Gathering, name: str) -> None:
    assert knock(sign_in(kim), name, draft).status_code == 404


def test_observer_sees_the_event_without_secrets_and_buttons(sign_in: Any, kim: User, draft: Gathering) -> None:
    answer = knock(sign_in(kim), "desk-show", draft)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    with open_place(draft.place):
        assert draft.tables.get(number=1).host_key not in answer.content.decode()


def test_event_of_another_town_does_not_exist_under_the_own_address(
    at_desk: Client, dialogue: Process, neustadt: Place
) -> None:
    with open_place(neustadt):
        foreign = make_gathering(Process.objects.select_related("place").get())
        table = foreign.tables.get(number=1)
        process = foreign.process
    assert at_desk.get(desk_url("desk-show", foreign.pk)).status_code == 404
    assert at_desk.get(desk_url("desk-host-cards", foreign.pk)).status_code == 404
    assert at_desk.get(desk_url("desk-table-qr", table.pk)).status_code == 404
    assert at_desk.get(desk_url("desk-create", process.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_the_towns_events_in_a_fixed_number_of_queries(
    at_desk: Client, dialogue: Process, neustadt: Place, count: int, django_assert_num_queries: Any
) -> None:
    with open_place(neustadt):
        make_gathering(Process.objects.select_related("place").get(), title="Neustadt-Geheimnis")
    for number in range(count):
        make_gathering(dialogue, title=f"Abend {number}", slug=f"abend-{number}")
    with django_assert_num_queries(7):
        answer = at_desk.get(reverse("gatherings:desk-list", kwargs={"place": "altdorf"}))
    assert "Abend 0" in answer.content.decode()
    assert "Neustadt-Geheimnis" not in answer.content.decode()


def test_list_without_events_says_how_to_begin(at_desk: Client, dialogue: Process) -> None:
    url = reverse("gatherings:desk-list", kwargs={"place": "altdorf"})
    assert desk_url("desk-create", dialogue.pk) in at_desk.get(url).content.decode()


def test_list_without_dialogue_leads_to_the_dialogues(at_desk: Client) -> None:
    url = reverse("gatherings:desk-list", kwargs={"place": "altdorf"})
    assert reverse("process:desk-list", kwargs={"place": "altdorf"}) in at_desk.get(url).content.decode()


def test_create_asks_for_the_format_then_prefills_everything(at_desk: Client, dialogue: Process) -> None:
    url = desk_url("desk-create", dialogue.pk)
    choice = at_desk.get(url)
    assert choice.content.decode().count("?format=") == 16
    form = at_desk.get(url, {"format": "theme_tables"}).content.decode()
    assert 'value="Was läuft gut?"' in form
    assert form.count("-theme") >= 5


def test_create_stores_tables_and_rounds_from_one_page(at_desk: Client, dialogue: Process) -> None:
    answer = at_desk.post(desk_url("desk-create", dialogue.pk) + "?format=theme_tables", sheet_data())
    assert answer.status_code == 302
    with open_place(dialogue.place):
        gathering = Gathering.objects.get()
        assert answer["Location"] == desk_url("desk-show", gathering.pk)
        assert timezone.localtime(gathering.starts_at).strftime("%Y-%m-%d %H:%M") == "2027-03-12 18:00"
        assert timezone.localtime(gathering.ends_at).strftime("%H:%M") == "21:00"
        assert [(str(t.theme), t.host_name) for t in gathering.tables.all()] == [("Wohnen", "Tessa"), ("Arbeit", "")]
        assert [r.duration_minutes for r in gathering.rounds.all()] == [35, 40]
        assert (gathering.languages, gathering.expected_guests) == (["de", "ar"], 80)


def test_more_rows_are_added_without_losing_a_word(at_desk: Client, dialogue: Process) -> None:
    url = desk_url("desk-create", dialogue.pk) + "?format=theme_tables"
    answer = at_desk.post(url, sheet_data(title="", more_tables="1"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="tables-TOTAL_FORMS" value="6"' in html
    assert 'value="Wohnen"' in html
    assert 'value="Was braucht es?"' in html
    assert 'class="kern-alert kern-alert--danger error-summary' not in html
    more_rounds = at_desk.post(url, sheet_data(more_rounds="1")).content.decode()
    assert 'name="rounds-TOTAL_FORMS" value="5"' in more_rounds
    with open_place(dialogue.place):
        assert Gathering.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"day": "bald"}, {"ends": "17:00"}, {"rounds-1-minutes": ""}, {"rounds-1-minutes": "0"}],
)
def test_create_with_a_mistake_keeps_what_was_typed(at_desk: Client, dialogue: Process, changes: dict) -> None:
    answer = at_desk.post(desk_url("desk-create", dialogue.pk) + "?format=theme_tables", sheet_data(**changes))
    assert answer.status_code == 422
    assert 'value="Wohnen"' in answer.content.decode()
    assert "kern-error" in answer.content.decode() or "error-summary" in answer.content.decode()


def test_create_for_a_finished_dialogue_leads_back(at_desk: Client, dialogue: Process) -> None:
    with open_place(dialogue.place):
        Process.objects.filter(pk=dialogue.pk).update(state=ProcessState.CLOSED)
    assert at_desk.get(desk_url("desk-create", dialogue.pk)).status_code == 302


def test_edit_shows_and_stores_the_event(at_desk: Client, draft: Gathering) -> None:
    html = at_desk.get(desk_url("desk-edit", draft.pk)).content.decode()
    assert 'value="Auftakt"' in html
    assert 'value="Wohnen"' in html
    answer = at_desk.post(desk_url("desk-edit", draft.pk), sheet_of(draft, **{"title": "Neu", "tables-1-theme": ""}))
    assert answer.status_code == 302
    gathering = stored(draft)
    with open_place(gathering.place):
        assert str(gathering.title) == "Neu"
        assert [t.number for t in gathering.tables.all()] == [1]


def test_edit_that_is_refused_says_why(at_desk: Client, dialogue: Process) -> None:
    running = make_gathering(dialogue)
    answer = at_desk.post(desk_url("desk-edit", running.pk), sheet_of(running, venue=""))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert stored(running).venue == "Stadthalle"


def test_publish_then_run_the_evening(at_desk: Client, draft: Gathering) -> None:
    assert at_desk.get(desk_url("desk-publish", draft.pk)).status_code == 200
    assert at_desk.post(desk_url("desk-publish", draft.pk)).status_code == 302
    assert stored(draft).state == GatheringState.PUBLISHED
    at_desk.post(desk_url("desk-start", draft.pk))
    at_desk.post(desk_url("desk-round", draft.pk))
    at_desk.post(desk_url("desk-round", draft.pk))
    gathering = stored(draft)
    assert gathering.current_round.number == 2
    page = at_desk.get(desk_url("desk-show", draft.pk))
    assert page.context["next_round"] is None
    with open_place(draft.place):
        first = gathering.rounds.get(number=1)
    at_desk.post(desk_url("desk-round", draft.pk), {"round": first.pk})
    assert stored(draft).current_round.number == 1
    assert at_desk.get(desk_url("desk-close", draft.pk)).status_code == 200
    at_desk.post(desk_url("desk-close", draft.pk), {"reason": ""})
    assert stored(draft).state == GatheringState.CLOSED
    at_desk.post(desk_url("desk-count", draft.pk), {"counted_guests": "148"})
    assert stored(draft).counted_guests == 148
    at_desk.post(desk_url("desk-reopen", draft.pk))
    assert stored(draft).state == GatheringState.RUNNING


@pytest.mark.parametrize("round", ["0", "x", "999999"])
def test_unknown_round_is_not_found(at_desk: Client, dialogue: Process, round: str) -> None:
    running = make_gathering(dialogue)
    assert at_desk.post(desk_url("desk-round", running.pk), {"round": round}).status_code == 404


def test_publish_before_the_waiting_time_says_from_when(at_desk: Client, draft: Gathering) -> None:
    with open_place(draft.place):
        Process.objects.filter(pk=draft.process_id).update(
            intention_published_on=timezone.localdate() - timedelta(days=3)
        )
    assert at_desk.get(desk_url("desk-publish", draft.pk)).context["missing"]
    answer = at_desk.post(desk_url("desk-publish", draft.pk))
    assert answer.status_code == 422
    assert len(answer.context["refused"]) == 1
    assert stored(draft).state == GatheringState.DRAFT


def test_button_that_comes_too_early_explains_itself(at_desk: Client, draft: Gathering) -> None:
    for name in ("desk-start", "desk-round", "desk-reopen"):
        answer = at_desk.post(desk_url(name, draft.pk), follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    answer = at_desk.post(desk_url("desk-count", draft.pk), {"counted_guests": "-1"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert stored(draft).state == GatheringState.DRAFT


def test_print_page_shows_codes_and_links(at_desk: Client, draft: Gathering) -> None:
    html = at_desk.get(desk_url("desk-print", draft.pk)).content.decode()
    with open_place(draft.place):
        for table in draft.tables.all():
            assert f"https://ortsdialog.test/t/{table.code}/" in html
            assert f"/t/{table.code}/gastgeber/{table.host_key}/" in html


@pytest.mark.parametrize("name", ["desk-table-signs", "desk-host-cards"])
def test_papers_are_private_pdfs(at_desk: Client, draft: Gathering, name: str) -> None:
    answer = at_desk.get(desk_url(name, draft.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]


def test_qr_code_is_a_picture(at_desk: Client, draft: Gathering) -> None:
    answer = knock(at_desk, "desk-table-qr", draft)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_renewed_card_leads_back_to_the_papers(at_desk: Client, draft: Gathering) -> None:
    with open_place(draft.place):
        before = draft.tables.get(number=1).host_key
    assert knock(at_desk, "desk-renew-host-key", draft)["Location"] == desk_url("desk-print", draft.pk)
    with open_place(draft.place):
        assert draft.tables.get(number=1).host_key != before
