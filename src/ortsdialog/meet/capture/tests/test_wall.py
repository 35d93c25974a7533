from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import ValidationError
from django.test import AsyncClient, Client
from django.utils import timezone

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.live.hub import hub
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import create_wall
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.tests.pages import markup, text_of
from ortsdialog.meet.contributions.actions import add_version, approve_statement, hold_statement, return_to_queue
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Round

pytestmark = pytest.mark.django_db


def address(wall):
    return f"/wand/{wall.code}/"


def change(gathering, **fields):
    with open_place(gathering.place_id):
        Gathering.objects.filter(pk=gathering.pk).update(**fields)


def test_wall_shows_question_and_approved_statements_only(wall, table, second_table, other_table):
    make_statement(table, "Steht an der Wand")
    make_statement(second_table, "Auch vom Nebentisch")
    make_statement(table, "Wartet noch", state=ModerationState.PENDING)
    make_statement(table, "Zurückgehalten", state=ModerationState.HELD)
    make_statement(other_table, "Neustadt-Geheimnis")
    client = Client()
    for path in (address(wall), f"{address(wall)}karten/"):
        words = text_of(client.get(path, headers={"accept-language": "de"}))
        assert "Was läuft gut?" in words
        assert "Steht an der Wand" in words
        assert "Auch vom Nebentisch" in words
        for secret in ("Wartet noch", "Zurückgehalten", "Geheimnis"):
            assert secret not in words


def test_fragment_is_the_page_s_own_part(wall, table, time_machine):
    for text in ("Eins", "Zwei & Drei"):
        make_statement(table, text)
    client = Client()
    time_machine.move_to(timezone.now(), tick=False)  # Each picture names its moment; the rest must be the same.
    for query in ("", "?zweite=ar", "?sprache=ar"):
        fragment = client.get(f"{address(wall)}karten/{query}").content.decode()
        assert fragment.strip()
        assert fragment in client.get(f"{address(wall)}{query}").content.decode()


def test_the_hall_does_not_learn_the_ids_of_statements(wall, table):
    statement = make_statement(table, "Steht an der Wand")
    page = Client().get(address(wall)).content.decode()
    assert "Steht an der Wand" in page
    assert str(statement.pk) not in page


def test_moderation_moves_cards_on_and_off(wall, table, tessa):
    statement = make_statement(table, "Wandert", state=ModerationState.PENDING)
    client = Client()

    def shown():
        return "Wandert" in client.get(f"{address(wall)}karten/").content.decode()

    seen = [shown()]
    for act in (
        lambda: approve_statement(actor=tessa, statement=statement),
        lambda: hold_statement(actor=tessa, statement=statement, why="names"),
        lambda: approve_statement(actor=tessa, statement=statement),
        lambda: return_to_queue(actor=tessa, statement=statement),
    ):
        with open_place(table.place_id):
            act()
        seen.append(shown())
    assert seen == [False, True, False, True, False]


def test_newest_approval_is_first_and_the_running_round_before_others(wall, table):
    now = timezone.now()
    with open_place(table.place_id):
        second = Round.objects.select_related("question").get(gathering=table.gathering, number=2)
    make_statement(table, "Karte-A", moderated_at=now - timedelta(minutes=3))
    make_statement(table, "Karte-B", moderated_at=now - timedelta(minutes=1))
    make_statement(table, "Karte-C", moderated_at=now, round=second, question=second.question)
    body = Client().get(f"{address(wall)}karten/").content.decode()
    assert sorted(("Karte-A", "Karte-B", "Karte-C"), key=body.index) == ["Karte-B", "Karte-A", "Karte-C"]


def test_two_languages_stand_side_by_side(wall, table):
    text = MultilingualText.written("Es fehlen Wohnungen.").with_version("ar", "لا توجد شقق.", State.CHECKED)
    with open_place(table.place_id):
        statement = make_statement(table)
        statement.text = text
        statement.save()
    client = Client(headers={"accept-language": "de"})
    assert "شقق" not in client.get(address(wall)).content.decode()
    both = markup(client.get(f"{address(wall)}?zweite=ar"))
    assert 'lang="ar" dir="rtl"' in both
    assert "شقق" in both
    assert "Es fehlen Wohnungen." in both
    with open_place(wall.place_id):
        Wall.objects.update(second_language="ar")
    assert "شقق" in client.get(address(wall)).content.decode()
    assert client.get(f"{address(wall)}?zweite=xx").status_code == 200


@pytest.mark.parametrize("state", [GatheringState.PUBLISHED, GatheringState.CLOSED])
def test_before_and_after_no_cards_are_shown(wall, table, state):
    make_statement(table, "Steht an der Wand")
    change(table.gathering, state=state)
    assert "Steht an der Wand" not in Client().get(address(wall)).content.decode()


def test_the_clock_says_how_long(wall, table):
    with open_place(table.place_id):
        Round.objects.filter(pk=table.gathering.current_round_id).update(
            started_at=timezone.now() - timedelta(minutes=27, seconds=1), duration_minutes=35
        )
    assert "noch 8 Minuten" in text_of(Client(headers={"accept-language": "de"}).get(address(wall)))


def test_qr_leads_to_the_tables_of_this_event(wall, table, second_table, other_table):
    client = Client()
    page = client.get(address(wall)).content.decode()
    assert "<svg" in page
    assert f'href="https://ortsdialog.test/wand/{wall.code}/tische/"' in page
    choice = client.get(f"{address(wall)}tische/").content.decode()
    assert f"/t/{table.code}/" in choice
    assert f"/t/{second_table.code}/" in choice
    assert other_table.code not in choice


