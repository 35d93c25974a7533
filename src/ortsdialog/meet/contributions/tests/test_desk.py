from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.tests.factories import make_user
from ortsdialog.kernel.language import SPOKEN_LANGUAGES, State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.kernel.ui.templatetags.ortsdialog_ui import people_datetime, people_time
from ortsdialog.meet.contributions.choices import Kind, ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.templatetags.contributions import SAID_IN, said_in, when_received
from ortsdialog.meet.contributions.tests.factories import make_cluster, make_statement
from ortsdialog.meet.gatherings.tests.factories import make_gathering

pytestmark = pytest.mark.django_db

LIST = "/schreibtisch/altdorf/beitraege/"
QUEUE = f"{LIST}freigeben/"
SORT = "/schreibtisch/altdorf/dialoge/dialog/ordnen/"
CLUSTERS = "/schreibtisch/altdorf/dialoge/dialog/cluster/"


@pytest.fixture
def desk(sign_in, alma):
    return sign_in(alma)


def reload(statement):
    with open_place(statement.place_id):
        return Statement.objects.select_related("cluster").get(pk=statement.pk)


def shown(answer):
    return set(re.findall(r"Karte-\w+", answer.content.decode()))


# ---- Doors --------------------------------------------------------------------------------------


@pytest.fixture
def paths(table, dialogue):
    statement = make_statement(table)
    make_cluster(dialogue)
    return [LIST, QUEUE, f"{LIST}{statement.handle}/", SORT, CLUSTERS, f"{CLUSTERS}1/"]


def test_staff_open_every_page(desk, paths):
    assert [desk.get(path).status_code for path in paths] == [200] * len(paths)


def test_other_towns_staff_find_nothing(sign_in, nils, paths):
    client = sign_in(nils)
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)


def test_anonymous_people_are_asked_to_sign_in(client, paths):
    assert [client.get(path).status_code for path in paths] == [302] * len(paths)


def test_observers_read_but_neither_approve_nor_sort(sign_in, kim, paths, dialogue):
    client = sign_in(kim)
    assert [client.get(path).status_code for path in paths] == [200, 404, 200, 404, 200, 200]
    assert client.post(CLUSTERS, {"title": "Neu"}).status_code == 404
    assert client.post(f"{CLUSTERS}1/", {"title": "Neu"}).status_code == 404
    with open_place(dialogue.place_id):
        assert str(Cluster.objects.get().title) == "Wohnraum"


def test_a_foreign_statement_does_not_exist_here(desk, other_table):
    statement = make_statement(other_table, state=ModerationState.PENDING)
    assert desk.get(f"{LIST}{statement.handle}/").status_code == 404
    assert desk.post(f"{LIST}{statement.handle}/entscheiden/", {"decision": "approve"}).status_code == 404
    assert reload(statement).state == ModerationState.PENDING


# ---- The list -----------------------------------------------------------------------------------


@pytest.fixture
def cards(table, second_table, other_table, dialogue):
    cluster = make_cluster(dialogue, number=7)
    make_statement(other_table, "Karte-Fremd")
    return {
        "A": make_statement(table, "Karte-A Wohnen", kind=Kind.PROBLEM),
        "B": make_statement(second_table, "Karte-B Bus", state=ModerationState.PENDING),
        "C": make_statement(table, "Karte-C Größe", state=ModerationState.HELD),
        "D": make_statement(table, "Karte-D", cluster=cluster, round=None, question=None),
        "E": make_statement(table, "Karte-E", language="ar"),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "ABCDE"),
        ({"stand": "pending"}, "B"),
        ({"stand": "held"}, "C"),
        ({"art": "problem"}, "A"),
        ({"cluster": "7"}, "D"),
        ({"cluster": "ohne"}, "ABCE"),
        ({"rede": "ar"}, "E"),
        ({"suche": "bus"}, "B"),
        ({"suche": "größe"}, "C"),
        ({"suche": "Fremd"}, ""),
        ({"dialog": "dialog"}, "ABCDE"),
        ({"dialog": "unbekannt"}, ""),
        ({"stand": "approved", "art": "unsorted"}, "DE"),
        ({"tisch": "quatsch"}, ""),
        ({"tisch": "9" * 40}, ""),
        ({"cluster": "²"}, ""),
        ({"stand": "erfunden"}, ""),
        ({"seite": "99"}, "ABCDE"),
    ],
)
def test_the_address_narrows_the_list(desk, cards, query, expected):
    assert shown(desk.get(LIST, query)) == {f"Karte-{letter}" for letter in expected}


