"""Machine translation of what was approved: queued, cached, never in the request, never in the way of people."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.jobs import scheduled_jobs
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.kernel.tests.translating import WORDS, translation_server_running
from ortsdialog.meet.contributions import tasks
from ortsdialog.meet.contributions.actions import (
    add_version,
    approve_statement,
    correct_language,
    hold_statement,
    renew_version,
    store_translation,
    switch_translation,
)
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import MachineTranslation, Statement
from ortsdialog.meet.contributions.queries import languages_of_event, languages_to_translate
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db

GERMAN = "Wir brauchen einen Arzt im Dorf"
ARABIC = WORDS["de", "ar"]
translate_now = tasks.translate_approved_statements


@pytest.fixture
def elsewhere(settings):
    cache.clear()
    with translation_server_running() as running:
        settings.TRANSLATION_URL, settings.TRANSLATION_KEY = running.url, ""
        yield running


@pytest.fixture
def evening(evening):
    """An event in German and Arabic whose team wants machine translation."""
    with open_place(evening.place_id):
        evening.languages, evening.machine_translation = ["de", "ar"], True
        evening.save(update_fields=["languages", "machine_translation"])
    return evening


def text_of(statement):
    with open_place(statement.place_id):
        return Statement.everything.get(pk=statement.pk).text


def test_approved_statement_gets_a_version_by_machine(elsewhere, table):
    statement = make_statement(table, GERMAN)
    with open_place(table.place_id):
        LiveEvent.objects.all().delete()
    assert translate_now() == 1
    assert text_of(statement).text_in("ar") == ARABIC
    assert text_of(statement).state_of("ar") is State.MACHINE
    assert LiveEvent.objects.filter(topic=f"gathering:{table.gathering_id}", object_id=statement.handle).exists()
    assert translate_now() == 0
    assert len(elsewhere.asked) == 1


def test_only_the_words_leave_the_house(elsewhere, table):
    statement = make_statement(table, GERMAN, entered_by="Alma", said_by_count=4)
    translate_now()
    (asked,) = elsewhere.asked
    assert asked == {"q": GERMAN, "source": "de", "target": "ar", "format": "text"}
    assert statement.receipt_code not in str(asked)


@pytest.mark.parametrize("state", [ModerationState.PENDING, ModerationState.HELD])
def test_what_is_not_approved_is_never_sent(elsewhere, table, state):
    make_statement(table, GERMAN, state=state)
    assert translate_now() == 0
    assert elsewhere.asked == []


def test_rehearsal_is_never_sent(elsewhere, table):
    make_statement(table, GERMAN, rehearsal=True)
    translate_now()
    assert elsewhere.asked == []


def test_nothing_is_sent_where_the_team_has_not_switched_it_on(elsewhere, table, other_table, evening, as_alma):
    make_statement(other_table, GERMAN)
    make_statement(table, GERMAN)
    with open_place(evening.place_id):
        switch_translation(actor=as_alma, gathering=evening, on=False)
    assert translate_now() == 0
    assert elsewhere.asked == []


def test_nothing_is_sent_without_an_address(elsewhere, table, settings):
    make_statement(table, GERMAN)
    settings.TRANSLATION_URL = ""
    assert translate_now() == 0
    assert elsewhere.asked == []


def test_request_that_approves_sends_nothing(elsewhere, table, as_alma, in_altdorf):
    statement = make_statement(table, GERMAN, state=ModerationState.PENDING)
    approve_statement(actor=as_alma, statement=statement)
    assert elsewhere.asked == []
    assert tasks.translate_approved_statements.name in scheduled_jobs()


def test_same_words_are_sent_once(elsewhere, table, second_table):
    first, second = make_statement(table, GERMAN), make_statement(second_table, GERMAN)
    assert translate_now() == 2
    assert [text_of(one).text_in("ar") for one in (first, second)] == [ARABIC, ARABIC]
    assert len(elsewhere.asked) == 1


def test_other_town_does_not_read_this_towns_memory(elsewhere, table, other_table):
    make_statement(table, GERMAN)
    translate_now()
    with open_place(other_table.place_id):
        assert not MachineTranslation.objects.exists()


def test_checked_version_is_never_overwritten(elsewhere, table, as_alma, in_altdorf):
    statement = make_statement(table, GERMAN)
    add_version(actor=as_alma, statement=statement, language="ar", text="نريد طبيبا", state=State.CHECKED)
    assert translate_now() == 0
    # Also where a person was faster than the answer.
    source = statement.text
    store_translation(actor=as_alma, statement=statement, language="ar", text=ARABIC, source=source)
    assert text_of(statement).text_in("ar") == "نريد طبيبا"


@pytest.mark.parametrize("change", ["words", "language", "approval"])
def test_answer_that_comes_too_late_is_not_stored(elsewhere, table, as_alma, in_altdorf, change):
    statement = make_statement(table, GERMAN)
    source = statement.text
    if change == "words":
        statement.text = source.with_version("de", "Andere Worte", State.ORIGINAL)
        statement.save(update_fields=["text"])
    elif change == "language":
        correct_language(actor=as_alma, statement=statement, language="en")
    else:
        hold_statement(actor=as_alma, statement=statement, why="names")
    store_translation(actor=as_alma, statement=statement, language="ar", text=ARABIC, source=source)
    assert text_of(statement).text_in("ar") == ""


def test_old_machine_version_is_renewed_and_an_old_checked_one_when_asked_for(elsewhere, table, as_alma, in_altdorf):
    machine, checked = make_statement(table, "Alt."), make_statement(table, "Auch alt.")
    add_version(actor=as_alma, statement=machine, language="ar", text="قديم", state=State.MACHINE)
    add_version(actor=as_alma, statement=checked, language="ar", text="قديم", state=State.CHECKED)
    for statement in (machine, checked):
        statement.text = text_of(statement).with_version("de", GERMAN, State.ORIGINAL)
        statement.save(update_fields=["text"])
    translate_now()
    assert text_of(machine).text_in("ar") == ARABIC
    assert (text_of(checked).text_in("ar"), text_of(checked).state_of("ar")) == ("قديم", State.OUT_OF_DATE)
    renew_version(actor=as_alma, statement=checked, language="ar")
    translate_now()
    assert text_of(checked).state_of("ar") is State.MACHINE


@pytest.mark.parametrize("mood", ["slow down", "broken", "no key", "elsewhere"])
def test_unwell_server_is_asked_once_and_again_after_its_pause(elsewhere, table, mood):
    first, second = make_statement(table, GERMAN), make_statement(table, "Zwei Worte hier")
    elsewhere.mood = mood
    assert translate_now() == 0
    assert translate_now() == 0
    assert len(elsewhere.asked) == 1
    elsewhere.mood = "well"
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        assert translate_now() == 2
    assert text_of(first).text_in("ar")
    assert text_of(second).text_in("ar")


@pytest.mark.parametrize("mood", ["garbage", "unsupported", "wrong language", "huge"])
def test_text_that_the_server_refuses_is_tried_again_later_and_stops_nobody(elsewhere, table, mood):
    refused = make_statement(table, "Grüß Gott beieinander")
    elsewhere.mood = mood
    assert translate_now() == 0
    elsewhere.mood = "well"
    fine = make_statement(table, GERMAN)
    assert translate_now() == 1
    assert text_of(fine).text_in("ar") == ARABIC
    assert text_of(refused).text_in("ar") == ""
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        assert translate_now() == 1
    assert text_of(refused).text_in("ar") == ARABIC


def test_job_stops_in_time_and_goes_on_with_the_next_run(elsewhere, table, monkeypatch):
    make_statement(table, GERMAN)
    monkeypatch.setattr(tasks, "TRANSLATING_SECONDS", -1.0)
    assert translate_now() == 0
    monkeypatch.undo()


def test_two_workers_do_not_translate_at_once(elsewhere, table):
    make_statement(table, GERMAN)
    cache.add(tasks.TRANSLATING, True, 60)
    assert translate_now() == 0
    assert elsewhere.asked == []
    cache.delete(tasks.TRANSLATING)
    assert translate_now() == 1
    assert cache.get(tasks.TRANSLATING) is None


def test_memory_is_emptied_after_its_time(elsewhere, table):
    make_statement(table, GERMAN)
    translate_now()
    assert tasks.forget_old_translations() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        assert tasks.forget_old_translations() == 1
    with across_places(reason=Reason.SITE_MAINTENANCE):
        assert not MachineTranslation.objects.exists()


def test_languages_of_an_event_are_spoken_ones_with_german(evening):
    evening.languages = ["de-ls", "ar", "xx", "ar"]
    assert languages_of_event(evening) == ["de", "ar"]


def test_languages_to_translate_leave_out_what_is_there(table):
    text = (
        make_statement(table, GERMAN).text.with_version("en", "x", State.CHECKED).with_version("uk", "y", State.MACHINE)
    )
    assert languages_to_translate(text, ["de", "en", "uk", "ar", "xx"]) == ["ar"]


# ---- Who decides, and what the page says ----------------------------------------------------


def test_only_who_leads_the_dialogue_switches(evening, as_kim, as_nils, tessa, in_altdorf):
    for actor in (as_kim, as_nils, tessa):
        with pytest.raises(NotAllowed):
            switch_translation(actor=actor, gathering=evening, on=False)


def test_page_of_the_event_names_the_server_and_switches(sign_in, alma, evening, elsewhere):
    desk = sign_in(alma)
    path = f"/schreibtisch/altdorf/veranstaltungen/{evening.pk}/"
    assert "127.0.0.1" in desk.get(path).content.decode()
    assert desk.post(f"{path}uebersetzung/", {"on": "0"}).status_code == 302
    with open_place(evening.place_id):
        evening.refresh_from_db()
    assert evening.machine_translation is False
    desk.post(f"{path}uebersetzung/", {"on": "1"})
    with open_place(evening.place_id):
        evening.refresh_from_db()
    assert evening.machine_translation is True


def test_page_says_where_there_is_no_server(sign_in, alma, evening, settings):
    settings.TRANSLATION_URL = ""
    page = sign_in(alma).get(f"/schreibtisch/altdorf/veranstaltungen/{evening.pk}/").content.decode()
    assert 'id="uebersetzung"' in page
    assert "/uebersetzung/" not in page


def test_switch_of_another_town_does_not_exist(sign_in, nils, kim, evening):
    for user in (nils, kim):
        path = f"/schreibtisch/altdorf/veranstaltungen/{evening.pk}/uebersetzung/"
        assert sign_in(user).post(path, {"on": "0"}).status_code == 404