def test_qr_of_an_event_with_one_table_leads_straight_to_it(other_table):
    with open_place(other_table.place_id):
        wall = Wall.objects.create(
            place_id=other_table.place_id, gathering=other_table.gathering, number=1, code="QRTWXY3467"
        )
    assert f"/t/{other_table.code}" in Client().get(address(wall)).content.decode()


def test_unknown_walls_are_not_found(wall):
    client = Client()
    for path in ("/wand/FALSCH/", "/wand/FALSCH/karten/", "/wand/FALSCH/tische/"):
        assert client.get(path).status_code == 404
    assert client.get(f"/wand/{wall.code.lower()}/").status_code == 200


def test_without_scripts_the_page_reloads_itself(wall):
    page = markup(Client().get(address(wall)))
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="10">', page)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(wall, table, number, django_assert_num_queries):
    for n in range(number):
        make_statement(table, f"Karte {n}")
    client = Client()
    client.get(address(wall))
    with django_assert_num_queries(4):
        client.get(address(wall))
    with django_assert_num_queries(3):
        client.get(f"{address(wall)}karten/")


@pytest.mark.django_db(transaction=True)
def test_the_stream_wakes_the_wall_after_an_approval(wall, table, tessa):
    statement = make_statement(table, state=ModerationState.PENDING)

    def approve():
        with open_place(table.place_id):
            approve_statement(actor=tessa, statement=statement)

    async def watch():
        answer = await AsyncClient().get(f"{address(wall)}strom/")
        assert answer.headers["Content-Type"] == "text/event-stream"
        stream = answer.streaming_content
        try:
            heard = [await anext(stream)]
            await sync_to_async(approve)()
            heard.append(await asyncio.wait_for(anext(stream), 5))
        finally:
            await stream.aclose()
            if hub.task is not None:
                hub.task.cancel()
        return heard

    first, second = async_to_sync(watch)()
    assert first == b"retry: 1000\n\n"
    # Whoever sends a statement's id gets its receipt: the hall never hears it.
    assert f"event: statement\ndata: {statement.handle}\n" in second.decode()


def test_staff_set_up_walls_and_others_may_not(in_altdorf, as_alma, as_kim, as_nils, tessa, evening):
    walls = [create_wall(actor=as_alma, gathering=evening, second_language=code) for code in ("", "ar")]
    assert [(w.number, w.second_language) for w in walls] == [(1, ""), (2, "ar")]
    assert walls[0].code != walls[1].code
    for actor in (as_kim, as_nils, tessa):
        with pytest.raises(NotAllowed):
            create_wall(actor=actor, gathering=evening)
    assert Wall.objects.count() == 2


def test_desk_lists_walls_and_sets_one_up(sign_in, alma, evening, other_evening):
    client = sign_in(alma)
    page = client.get("/schreibtisch/altdorf/waende/")
    assert "Auftakt" in text_of(page)
    assert "Geheimnis" not in text_of(page)
    answer = client.post("/schreibtisch/altdorf/waende/", {"gathering": evening.pk, "second_language": "ar"})
    assert answer.status_code == 302
    with open_place(evening.place_id):
        wall = Wall.objects.get()
    page = client.get("/schreibtisch/altdorf/waende/").content.decode()
    assert f"https://ortsdialog.test/wand/{wall.code}/" in page
    foreign = client.post("/schreibtisch/altdorf/waende/", {"gathering": other_evening.pk, "second_language": ""})
    assert foreign.status_code == 404
    bad = client.post("/schreibtisch/altdorf/waende/", {"gathering": evening.pk, "second_language": "xx"})
    assert bad.status_code == 422


def test_a_finished_event_keeps_its_walls_and_gets_no_more(sign_in, alma, as_alma, evening):
    client = sign_in(alma)
    with open_place(evening.place_id):
        wall = create_wall(actor=as_alma, gathering=evening)
    change(evening, state=GatheringState.CLOSED)
    page = client.get("/schreibtisch/altdorf/waende/").content.decode()
    assert wall.get_absolute_url() in page
    assert "second_language" not in page
    refused = client.post("/schreibtisch/altdorf/waende/", {"gathering": evening.pk, "second_language": ""})
    assert refused.status_code == 422
    with open_place(evening.place_id):
        evening.refresh_from_db()
        with pytest.raises(ValidationError):
            create_wall(actor=as_alma, gathering=evening)
        Wall.objects.all().delete()
    assert "Auftakt" not in text_of(client.get("/schreibtisch/altdorf/waende/"))


def test_a_translation_stands_beside_the_words_on_a_wall_with_two_languages(wall, table, tessa):
    statement = make_statement(table, "لا توجد شقق.", language="ar")
    with open_place(table.place_id):
        Wall.objects.update(second_language="ar")
        add_version(actor=tessa, statement=statement, language="de", text="Es fehlen Wohnungen.", state=State.CHECKED)
    page = Client(headers={"accept-language": "de"}).get(address(wall)).content.decode()
    assert "لا توجد شقق." in page
    assert "Es fehlen Wohnungen." in page


def test_desk_of_walls_is_closed_to_others(sign_in, kim, nils, client, evening):
    assert client.get("/schreibtisch/altdorf/waende/").status_code == 302
    for person in (kim, nils):
        assert sign_in(person).get("/schreibtisch/altdorf/waende/").status_code == 404
