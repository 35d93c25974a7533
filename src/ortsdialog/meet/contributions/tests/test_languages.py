"""The language of a statement: guessed by a machine, decided by people, and never in anybody's way."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions.actions import (
    add_version,
    confirm_version,
    correct_language,
    guess_languages,
    renew_version,
    submit_statement,
)
from ortsdialog.meet.contributions.models import FormerTranslation, Statement
from ortsdialog.meet.contributions.queries import unguessed_statements
from ortsdialog.meet.contributions.tasks import guess_languages_of_new_statements
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.choices import GatheringState

pytestmark = pytest.mark.django_db

ARABIC = "نحتاج إلى طبيب في القرية"
GERMAN = "Wir brauchen einen Arzt im Dorf"
NOTE = 'class="language-note"'
LIST = "/schreibtisch/altdorf/beitraege/"


def reload(statement):
    with open_place(statement.place_id):
        return Statement.everything.get(pk=statement.pk)


def page_of(statement):
    return f"{LIST}{statement.handle}/"


def deeds_of(statement):
    return reverse("contributions:desk-language", kwargs={"place": "altdorf", "handle": statement.handle})


# ---- Guessing -----------------------------------------------------------------------------------


def test_job_notes_what_language_new_statements_look_like(table, other_table):
    said = {
        "ar": make_statement(table, ARABIC),
        "de": make_statement(table, GERMAN),
        "-": make_statement(table, "OK"),
    }
    elsewhere = make_statement(other_table, ARABIC)
    assert guess_languages_of_new_statements() == 4
    assert {key: reload(statement).guessed_language for key, statement in said.items()} == {k: k for k in said}
    assert reload(elsewhere).guessed_language == "ar"
    assert reload(said["ar"]).text.original == "de"
    assert guess_languages_of_new_statements() == 0


def test_job_leaves_one_audit_entry_a_town(table, other_table):
    make_statement(table, ARABIC)
    make_statement(table, GERMAN)
    make_statement(other_table, GERMAN)
    guess_languages_of_new_statements()
    with across_places(reason=Reason.SITE_MAINTENANCE):
        entries = AuditEntry.objects.filter(code="contributions.guess_languages")
        assert sorted(entry.detail["number"] for entry in entries) == [1, 2]


def test_guess_wakes_the_tables_where_there_is_a_doubt(table, second_table, as_alma, in_altdorf):
    doubtful, clear = make_statement(table, ARABIC), make_statement(second_table, GERMAN)
    LiveEvent.objects.all().delete()
    guess_languages(actor=as_alma, place=in_altdorf, statements=[doubtful, clear])
    topics = set(LiveEvent.objects.values_list("topic", flat=True))
    assert f"table:{table.pk}" in topics
    assert f"table:{second_table.pk}" not in topics


def test_guess_comes_after_a_person_and_changes_nothing(table, as_alma, in_altdorf):
    statement = make_statement(table, ARABIC)
    looked_up_before = Statement.objects.get(pk=statement.pk)
    correct_language(actor=as_alma, statement=statement, language="fa")
    assert guess_languages(actor=as_alma, place=in_altdorf, statements=[looked_up_before]) == 0
    assert (reload(statement).text.original, reload(statement).guessed_language) == ("fa", "fa")


def test_guesses_are_of_living_events_in_bounded_portions(table, other_table, evening):
    for _ in range(3):
        make_statement(table, GERMAN)
    make_statement(other_table, GERMAN)
    long_ago = timezone.now() - timedelta(days=14)
    assert len(unguessed_statements(long_ago, 3)) == 3
    assert len(unguessed_statements(long_ago, 10)) == 4
    with open_place(evening.place_id):
        evening.state, evening.closed_at = GatheringState.CLOSED, long_ago - timedelta(hours=1)
        evening.save(update_fields=["state", "closed_at"])
    assert len(unguessed_statements(long_ago, 10)) == 1


def test_guessing_needs_the_right_to_see_what_waits(table, as_kim, in_altdorf):
    with pytest.raises(NotAllowed):
        guess_languages(actor=as_kim, place=in_altdorf, statements=[make_statement(table, ARABIC)])


@pytest.mark.parametrize(("guess", "doubted"), [("", ""), ("-", ""), ("de", ""), ("ar", "ar")])
def test_doubt_is_another_language_and_nothing_else(table, guess, doubted):
    assert make_statement(table, guessed_language=guess).doubted_language == doubted


# ---- Correcting ---------------------------------------------------------------------------------


def test_corrected_language_keeps_the_words_and_the_way_back(table, as_alma, in_altdorf):
    statement = make_statement(table, ARABIC, guessed_language="ar")
    statement = correct_language(actor=as_alma, statement=statement, language="ar")
    assert statement.text.original == "ar"
    assert statement.text.original_text == ARABIC
    assert statement.text.declared == "de"
    assert statement.doubted_language == ""
    back = correct_language(actor=as_alma, statement=statement, language="de")
    assert back.text == MultilingualText.written(ARABIC, "de")
    entries = AuditEntry.objects.filter(code="contributions.correct_language").order_by("id")
    assert [entry.detail for entry in entries] == [{"from": "de", "to": "ar"}, {"from": "ar", "to": "de"}]


def test_correction_drops_what_machines_made_and_keeps_what_people_wrote(table, as_alma, in_altdorf):
    statement = make_statement(table, ARABIC)
    text = statement.text.with_version("en", "Gibberish", State.MACHINE).with_version("uk", "Лікар", State.CHECKED)
    statement.text = text.with_version("ar", "كلمات أخرى", State.CHECKED)
    statement.save(update_fields=["text"])
    corrected = correct_language(actor=as_alma, statement=statement, language="ar").text
    assert (corrected.state_of("en"), corrected.state_of("uk"), corrected.text_in("ar")) == (
        None,
        State.CHECKED,
        ARABIC,
    )
    # The version that somebody wrote in that language has stepped behind the words, and comes back.
    back = correct_language(actor=as_alma, statement=reload(statement), language="de").text
    assert back.text_in("ar") == "كلمات أخرى"
    assert back.state_of("ar") is State.CHECKED


def test_sending_again_after_a_correction_finds_the_stored_statement(table, rolf, as_alma, in_altdorf):
    key = uuid.uuid4()
    sent = {"actor": rolf, "statement_id": key, "table": table, "text": ARABIC, "language": "de"}
    first = submit_statement(**sent).statement
    correct_language(actor=as_alma, statement=first, language="ar")
    again = submit_statement(**sent)
    assert (again.created, again.statement.receipt_code) == (False, first.receipt_code)


def test_confirmed_language_silences_the_doubt(table, as_alma, in_altdorf):
    statement = make_statement(table, GERMAN, guessed_language="fr")
    assert correct_language(actor=as_alma, statement=statement, language="de").doubted_language == ""


def test_language_that_nobody_speaks_is_refused(table, as_alma, in_altdorf):
    with pytest.raises(ValidationError):
        correct_language(actor=as_alma, statement=make_statement(table), language="xx")


def test_host_corrects_at_the_own_table_only(table, second_table, tessa, in_altdorf):
    correct_language(actor=tessa, statement=make_statement(table, ARABIC), language="ar")
    with pytest.raises(NotAllowed):
        correct_language(actor=tessa, statement=make_statement(second_table, ARABIC), language="ar")


def test_list_filters_by_the_corrected_language(sign_in, alma, as_alma, table):
    statement = make_statement(table, "Karte-A مرحبا بكم")
    desk = sign_in(alma)
    assert "Karte-A" not in desk.get(LIST, {"rede": "ar"}).content.decode()
    with open_place(table.place_id):
        correct_language(actor=as_alma, statement=statement, language="ar")
    assert "Karte-A" in desk.get(LIST, {"rede": "ar"}).content.decode()


# ---- Versions -----------------------------------------------------------------------------------


@pytest.fixture
def translated(table):
    statement = make_statement(table, GERMAN)
    with open_place(table.place_id):
        statement.text = statement.text.with_version("ar", ARABIC, State.MACHINE)
        statement.save(update_fields=["text"])
    return statement


def test_confirmed_version_counts_as_checked(translated, as_alma, in_altdorf):
    done = confirm_version(actor=as_alma, statement=translated, language="ar", of=digest(ARABIC))
    assert done.text.state_of("ar") is State.CHECKED


def test_version_that_changed_while_it_was_read_is_not_confirmed(translated, as_alma, in_altdorf):
    with pytest.raises(ValidationError):
        confirm_version(actor=as_alma, statement=translated, language="ar", of=digest("Something else"))
    translated.text = translated.text.with_version("de", "Andere Worte", State.ORIGINAL)
    translated.save(update_fields=["text"])
    with pytest.raises(ValidationError):
        confirm_version(actor=as_alma, statement=translated, language="ar", of=digest(ARABIC))
    assert reload(translated).text.state_of("ar") is State.OUT_OF_DATE


def test_old_version_stays_until_the_new_one_comes(translated, as_alma, in_altdorf):
    add_version(actor=as_alma, statement=translated, language="ar", text=ARABIC, state=State.CHECKED)
    with pytest.raises(ValidationError):
        renew_version(actor=as_alma, statement=translated, language="ar")
    changed = reload(translated)
    changed.text = changed.text.with_version("de", "Andere Worte", State.ORIGINAL)
    changed.save(update_fields=["text"])
    renewed = renew_version(actor=as_alma, statement=changed, language="ar")
    assert renewed.text.state_of("ar") is State.OUT_OF_DATE
    assert renewed.text.text_in("ar") == ARABIC
    assert renewed.text.versions["ar"]["state"] == State.MACHINE


# ---- Pages --------------------------------------------------------------------------------------


def test_page_asks_where_a_machine_doubts_and_takes_the_answer(sign_in, alma, table):
    statement = make_statement(table, ARABIC, guessed_language="ar")
    desk = sign_in(alma)
    assert NOTE in desk.get(page_of(statement)).content.decode()
    answer = desk.post(deeds_of(statement), {"language": "ar"}, follow=True)
    assert NOTE not in answer.content.decode()
    assert reload(statement).text.original == "ar"


def test_page_confirms_and_renews_versions(sign_in, alma, translated, settings):
    desk = sign_in(alma)
    path = deeds_of(translated)
    assert 'value="confirm"' in desk.get(page_of(translated)).content.decode()
    desk.post(path, {"deed": "confirm", "language": "ar", "of": digest(ARABIC)})
    assert reload(translated).text.state_of("ar") is State.CHECKED
    desk.post(path, {"deed": "renew", "language": "ar"})
    assert reload(translated).text.versions["ar"]["state"] == State.CHECKED
    assert desk.get(path).status_code == 302
    assert desk.post(path, {"language": "xx", "next": "https://elsewhere.example/"}).url == page_of(translated)


def test_page_is_closed_to_others(sign_in, nils, kim, translated):
    for user in (nils, kim):
        assert sign_in(user).post(deeds_of(translated), {"language": "ar"}).status_code == 404
    assert reload(translated).text.original == "de"


def test_page_of_a_statement_asks_the_database_as_often_whatever_it_holds(
    sign_in, alma, translated, table, django_assert_num_queries
):
    desk = sign_in(alma)
    desk.get(page_of(translated))
    plain = make_statement(table, GERMAN)
    for statement in (plain, translated):
        with django_assert_num_queries(10):
            desk.get(page_of(statement))


def test_a_translation_that_a_person_wrote_is_kept_when_it_is_replaced(in_altdorf, tessa, table):
    statement = make_statement(table, "Ein Bus am Abend.")
    for text in ("A bus at night.", "A bus in the evening.", "A bus in the evening."):
        add_version(actor=tessa, statement=statement, language="en", text=text, state=State.CHECKED)
    statement.refresh_from_db()
    assert statement.text.text_in("en") == "A bus in the evening."
    former = FormerTranslation.objects.get(statement=statement)
    assert (former.language, former.text, former.replaced_by) == ("en", "A bus at night.", tessa.label)


def test_what_a_machine_had_translated_is_not_kept_when_a_person_replaces_it(in_altdorf, tessa, table):
    statement = make_statement(table, "Ein Bus am Abend.")
    for text, state in (("Machine words.", State.MACHINE), ("A bus in the evening.", State.CHECKED)):
        add_version(actor=tessa, statement=statement, language="en", text=text, state=state)
    assert not FormerTranslation.objects.exists()
