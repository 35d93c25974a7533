from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test import Client

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.tests.pages import form_of, text_of
from ortsdialog.meet.capture.web.cookies import DEVICE, RECEIPTS, RECEIPTS_AT_MOST, device_key, device_mark_of
from ortsdialog.meet.contributions.actions import approve_statement, hold_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Round

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


def address(table):
    return f"/t/{table.code}/"


def hand_in(phone, table, text="Es fehlen Wohnungen.", **more):
    fields = form_of(phone.get(address(table), headers={"accept-language": "de"}), address(table))
    extra = {key: more.pop(key) for key in list(more) if key.startswith("HTTP_")}
    return phone.post(address(table), {**fields, "text": text, "language": "de", **more}, **extra)


def stored(table):
    with open_place(table.place_id):
        return list(Statement.objects.order_by("received_at"))


def change(gathering, **fields):
    with open_place(gathering.place_id):
        Gathering.objects.filter(pk=gathering.pk).update(**fields)


def test_code_page_leads_to_the_table_however_it_is_typed(phone, table):
    typed = f" {table.code[:3].lower()} {table.code[3:]} "
    assert phone.get("/t/", {"code": typed}).headers["Location"] == address(table)
    assert phone.get(f"/t/{table.code.lower()}/").headers["Location"] == address(table)


def test_code_page_says_that_a_code_is_unknown(phone, table):
    assert phone.get("/t/").status_code == 200
    for answer in (phone.get("/t/", {"code": "FALSCH"}), phone.get("/t/FALSCH/")):
        assert answer.status_code == 404
        assert "FALSCH" in text_of(answer)


def test_table_shows_place_theme_round_and_question(phone, table):
    words = text_of(phone.get(address(table)))
    for expected in ("Altdorf", "Wohnen", "Was läuft gut?"):
        assert expected in words
    assert "Neustadt" not in words


def test_table_of_an_unannounced_event_is_unknown(phone, table):
    change(table.gathering, published_at=None, state=GatheringState.DRAFT)
    assert phone.get(address(table)).status_code == 404


def test_handing_in_stores_and_shows_the_receipt(phone, table):
    answer = hand_in(phone, table)
    statement = stored(table)[0]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{address(table)}?angekommen=1#angekommen")
    page = phone.get(f"{address(table)}?angekommen=1")
    for group in statement.receipt_code.split("-"):
        assert group in text_of(page)
    assert statement.get_absolute_url() in page.content.decode()
    assert statement.round_id == table.gathering.current_round_id