def test_list_narrows_by_table_round_event_and_receipt(desk, cards, table, second_table):
    def letters(**query):
        return {name[-1] for name in shown(desk.get(LIST, query))}

    assert letters(tisch=second_table.pk) == {"B"}
    assert letters(runde=table.gathering.current_round_id) == set("ABCE")
    assert letters(veranstaltung=table.gathering_id) == set("ABCDE")
    assert letters(suche=cards["A"].receipt_code.lower()) == {"A"}


def test_list_is_cut_into_pages(desk, table):
    for number in range(51):
        make_statement(table, f"Karte-{number:02}")
    assert len(shown(desk.get(LIST))) == 50
    assert len(shown(desk.get(LIST, {"seite": "2"}))) == 1


def test_list_of_a_town_without_statements_says_so(desk, evening):
    assert desk.get(LIST).status_code == 200


# ---- Approving ----------------------------------------------------------------------------------


def test_queue_shows_the_oldest_first_and_decides(desk, table):
    first = make_statement(table, "Karte-1", state=ModerationState.PENDING)
    make_statement(table, "Karte-2", state=ModerationState.PENDING)
    assert shown(desk.get(QUEUE)) == {"Karte-1"}
    answer = desk.post(f"{LIST}{first.handle}/entscheiden/", {"decision": "approve", "based_on": "1", "next": QUEUE})
    assert (answer.status_code, answer.headers["Location"]) == (302, QUEUE)
    assert reload(first).state == ModerationState.APPROVED
    answer = desk.post(f"{LIST}{first.handle}/entscheiden/", {"decision": "return", "next": "https://boese.example/"})
    assert answer.headers["Location"] == QUEUE
    assert reload(first).state == ModerationState.PENDING


def test_holding_back_needs_a_reason(desk, table):
    statement = make_statement(table, "Karte-1", state=ModerationState.PENDING)
    path = f"{LIST}{statement.handle}/entscheiden/"
    refused = desk.post(path, {"decision": "hold", "why": "other", "note": "Merke-ich-mir"})
    assert refused.status_code == 422
    # What was typed is still there.
    assert "Merke-ich-mir" in refused.content.decode()
    assert desk.post(path, {"decision": "hold", "why": "twice", "note": "doppelt"}).status_code == 302
    assert (reload(statement).state, reload(statement).state_reason) == (ModerationState.HELD, "doppelt")
    assert "doppelt" in desk.get(f"{LIST}{statement.handle}/").content.decode()


def test_coming_back_to_a_deed_with_get_leads_to_its_page(desk, table):
    statement = make_statement(table, "Karte-1", state=ModerationState.PENDING)
    there = desk.get(f"{LIST}{statement.handle}/entscheiden/")
    assert (there.status_code, there.headers["Location"]) == (302, f"{LIST}{statement.handle}/")
    assert desk.get(f"{SORT}zuruecknehmen/").headers["Location"] == SORT
    assert reload(statement).state == ModerationState.PENDING


def test_a_translation_is_written_down_beside_the_words(desk, table):
    statement = make_statement(table, "لا توجد شقق.", language="ar", state=ModerationState.PENDING)
    queue = f"{QUEUE}?fenster=fenster01"
    page = desk.get(queue, headers={"accept-language": "de"}).content.decode()
    assert str(said_in("ar")) in page
    fields = {"decision": "translate", "language": "de", "text": "Es gibt keine Wohnungen.", "next": QUEUE}
    assert desk.post(f"{LIST}{statement.handle}/entscheiden/", fields).headers["Location"] == QUEUE
    text = reload(statement).text
    assert (text.original, text.in_language("de").text, text.state_of("de")) == (
        "ar",
        "Es gibt keine Wohnungen.",
        State.CHECKED,
    )
    for path in (queue, f"{LIST}{statement.handle}/"):
        page = desk.get(path, headers={"accept-language": "de"}).content.decode()
        assert page.index("لا توجد شقق.") < page.index("Es gibt keine Wohnungen.")


