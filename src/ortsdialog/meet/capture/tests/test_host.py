from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone

from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Device
from ortsdialog.meet.capture.tests.pages import form_of, markup, text_of
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.templatetags.contributions import said_in
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Round, Table

pytestmark = pytest.mark.django_db


def desk_of(table):
    return f"/t/{table.code}/gastgeber/"


def decide(host_phone, table, statement, **fields):
    return host_phone.post(f"{desk_of(table)}beitrag/{statement.handle}/", fields)


def write(host_phone, table, **fields):
    action = f"{desk_of(table)}beitrag/"
    form = form_of(host_phone.get(desk_of(table)), action)
    return host_phone.post(action, {**form, "text": "Mehrere sagen das.", "language": "de", **fields})


def only(table):
    with open_place(table.place_id):
        return Statement.objects.get()


def test_the_key_opens_the_table_and_leaves_the_address(table):
    client = Client()
    answer = client.get(f"{desk_of(table)}{table.host_key}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, desk_of(table))
    cookie = client.cookies["gastgeber"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, desk_of(table), "Lax")
    assert table.host_key not in cookie.value
    assert client.get(desk_of(table)).status_code == 200


def test_a_wrong_key_or_no_key_is_not_found(table, second_table, other_table):
    client = Client()
    for key in ("falsch", second_table.host_key, other_table.host_key, "ü"):
        assert client.get(f"{desk_of(table)}{key}/").status_code == 404
    assert client.get(desk_of(table)).status_code == 404
    assert client.get("/t/FALSCH/gastgeber/").status_code == 404


def test_the_mark_of_one_table_opens_no_other(host_phone, table, second_table):
    value = host_phone.cookies["gastgeber"].value
    thief = Client()
    thief.cookies["gastgeber"] = value
    assert thief.get(desk_of(table)).status_code == 200
    assert thief.get(desk_of(second_table)).status_code == 404


def test_a_new_host_card_ends_the_old_one(host_phone, table):
    with open_place(table.place_id):
        Table.objects.filter(pk=table.pk).update(host_key="neu")
    assert host_phone.get(desk_of(table)).status_code == 404


def test_staff_of_the_town_need_the_card_too(sign_in, alma, table):
    assert sign_in(alma).get(desk_of(table)).status_code == 404


def test_the_queue_shows_what_waits_at_this_table(host_phone, table, second_table, other_table):
    make_statement(table, "Wartet hier", state=ModerationState.PENDING)
    make_statement(second_table, "Wartet nebenan", state=ModerationState.PENDING)
    make_statement(other_table, "Neustadt-Geheimnis", state=ModerationState.PENDING)
    words = text_of(host_phone.get(desk_of(table)))
    assert "Wartet hier" in words
    assert "Wartet nebenan" not in words
    assert "Geheimnis" not in words


def test_approve_hold_and_return(host_phone, table):
    statement = make_statement(table, state=ModerationState.PENDING)
    answer = decide(host_phone, table, statement, decision="approve", based_on="1")
    assert answer.headers["Location"] == f"{desk_of(table)}#warten"
    assert only(table).state == ModerationState.APPROVED
    decide(host_phone, table, statement, decision="hold", why="names", note="nennt einen Namen")
    assert (only(table).state, only(table).state_reason) == (ModerationState.HELD, "nennt einen Namen")
    decide(host_phone, table, statement, decision="return")
    assert only(table).state == ModerationState.PENDING


def test_a_host_does_not_approve_words_that_changed_since_she_read_them(host_phone, table):
    statement = make_statement(table, state=ModerationState.PENDING, version=2)
    # A page that does not say what it shows approves nothing.
    for told in ({}, {"based_on": "x"}, {"based_on": "1"}):
        refused = decide(host_phone, table, statement, decision="approve", **told)
        assert refused.status_code == 422
    assert "inzwischen geändert" in text_of(refused)
    assert '<details class="waiting__fold" data-key="h" open' not in markup(refused)
    assert only(table).state == ModerationState.PENDING
    decide(host_phone, table, statement, decision="approve", based_on="2")
    assert only(table).state == ModerationState.APPROVED


def test_holding_back_without_a_reason_says_so(host_phone, table):
    statement = make_statement(table, state=ModerationState.PENDING)
    assert decide(host_phone, table, statement, decision="hold", why=" ").status_code == 422
    assert only(table).state == ModerationState.PENDING


def test_statements_of_other_tables_are_not_found(host_phone, table, second_table, other_table):
    for other in (second_table, other_table):
        statement = make_statement(other, state=ModerationState.PENDING)
        assert decide(host_phone, table, statement, decision="approve").status_code == 404
        assert Client().post(f"{desk_of(other)}beitrag/{statement.handle}/", {"decision": "approve"}).status_code == 404


def test_host_writes_for_several(host_phone, table):
    answer = write(host_phone, table, said_by_count="7")
    statement = only(table)
    assert (statement.channel, statement.said_by_count, statement.state) == (
        Channel.HOST,
        7,
        ModerationState.PENDING,
    )
    assert answer.headers["Location"] == f"{desk_of(table)}?angekommen=1#angekommen"


def codes_on(response, *statements):
    return [s.receipt_code.split("-")[0] in response.content.decode() for s in statements]


def test_the_device_shows_the_receipts_of_what_was_written_down_on_it_and_no_other_device_does(host_phone, table):
    page = write(host_phone, table).headers["Location"]
    statement = only(table)
    second_device = Client()
    second_device.get(f"{desk_of(table)}{table.host_key}/")
    for path in (page, desk_of(table)):
        assert codes_on(host_phone.get(path), statement) == [True]
        assert codes_on(second_device.get(path), statement) == [False]
    large = ['data-statement="' in host_phone.get(path).content.decode() for path in (page, desk_of(table))]
    assert large == [True, False]


def test_only_the_last_receipts_stay_on_the_page(host_phone, table):
    for number in range(6):
        write(host_phone, table, text=f"Karte {number}")
    with open_place(table.place_id):
        first, *others = Statement.objects.order_by("received_at")
    assert codes_on(host_phone.get(desk_of(table)), first, *others) == [False, True, True, True, True, True]


def test_language_and_interpreter_of_an_entry_are_stored_and_the_language_is_offered_again(host_phone, table):
    write(host_phone, table, language="uk", interpreted="on")
    assert (only(table).text.original, only(table).interpreted) == ("uk", True)
    assert '<option value="uk" selected' in host_phone.get(desk_of(table)).content.decode()


def test_the_page_shows_the_clock_by_the_servers_time(host_phone, table):
    started = timezone.now()
    with open_place(table.place_id):
        Round.objects.filter(pk=table.gathering.current_round_id).update(
            started_at=started, duration_minutes=30, extra_minutes=5
        )
    shown = []
    for minutes in (0.5, 34.5, 35.5, 60):
        with time_machine.travel(started + timedelta(minutes=minutes)):
            page = markup(host_phone.get(desk_of(table), headers={"accept-language": "en"}))
        found = re.search(r"data-clock-minutes>(\d+)<", page)
        over = "data-clock-over hidden" not in page
        shown.append((int(found.group(1)), over))
    assert shown == [(35, False), (1, False), (0, True), (0, True)]


def test_the_question_stands_in_the_languages_of_the_event_side_by_side(host_phone, table):
    with open_place(table.place_id):
        Gathering.objects.filter(pk=table.gathering_id).update(languages=["ar", "uk"])
        question = table.gathering.current_round.question
        question.text = MultilingualText.of({"de": "Was fehlt?", "ar": "ما الذي ينقص؟"}, state=State.MACHINE)
        question.save(update_fields=["text"])
    page = markup(host_phone.get(desk_of(table), headers={"accept-language": "de"}))
    german, arabic = page.index("Was fehlt?"), page.index("ما الذي ينقص؟")
    assert german < arabic
    assert 'lang="ar" dir="rtl"' in page[german:arabic]
    assert 'lang="uk"' not in page


def test_the_page_tells_of_devices_with_their_unsent_statements(host_phone, table, second_table):
    with open_place(table.place_id):
        for place, unsent in ((table, 3), (second_table, 71)):
            Device.objects.create(
                place_id=table.place_id,
                gathering_id=table.gathering_id,
                table=place,
                key=f"k{unsent}",
                unsent_count=unsent,
            )
    words = text_of(host_phone.get(desk_of(table), headers={"accept-language": "en"}))
    assert ("3 not sent yet" in words, "71 not sent yet" in words) == (True, False)


def test_all_statements_of_the_table_are_listed_by_pages_the_newest_first(host_phone, table, second_table):
    for number in range(23):
        make_statement(table, f"Beitrag Nummer {number}.")
    make_statement(second_table, "Von nebenan")
    first = text_of(host_phone.get(desk_of(table)))
    second = text_of(host_phone.get(f"{desk_of(table)}?seite=2"))
    assert ("Beitrag Nummer 22." in first, "Beitrag Nummer 1." in first) == (True, False)
    assert ("Beitrag Nummer 1." in second, "nebenan" in first + second) == (True, False)


# ---- Rewording ----------------------------------------------------------------------------------


def edit_page(table, statement):
    return f"{desk_of(table)}beitrag/{statement.handle}/bearbeiten/"


def reword(host_phone, table, statement, **fields):
    return host_phone.post(
        edit_page(table, statement),
        {"based_on": "1", "text": "Neue Fassung", "language": "de", "said_by_count": "2", **fields},
    )


def test_host_rewords_a_statement_on_the_wall_and_it_stays_there(host_phone, table):
    statement = make_statement(table)
    answer = reword(host_phone, table, statement)
    assert answer.headers["Location"] == f"{edit_page(table, statement)}?gespeichert=2#gespeichert"
    stored = only(table)
    assert (stored.text.original_text, stored.said_by_count, stored.state) == ("Neue Fassung", 2, "approved")
    page = host_phone.get(answer.headers["Location"]).content.decode()
    assert ("Es fehlen Wohnungen." in page, 'id="gespeichert"' in page) == (True, True)


def test_host_with_a_stale_page_gets_both_texts(host_phone, table):
    statement = make_statement(table)
    reword(host_phone, table, statement, text="Von nebenan")
    answer = reword(host_phone, table, statement, text="Von mir")
    assert answer.status_code == 409
    assert ("Von nebenan" in text_of(answer), "Von mir" in text_of(answer)) == (True, True)
    assert only(table).text.original_text == "Von nebenan"
    assert reword(host_phone, table, statement, text="Von nebenan").status_code == 302


def test_host_rewords_only_at_her_table(host_phone, table, second_table, other_table):
    for other in (second_table, other_table):
        statement = make_statement(other, "Neustadt-Geheimnis")
        for path in (edit_page(table, statement), edit_page(other, statement)):
            for answer in (host_phone.get(path), host_phone.post(path, {"based_on": "1", "text": "Anders"})):
                assert (answer.status_code, b"Geheimnis" in answer.content) == (404, False)


def test_host_of_a_finished_dialogue_rewords_nothing(host_phone, table):
    statement = make_statement(table)
    with open_place(table.place_id):
        Process.objects.filter(pk=table.gathering.process_id).update(state=ProcessState.CLOSED)
    assert host_phone.get(edit_page(table, statement)).status_code == 404
    assert reword(host_phone, table, statement).status_code == 404
    assert only(table).version == 1


def test_the_host_sees_no_receipt_of_a_guest(host_phone, table):
    waiting = make_statement(table, state=ModerationState.PENDING)
    decided = make_statement(table)
    for query in ("", f"?angekommen={waiting.pk}", "?angekommen=1"):
        assert codes_on(host_phone.get(f"{desk_of(table)}{query}"), waiting, decided) == [False, False]
    differing = write(host_phone, table, statement_id=str(waiting.pk), text="Etwas anderes.")
    assert differing.status_code == 409
    assert codes_on(differing, waiting) == [False]


def test_the_mark_of_what_was_written_cannot_be_made_up(host_phone, table):
    statement = make_statement(table, channel=Channel.HOST)
    host_phone.cookies["geschrieben"] = str(statement.pk)
    assert codes_on(host_phone.get(f"{desk_of(table)}?angekommen=1"), statement) == [False]


def test_foreign_words_name_their_language_and_take_a_translation(host_phone, table, second_table):
    statement = make_statement(table, "لا توجد شقق.", language="ar", state=ModerationState.PENDING)
    before = host_phone.get(desk_of(table), headers={"accept-language": "de"})
    assert "لا توجد شقق." in before.content.decode()
    assert str(said_in("ar")) in text_of(before)
    assert f'id="version-{statement.handle}"' in before.content.decode()
    answer = decide(host_phone, table, statement, decision="translate", language="de", text="Es gibt keine Wohnungen.")
    assert answer.headers["Location"] == f"{desk_of(table)}#b-{statement.handle}"
    text = only(table).text
    assert (text.original, text.in_language("de").text, text.state_of("de")) == (
        "ar",
        "Es gibt keine Wohnungen.",
        State.CHECKED,
    )
    after = host_phone.get(desk_of(table), headers={"accept-language": "de"}).content.decode()
    assert after.index("لا توجد شقق.") < after.index("Es gibt keine Wohnungen.")
    foreign = make_statement(second_table, "لا", language="ar", state=ModerationState.PENDING)
    fields = {"decision": "translate", "language": "de", "text": "Nein."}
    assert decide(host_phone, table, foreign, **fields).status_code == 404


def test_words_in_the_readers_language_offer_no_translation(host_phone, table):
    statement = make_statement(table, state=ModerationState.PENDING)
    for language, offered in (("de", False), ("de-ls", False), ("ar", True)):
        page = host_phone.get(f"{desk_of(table)}?sprache={language}").content.decode()
        assert (f'id="version-{statement.handle}"' in page) == offered


@pytest.mark.parametrize("fields", [{"language": "ar", "text": "Bleibt."}, {"language": "xx", "text": "Bleibt."}])
def test_an_unfit_translation_comes_back_with_the_words(host_phone, table, fields):
    statement = make_statement(table, "لا", language="ar", state=ModerationState.PENDING)
    answer = decide(host_phone, table, statement, decision="translate", **fields)
    assert answer.status_code == 422
    assert ">Bleibt.</textarea>" in answer.content.decode()
    assert only(table).text == statement.text


def test_host_writes_and_approves_in_one_go(host_phone, table):
    write(host_phone, table, approve="1")
    assert (only(table).state, only(table).said_by_count) == (ModerationState.APPROVED, 1)


def test_host_sends_twice_and_stores_once(host_phone, table):
    one = str(uuid.uuid4())
    assert [write(host_phone, table, statement_id=one).status_code for _ in range(2)] == [302, 302]
    only(table)
    differing = write(host_phone, table, statement_id=one, text="Etwas anderes.")
    assert differing.status_code == 409
    assert "Mehrere sagen das." in text_of(differing)
    assert "Etwas anderes." in text_of(differing)


def test_unfit_text_comes_back(host_phone, table):
    for fields in ({"text": ""}, {"said_by_count": "0"}, {"said_by_count": "viele"}):
        assert write(host_phone, table, **fields).status_code == 422


def test_paper_cards_can_be_entered_after_closing(host_phone, table):
    with open_place(table.place_id):
        Gathering.objects.filter(pk=table.gathering_id).update(state=GatheringState.CLOSED)
    assert write(host_phone, table).status_code == 302
    only(table)


def test_get_changes_nothing(host_phone, table):
    statement = make_statement(table, state=ModerationState.PENDING)
    for path in (f"{desk_of(table)}beitrag/{statement.handle}/", f"{desk_of(table)}beitrag/"):
        assert host_phone.get(path).headers["Location"] == desk_of(table)
        assert Client().get(path).status_code == 404
    assert only(table).state == ModerationState.PENDING


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(host_phone, table, number, django_assert_num_queries):
    for n in range(number):
        make_statement(table, f"Wartet {n}", state=ModerationState.PENDING)
        make_statement(table, f"Steht {n}")
    host_phone.get(desk_of(table))
    with django_assert_num_queries(12):
        host_phone.get(desk_of(table))


async def _stream_status(path, cookies):
    client = AsyncClient()
    client.cookies.update(cookies)
    return await client.get(path)


@pytest.mark.django_db(transaction=True)
def test_the_stream_is_the_hosts_alone(host_phone, table):
    path = f"{desk_of(table)}strom/"
    answer = async_to_sync(_stream_status)(path, host_phone.cookies)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream")
    assert async_to_sync(_stream_status)(path, {}).status_code == 404