def test_each_page_has_a_fresh_id(phone, table):
    ids = {form_of(phone.get(address(table)), address(table))["statement_id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(uuid.UUID(one).version == 4 for one in ids)


def test_sending_the_same_form_twice_stores_once(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "text": "Ein Bus am Abend.", "language": "de"}
    answers = [phone.post(address(table), fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(stored(table)) == 1


def test_another_text_under_the_same_id_keeps_both(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "language": "de"}
    phone.post(address(table), {**fields, "text": "Der erste Text."})
    answer = phone.post(address(table), {**fields, "text": "Der zweite Text."})
    assert answer.status_code == 409
    assert "Der erste Text." in text_of(answer)
    assert "Der zweite Text." in text_of(answer)
    again = {**form_of(answer, address(table)), "text": "Der zweite Text.", "language": "de"}
    assert again["statement_id"] != fields["statement_id"]
    assert phone.post(address(table), again).status_code == 302
    assert [s.text.original_text for s in stored(table)] == ["Der erste Text.", "Der zweite Text."]


def test_an_id_used_at_another_table_does_not_show_its_words(phone, table, second_table):
    fields = {**form_of(phone.get(address(table)), address(table)), "language": "de"}
    phone.post(address(table), {**fields, "text": "Nur für Tisch 1."})
    answer = Client().post(address(second_table), {**fields, "text": "Für Tisch 2."})
    assert answer.status_code == 409
    assert "Nur für Tisch 1." not in answer.content.decode()
    assert "Für Tisch 2." in text_of(answer)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_unfit_text_comes_back_with_the_words(phone, table, text):
    answer = hand_in(phone, table, text)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert stored(table) == []


def test_an_unknown_language_comes_back_with_the_words(phone, table):
    answer = hand_in(phone, table, "Bleibt stehen.", language="xx")
    assert answer.status_code == 422
    assert "Bleibt stehen." in answer.content.decode()


@pytest.mark.parametrize("broken", ["", "keine-id", "1"])
def test_a_broken_id_is_replaced_and_the_words_stay(phone, table, broken):
    answer = hand_in(phone, table, "Bleibt stehen.", statement_id=broken)
    assert answer.status_code == 422
    assert "Bleibt stehen." in answer.content.decode()
    uuid.UUID(form_of(answer, address(table))["statement_id"])


def test_what_was_begun_in_a_round_counts_for_that_round(phone, table):
    fields = form_of(phone.get(address(table)), address(table))
    with open_place(table.place_id):
        second = Round.objects.get(gathering=table.gathering, number=2)
    change(table.gathering, current_round=second)
    phone.post(address(table), {**fields, "text": "Aus Runde 1.", "language": "de"})
    assert stored(table)[0].round_id == int(fields["round"]) != second.pk


def test_a_round_of_another_town_is_not_taken_over(phone, table, other_table):
    answer = hand_in(phone, table, round=str(other_table.gathering.current_round_id))
    assert answer.status_code == 302
    assert stored(table)[0].round_id == table.gathering.current_round_id


def test_between_rounds_a_thought_can_be_handed_in(phone, table):
    change(table.gathering, current_round=None)
    assert hand_in(phone, table).status_code == 302
    assert stored(table)[0].round_id is None


@pytest.mark.parametrize("state", [GatheringState.PUBLISHED, GatheringState.CLOSED])
def test_before_and_after_the_event_there_is_no_form(phone, table, state):
    change(table.gathering, state=state, current_round=None)
    page = phone.get(address(table))
    assert page.status_code == 200
    assert "data-capture" not in page.content.decode()


@pytest.mark.parametrize("state", [GatheringState.PUBLISHED, GatheringState.CLOSED])
def test_text_sent_too_early_or_too_late_is_shown_again(phone, table, state):
    fields = {**form_of(phone.get(address(table)), address(table)), "text": "Zu spät getippt.", "language": "de"}
    change(table.gathering, state=state)
    answer = phone.post(address(table), fields)
    assert answer.status_code == 423
    assert "Zu spät getippt." in text_of(answer)
    assert stored(table) == []


def test_a_lost_answer_is_made_up_for_after_closing(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "text": "Kam an.", "language": "de"}
    phone.post(address(table), fields)
    change(table.gathering, state=GatheringState.CLOSED)
    answer = phone.post(address(table), fields, **JSON)
    assert (answer.status_code, answer.json()["receipt_code"]) == (200, stored(table)[0].receipt_code)


def test_json_says_created_then_same(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "text": "Ein Bus.", "language": "de"}
    first, second = (phone.post(address(table), fields, **JSON) for _ in range(2))
    code = stored(table)[0].receipt_code
    assert [(a.status_code, a.json()["state"], a.json()["receipt_code"]) for a in (first, second)] == [
        (201, "received", code),
        (200, "received", code),
    ]
    assert uuid.UUID(first.json()["next_id"]) != stored(table)[0].pk
    assert set(first.json()["regions"]) == {"arrived", "mine"}
    assert code.split("-")[0] in first.json()["regions"]["arrived"]
    assert "Ein Bus." in first.json()["regions"]["mine"]


def test_json_says_what_is_wrong(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "language": "de"}
    phone.post(address(table), {**fields, "text": "A"})
    assert phone.post(address(table), {**fields, "text": "B"}, **JSON).status_code == 409
    invalid = phone.post(address(table), {**fields, "text": ""}, **JSON)
    assert (invalid.status_code, list(invalid.json()["errors"])) == (422, ["text"])
    change(table.gathering, state=GatheringState.CLOSED)
    fields["statement_id"] = str(uuid.uuid4())
    assert phone.post(address(table), {**fields, "text": "C"}, **JSON).status_code == 423


def test_the_device_keeps_its_own_list_with_states(phone, table, tessa):
    for text in ("Eins", "Zwei", "Drei"):
        hand_in(phone, table, text)
    one, two, _three = stored(table)
    with open_place(table.place_id):
        approve_statement(actor=tessa, statement=one)
        hold_statement(actor=tessa, statement=two, why="names")
    page = phone.get(address(table))
    body = page.content.decode()
    assert [body.index(text) for text in ("Drei", "Zwei", "Eins")] == sorted(
        body.index(text) for text in ("Drei", "Zwei", "Eins")
    )
    assert "nennt einen Namen" not in body
    assert "Eins" not in Client().get(address(table)).content.decode()


def test_the_list_is_one_events_only(phone, table, other_table):
    hand_in(phone, table, "Aus Altdorf")
    hand_in(phone, other_table, "Aus Neustadt")
    assert "Aus Neustadt" not in phone.get(address(table)).content.decode()
    assert "Aus Altdorf" not in phone.get(address(other_table)).content.decode()


def test_the_list_is_bounded_and_signed(phone, table):
    for number in range(RECEIPTS_AT_MOST + 2):
        hand_in(phone, table, f"Beitrag {number}")
    cookie = phone.cookies[RECEIPTS]
    assert len(cookie.value.split(":")[0].split(".")) == RECEIPTS_AT_MOST
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/t/", "Lax")
    phone.cookies[RECEIPTS] = f"{stored(table)[0].receipt_code}:gefaelscht"
    assert "Beitrag 0" not in phone.get(address(table)).content.decode()


def test_the_list_can_be_emptied(phone, table):
    hand_in(phone, table, "Meins")
    assert phone.post(f"{address(table)}fertig/").headers["Location"] == address(table)
    assert "Meins" not in phone.get(address(table)).content.decode()
    assert len(stored(table)) == 1


def test_looking_at_the_address_that_empties_the_list_empties_nothing(phone, table):
    hand_in(phone, table, "Meins")
    assert phone.get(f"{address(table)}fertig/").headers["Location"] == address(table)
    assert "Meins" in phone.get(address(table)).content.decode()


def test_the_table_leads_to_goal_and_promise_where_they_are_public(phone, table):
    link = f'href="{table.gathering.get_absolute_url()}"'
    assert link in phone.get(address(table)).content.decode()
    with open_place(table.place_id):
        Process.objects.filter(pk=table.gathering.process_id).update(published_at=None)
    assert link not in phone.get(address(table)).content.decode()


def test_a_machine_made_question_says_so_on_a_line_of_its_own(phone, table):
    with open_place(table.place_id):
        question = table.gathering.current_round.question
        question.text = question.text.with_version("ar", "ما الذي يسير جيدا؟", State.MACHINE)
        question.save()
    page = re.sub(r"\s+", " ", phone.get(f"{address(table)}?sprache=ar").content.decode())
    assert re.search(r'<h1 id="question">ما الذي يسير جيدا؟</h1> <p class="soft small">[^<]+</p>', page)


def test_words_are_shown_as_words(phone, table):
    hand_in(phone, table, "<script>alert(1)</script>")
    assert "<script>alert" not in phone.get(f"{address(table)}?angekommen=1").content.decode()


def test_forms_are_guarded_against_other_sites(table):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(table), {"statement_id": uuid.uuid4(), "text": "Fremd", "language": "de"})
    assert answer.status_code == 403
    assert stored(table) == []


def test_pages_are_kept_by_no_shared_cache(phone, table):
    for answer in (phone.get(address(table)), hand_in(phone, table)):
        assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(phone, table, number, django_assert_num_queries):
    for n in range(number):
        hand_in(phone, table, f"Beitrag {n}")
    phone.get(address(table))
    # The table, what came from this device, announcements.
    with django_assert_num_queries(3):
        phone.get(address(table))


@pytest.mark.one_database("sqlite", reason="a database that refuses to write is made with a setting of SQLite")
@pytest.mark.django_db(transaction=True)
def test_database_that_cannot_write_keeps_the_text_and_takes_it_later(phone, table):
    fields = {**form_of(phone.get(address(table)), address(table)), "text": "Der Bus fehlt.", "language": "de"}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        answer = phone.post(address(table), fields)
        told = phone.post(address(table), fields, **JSON)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
    assert (answer.status_code, answer["Retry-After"], told.status_code) == (503, "5", 503)
    page = answer.content.decode()
    assert "Der Bus fehlt." in page
    assert fields["statement_id"] in page
    assert phone.post(address(table), fields).status_code == 302
    assert [statement.text.original_text for statement in stored(table)] == ["Der Bus fehlt."]


def test_the_code_is_not_told_to_whoever_knows_the_id(phone, table):
    hand_in(phone, table, "Mein Beitrag.")
    (mine,) = stored(table)
    fields = {"statement_id": str(mine.pk), "text": "Etwas anderes.", "language": "de"}
    assert mine.receipt_code in phone.post(address(table), fields).content.decode()
    assert mine.receipt_code not in Client().post(address(table), fields).content.decode()


def test_the_first_visit_gives_the_device_a_mark_and_later_ones_leave_it(phone, table):
    phone.get(address(table))
    cookie = phone.cookies[DEVICE]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/t/", "Lax")
    mark = device_mark_of({DEVICE: cookie.value})
    assert len(mark) == 32
    assert DEVICE not in phone.get(address(table)).cookies
    assert device_mark_of({DEVICE: f"{mark}:gefaelscht"}) == ""


def test_a_plain_form_says_which_device_it_came_from(phone, table):
    hand_in(phone, table)
    mark = device_mark_of({DEVICE: phone.cookies[DEVICE].value})
    assert stored(table)[0].device_key == device_key(mark, table.gathering_id) != ""


def test_a_device_is_another_one_at_every_event():
    assert device_key("m", 1) == device_key("m", 1) != device_key("m", 2)
    assert len(device_key("m", 1)) == 32
    assert device_key("", 1) == ""