def test_a_machine_translation_can_be_checked_where_it_stands(desk, table):
    statement = make_statement(table, "لا", language="ar", state=ModerationState.PENDING)
    with open_place(table.place_id):
        statement.text = statement.text.with_version("de", "Nicht.", State.MACHINE)
        statement.save()
    assert ">Nicht.</textarea>" in desk.get(QUEUE, headers={"accept-language": "de"}).content.decode()


def test_an_unfit_translation_comes_back_with_the_words(desk, table):
    statement = make_statement(table, "Karte-1", state=ModerationState.PENDING)
    fields = {"decision": "translate", "language": "de", "text": "Bleibt."}
    answer = desk.post(f"{LIST}{statement.handle}/entscheiden/", fields)
    assert answer.status_code == 422
    assert ">Bleibt.</textarea>" in answer.content.decode()
    assert reload(statement).text == statement.text


def test_observers_write_no_translation(sign_in, kim, table):
    statement = make_statement(table, "لا", language="ar")
    fields = {"decision": "translate", "language": "de", "text": "Nein."}
    assert sign_in(kim).post(f"{LIST}{statement.handle}/entscheiden/", fields).status_code == 404
    assert reload(statement).text == statement.text


def test_the_desk_prints_no_receipt_code(desk, paths, table, dialogue):
    with open_place(table.place_id):
        statement = Statement.objects.get()
        Statement.objects.update(cluster=Cluster.objects.get(), moderated_at=statement.received_at)
    make_statement(table, state=ModerationState.PENDING)
    with open_place(table.place_id):
        codes = list(Statement.objects.values_list("receipt_code", flat=True))
    for path in (*paths, f"{SORT}?cluster=alle"):
        body = desk.get(path).content.decode()
        assert [code for code in codes if code in body] == []


def test_the_queue_names_the_events_where_there_are_several(desk, table, dialogue):
    make_statement(table, "Karte-heute", state=ModerationState.PENDING)
    window = {"fenster": "fenster01"}
    assert "Erster Abend" not in desk.get(QUEUE, window).content.decode()
    closed = make_gathering(dialogue, tables=1, rounds=1, slug="erster", title="Erster Abend", state="closed")
    with open_place(closed.place_id):
        old_table = closed.tables.select_related("gathering__current_round__question").get()
    before = timezone.now() - timedelta(days=60)
    make_statement(old_table, "Karte-alt", state=ModerationState.PENDING, received_at=before)
    body = desk.get(QUEUE, window).content.decode()
    # People wait at the tables of the running event: it comes first.
    assert shown(desk.get(QUEUE, window)) == {"Karte-heute"}
    assert "Erster Abend" in body
    assert shown(desk.get(QUEUE, {"veranstaltung": closed.pk, "fenster": "fenster02"})) == {"Karte-alt"}


def test_only_another_day_is_named():
    now = timezone.now()
    assert when_received(now) == people_time(now)
    assert when_received(now - timedelta(days=2)) == people_datetime(now - timedelta(days=2))


def test_every_spoken_language_has_its_phrase():
    assert set(SAID_IN) == set(SPOKEN_LANGUAGES)


def test_note_takers_approve_but_do_not_sort(sign_in, altdorf, paths):
    client = sign_in(make_user("tom@altdorf.example", "Tom", Role.NOTE_TAKER, place=altdorf))
    assert client.get(QUEUE).status_code == 200
    assert client.get(SORT).status_code == 404


# ---- Sorting ------------------------------------------------------------------------------------


def test_sorting_shows_what_is_in_no_cluster(desk, cards):
    assert shown(desk.get(SORT)) == {"Karte-A", "Karte-E"}
    assert shown(desk.get(SORT, {"cluster": "7"})) == {"Karte-D"}
    assert shown(desk.get(SORT, {"cluster": "alle"})) == {"Karte-A", "Karte-D", "Karte-E"}


def test_ticked_statements_go_into_a_new_cluster_and_kinds_are_saved(desk, cards):
    a, e = cards["A"], cards["E"]
    answer = desk.post(
        SORT,
        {
            "shown": [a.pk, e.pk],
            "statement": [a.pk, e.pk],
            f"kind-{a.pk}": "idea",
            f"kind-{e.pk}": "unsorted",
            f"cluster-{a.pk}": "",
            f"cluster-{e.pk}": "",
            "new_title": "Neues Thema",
        },
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, SORT)
    assert (reload(a).kind, reload(e).kind) == (Kind.IDEA, Kind.UNSORTED)
    assert {str(reload(s).cluster.title) for s in (a, e)} == {"Neues Thema"}
    assert reload(a).cluster.number == 8
    undone = desk.post(f"{SORT}zuruecknehmen/")
    assert undone.status_code == 302
    assert (reload(a).kind, reload(a).cluster, reload(e).cluster) == (Kind.PROBLEM, None, None)
    assert desk.post(f"{SORT}zuruecknehmen/").status_code == 302
    assert reload(a).kind == Kind.PROBLEM


def test_single_rows_and_ticked_rows_go_into_existing_clusters(desk, cards, dialogue):
    make_cluster(dialogue, "Bus", number=8)
    a, d, e = cards["A"], cards["D"], cards["E"]
    desk.post(
        SORT,
        {"shown": [a.pk, d.pk, e.pk], f"cluster-{a.pk}": "8", f"cluster-{d.pk}": "", "statement": [e.pk], "into": "7"},
    )
    assert (reload(a).cluster.number, reload(d).cluster, reload(e).cluster.number) == (8, None, 7)


@pytest.mark.parametrize(
    "fields",
    [
        {"statement": "A"},
        {"into": "7"},
        {"new_title": "Neu"},
        {"statement": "A", "into": "7", "new_title": "Neu"},
        {"statement": "A", "into": "99"},
    ],
)
def test_half_an_order_changes_nothing_and_says_why(desk, cards, fields):
    if "statement" in fields:
        fields = {**fields, "statement": cards["A"].pk}
    answer = desk.post(SORT, {"shown": [cards["A"].pk], f"kind-{cards['A'].pk}": "idea", **fields})
    assert answer.status_code == 422
    assert (reload(cards["A"]).kind, reload(cards["A"]).cluster) == (Kind.PROBLEM, None)


def test_foreign_and_broken_ids_are_passed_over(desk, cards, other_table):
    foreign = make_statement(other_table)
    answer = desk.post(SORT, {"shown": [foreign.pk, "quatsch"], f"kind-{foreign.pk}": "idea"})
    assert answer.status_code == 302
    assert reload(foreign).kind == Kind.UNSORTED


def test_clusters_are_made_and_edited(desk, dialogue):
    assert desk.post(CLUSTERS, {"title": "Wohnen", "summary": "Worum es geht"}).status_code == 302
    assert desk.post(CLUSTERS, {"title": " "}).status_code == 422
    assert desk.post(f"{CLUSTERS}1/", {"title": "Wohnraum", "summary": ""}).status_code == 302
    assert desk.post(f"{CLUSTERS}1/", {"title": ""}).status_code == 422
    assert "Wohnraum" in desk.get(f"{CLUSTERS}1/").content.decode()
    assert desk.get(f"{CLUSTERS}2/").status_code == 404


# ---- Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"), [("list", 13), ("queue", 15), ("sort", 9), ("clusters", 8), ("cluster", 9)]
)
def test_queries_do_not_grow(desk, dialogue, table, number, page, queries, django_assert_num_queries):
    for n in range(1, number + 1):
        cluster = make_cluster(dialogue, f"Thema {n}", number=n)
        make_statement(table, f"Karte-{n}", cluster=cluster)
        make_statement(table, f"Karte-1{n}")
        make_statement(table, f"Karte-2{n}", state=ModerationState.PENDING)
    path = {
        "list": LIST,
        "queue": f"{QUEUE}?fenster=fenster01",
        "sort": SORT,
        "clusters": CLUSTERS,
        "cluster": f"{CLUSTERS}1/",
    }[page]
    desk.get(path)
    with django_assert_num_queries(queries):
        desk.get(path)


def test_those_who_only_look_see_what_everybody_sees(client, sign_in, kim, table, in_altdorf):
    public = make_statement(table, text="Karte-offen", state=ModerationState.APPROVED)
    for state, text in ((ModerationState.PENDING, "Karte-wartet"), (ModerationState.HELD, "Karte-gehalten")):
        hidden = make_statement(table, text=text, state=state)
        assert sign_in(kim).get(f"{LIST}{hidden.handle}/").status_code == 404
    assert shown(client.get(LIST)) == {"Karte-offen"}
    assert shown(client.get(f"{LIST}?stand=held")) == set()
    assert client.get(f"{LIST}{public.handle}/").status_code == 200
