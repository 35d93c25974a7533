"""Standing still, stepping back, one statement alone, the question alone: and never what is not approved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture import screens
from ortsdialog.meet.capture.actions import (
    arrange_wall,
    highlight_on_wall,
    pause_wall,
    quieten_wall,
    remove_wall,
    rename_wall,
    resume_wall,
    step_wall,
)
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.screens import shortened, still_since, waiting_count
from ortsdialog.meet.capture.tests.pages import markup, text_of
from ortsdialog.meet.capture.web.wall import wall_stand
from ortsdialog.meet.contributions.actions import approve_statement, edit_statement, hold_statement
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db


def stand(wall, query=""):
    """What the hall reads just now."""
    return text_of(Client(headers={"accept-language": "de"}).get(f"/wand/{wall.code}/karten/{query}"))


def approve(actor, statement):
    with open_place(statement.place_id):
        approve_statement(actor=actor, statement=statement)


def hold(actor, statement):
    with open_place(statement.place_id):
        hold_statement(actor=actor, statement=statement, why="names")


def test_pause_wall_lets_newer_cards_wait_and_resume_brings_them(in_altdorf, wall, table, tessa, as_alma):
    shown = make_statement(table, "Schon da")
    later = make_statement(table, "Kommt später", state=ModerationState.PENDING)
    pause_wall(actor=as_alma, wall=wall)
    approve(tessa, later)
    assert "Schon da" in stand(wall)
    assert "Kommt später" not in stand(wall)
    assert waiting_count(wall) == 1
    # The number is for staff; the hall reads nothing of it.
    assert "1 neue" not in stand(wall)
    resume_wall(actor=as_alma, wall=wall)
    assert waiting_count(wall) == 0
    assert "Kommt später" in stand(wall)
    assert shown.handle in wall_stand(wall.code, "de", "")


def test_pause_wall_twice_does_not_let_in_what_came_between(in_altdorf, wall, table, tessa, as_alma):
    later = make_statement(table, "Zwischen den Knopfdrücken", state=ModerationState.PENDING)
    pause_wall(actor=as_alma, wall=wall)
    approve(tessa, later)
    pause_wall(actor=as_alma, wall=wall)
    assert "Zwischen den Knopfdrücken" not in stand(wall)


def test_a_card_held_back_leaves_a_wall_that_stands_still(in_altdorf, wall, table, tessa, as_alma):
    statement = make_statement(table, "Nennt einen Namen")
    pause_wall(actor=as_alma, wall=wall)
    assert "Nennt einen Namen" in stand(wall)
    hold(tessa, statement)
    assert "Nennt einen Namen" not in stand(wall)


def test_an_edited_card_is_fresh_on_a_wall_that_stands_still(in_altdorf, wall, table, tessa, as_alma):
    statement = make_statement(table, "Herr Müller fehlt")
    pause_wall(actor=as_alma, wall=wall)
    edit_statement(
        actor=tessa, statement=statement, based_on=1, text="Jemand fehlt", language="de",
        said_by_count=1, interpreted=False,
    )  # fmt: skip
    assert "Jemand fehlt" in stand(wall)
    assert "Müller" not in stand(wall)


def test_highlight_on_wall_shows_one_statement_alone(in_altdorf, wall, table, as_alma):
    one, _other = make_statement(table, "Eins allein"), make_statement(table, "Das andere")
    highlight_on_wall(actor=as_alma, wall=wall, statement=one)
    page = stand(wall)
    assert "Eins allein" in page
    assert "Tisch 1" in page
    assert "Das andere" not in page
    highlight_on_wall(actor=as_alma, wall=wall, statement=None)
    assert "Das andere" in stand(wall)


def test_highlight_on_wall_of_what_the_hall_may_not_see_is_refused(
    in_altdorf, wall, table, other_table, tessa, as_alma
):
    pending = make_statement(table, "Wartet", state=ModerationState.PENDING)
    held = make_statement(table, "Zurückgehalten", state=ModerationState.HELD)
    foreign = make_statement(other_table, "Neustadt-Geheimnis")
    for statement in (pending, held, foreign):
        with pytest.raises(ValidationError):
            highlight_on_wall(actor=as_alma, wall=wall, statement=statement)
    assert wall.highlighted_id is None


@pytest.mark.parametrize("paused", [False, True])
def test_a_highlighted_statement_that_is_held_back_vanishes(in_altdorf, wall, table, tessa, as_alma, paused):
    statement = make_statement(table, "Groß an der Wand")
    make_statement(table, "Bleibt")
    if paused:
        pause_wall(actor=as_alma, wall=wall)
    highlight_on_wall(actor=as_alma, wall=wall, statement=statement)
    hold(tessa, statement)
    assert "Groß an der Wand" not in stand(wall)
    assert "Bleibt" in stand(wall)


def test_nothing_unapproved_is_shown_only_because_the_reads_ask_for_the_approved(
    in_altdorf, wall, table, tessa, as_alma, monkeypatch
):
    """The negative control of the three tests above: with the protection off, the same page shows the secrets."""
    held = make_statement(table, "Groß an der Wand")
    make_statement(table, "Wartet noch", state=ModerationState.PENDING, moderated_at=timezone.now())
    highlight_on_wall(actor=as_alma, wall=wall, statement=held)
    hold(tessa, held)
    assert "Groß an der Wand" not in stand(wall)
    monkeypatch.setattr(
        screens, "approved_statements", lambda gathering: Statement.everything.filter(gathering=gathering)
    )
    assert "Groß an der Wand" in stand(wall)
    Wall.objects.update(highlighted=None)
    assert "Wartet noch" in stand(wall)


def test_a_rehearsal_stands_on_the_wall_only_while_it_lasts_and_says_so(in_altdorf, wall, table, as_alma):
    make_statement(table, "Vom Abend")
    trial = make_statement(table, "Nur geprobt", rehearsal=True)
    assert "Nur geprobt" not in stand(wall)
    assert "wall-rehearsal" not in wall_stand(wall.code, "de", "")
    Gathering.objects.update(is_rehearsing=True)
    assert "Nur geprobt" in stand(wall)
    assert "Vom Abend" not in stand(wall)
    assert "wall-rehearsal" in wall_stand(wall.code, "de", "")
    wall.refresh_from_db()
    highlight_on_wall(actor=as_alma, wall=wall, statement=trial)
    assert "Nur geprobt" in stand(wall)
    Gathering.objects.update(is_rehearsing=False)
    assert "Nur geprobt" not in stand(wall)


def test_step_wall_stands_still_while_it_is_back(in_altdorf, wall, table, tessa, as_alma):
    later = make_statement(table, "Kommt später", state=ModerationState.PENDING)
    step_wall(actor=as_alma, wall=wall, by=1)
    approve(tessa, later)
    assert 'data-steps="1"' in wall_stand(wall.code, "de", "")
    assert "Kommt später" not in stand(wall)
    assert waiting_count(wall) == 1
    step_wall(actor=as_alma, wall=wall, by=-1)
    assert "Kommt später" in stand(wall)
    step_wall(actor=as_alma, wall=wall, by=-1)
    assert wall.steps_back == 0
    step_wall(actor=as_alma, wall=wall, by=1_000)
    assert wall.steps_back == 50


def test_stepping_forward_to_the_newest_screen_does_not_end_a_pause(in_altdorf, wall, as_alma):
    pause_wall(actor=as_alma, wall=wall)
    step_wall(actor=as_alma, wall=wall, by=1)
    step_wall(actor=as_alma, wall=wall, by=-1)
    assert wall.paused_at is not None
    assert still_since(wall) == wall.paused_at
    resume_wall(actor=as_alma, wall=wall)
    assert still_since(wall) is None


@pytest.mark.parametrize(("query", "number"), [("", 18), ("?aeltere=1", 30)])
def test_older_cards_come_only_when_somebody_steps_back(wall, table, query, number):
    for n in range(30):
        make_statement(table, f"Karte {n}", moderated_at=timezone.now() - timedelta(minutes=n))
    assert stand(wall, query).count("Karte") == number


def test_quieten_wall_shows_the_question_alone(in_altdorf, wall, table, as_alma):
    make_statement(table, "Schon da")
    quieten_wall(actor=as_alma, wall=wall, quiet=True)
    assert "Was läuft gut?" in stand(wall)
    assert "Schon da" not in stand(wall)
    quieten_wall(actor=as_alma, wall=wall, quiet=False)
    assert "Schon da" in stand(wall)


def test_arrange_wall_by_table_groups_under_number_and_theme(in_altdorf, wall, table, second_table, as_alma):
    make_statement(second_table, "Vom zweiten")
    for n in range(6):
        make_statement(table, f"Vom ersten {n}", moderated_at=timezone.now() - timedelta(minutes=n))
    arrange_wall(actor=as_alma, wall=wall, arrangement="by_table", second_language="")
    page = stand(wall)
    assert page.index(f"Tisch 1 {table.theme}") < page.index("Vom ersten 0") < page.index("Tisch 2")
    assert page.index("Tisch 2") < page.index("Vom zweiten")
    assert page.count("Vom ersten") == 4
    assert "am Handy geschrieben" in page or "written on a guest’s phone" in page
    assert stand(wall, "?aeltere=1").count("Vom ersten") == 6


def test_arrange_wall_with_unknown_values_is_refused(in_altdorf, wall, as_alma):
    for values in ({"arrangement": "x", "second_language": ""}, {"arrangement": "mixed", "second_language": "xx"}):
        with pytest.raises(ValidationError):
            arrange_wall(actor=as_alma, wall=wall, **values)
    arrange_wall(actor=as_alma, wall=wall, arrangement="mixed", second_language="ar")
    assert 'data-languages="2"' in wall_stand(wall.code, "de", "")


def test_walls_of_one_event_each_have_their_own_settings(in_altdorf, wall, table, as_alma):
    make_statement(table, "Schon da")
    other = Wall.objects.create(place_id=wall.place_id, gathering=wall.gathering, number=2, code="QRTWXY3467")
    quieten_wall(actor=as_alma, wall=other, quiet=True)
    assert "Schon da" in stand(wall)
    assert "Schon da" not in stand(other)


def test_every_deed_is_logged_and_wakes_the_wall(in_altdorf, wall, table, as_alma):
    statement = make_statement(table)
    for act in (
        lambda: pause_wall(actor=as_alma, wall=wall),
        lambda: resume_wall(actor=as_alma, wall=wall),
        lambda: step_wall(actor=as_alma, wall=wall, by=1),
        lambda: highlight_on_wall(actor=as_alma, wall=wall, statement=statement),
        lambda: quieten_wall(actor=as_alma, wall=wall, quiet=True),
        lambda: arrange_wall(actor=as_alma, wall=wall, arrangement="mixed", second_language=""),
    ):
        before = LiveEvent.objects.count(), AuditEntry.objects.count()
        act()
        assert (LiveEvent.objects.count(), AuditEntry.objects.count()) == (before[0] + 1, before[1] + 1)
        event = LiveEvent.objects.latest("id")
        assert (event.topic, event.name, event.object_id) == (
            f"gathering:{wall.gathering_id}",
            "wall",
            str(wall.pk),
        )
    # Whoever sends a statement's id gets its receipt: the log knows the handle alone.
    logged = AuditEntry.objects.get(code="capture.highlight_on_wall")
    assert logged.detail["highlighted"] == statement.handle


def test_capture_run_wall_is_for_those_who_moderate_the_evening(in_altdorf, wall, table, tessa, as_kim, as_nils, rolf):
    """A host leads one table; the wall is the whole hall's."""
    for actor in (tessa, as_kim, as_nils, rolf):
        for act in (
            lambda actor=actor: pause_wall(actor=actor, wall=wall),
            lambda actor=actor: resume_wall(actor=actor, wall=wall),
            lambda actor=actor: step_wall(actor=actor, wall=wall, by=1),
            lambda actor=actor: highlight_on_wall(actor=actor, wall=wall, statement=None),
            lambda actor=actor: quieten_wall(actor=actor, wall=wall, quiet=True),
            lambda actor=actor: arrange_wall(actor=actor, wall=wall, arrangement="mixed", second_language=""),
            lambda actor=actor: rename_wall(actor=actor, wall=wall, name="x"),
            lambda actor=actor: remove_wall(actor=actor, wall=wall),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert not LiveEvent.objects.filter(name="wall").exists()


def test_rename_wall_and_remove_wall(in_altdorf, wall, as_alma):
    rename_wall(actor=as_alma, wall=wall, name="  Empore   links ")
    assert wall.name == "Empore links"
    with pytest.raises(ValidationError):
        rename_wall(actor=as_alma, wall=wall, name="x" * 61)
    code = wall.code
    remove_wall(actor=as_alma, wall=wall)
    assert Client().get(f"/wand/{code}/karten/").status_code == 404
    assert wall_stand(code, "de", "") is None
    assert AuditEntry.objects.filter(code="capture.remove_wall").count() == 1


def test_a_long_statement_is_shortened_between_words(wall, table):
    make_statement(table, "Wort " * 399 + "Ende")
    page = stand(wall)
    assert "Ende" not in page
    assert " Wort …" in page
    assert len(page) < 700
    assert shortened("x" * 2000, 260) == "x" * 260 + " …"
    assert shortened("Kurz.", 260) == "Kurz."
    assert shortened("Eins\n\n\nZwei", 260) == "Eins\nZwei"


def test_a_machine_s_words_say_so_on_the_card(in_altdorf, wall, table, as_alma):
    from ortsdialog.kernel.language import MultilingualText, State

    statement = make_statement(table)
    statement.text = MultilingualText.written("Es fehlen Wohnungen.").with_version("en", "No flats.", State.MACHINE)
    statement.save()
    arrange_wall(actor=as_alma, wall=wall, arrangement="mixed", second_language="en")
    assert "wall-card__state" in wall_stand(wall.code, "de", "")
    assert "wall-card__state" not in wall_stand(wall.code, "de", "uk")


def test_the_stand_depends_on_nothing_but_the_wall_and_its_languages(
    in_altdorf, wall, table, sign_in, alma, time_machine
):
    make_statement(table, "Schon da")
    time_machine.move_to(timezone.now(), tick=False)  # Each picture names its moment; the rest must be the same.
    plain = wall_stand(wall.code, "de", "")
    assert "csrf" not in plain
    german = {"accept-language": "de"}
    assert Client(headers=german).get(f"/wand/{wall.code}/karten/").content.decode() == plain
    assert sign_in(alma).get(f"/wand/{wall.code}/karten/?anzeige=de&seit=7").content.decode() == plain
    assert 'lang="ar"' in markup(Client(headers=german).get(f"/wand/{wall.code}/karten/?zweite=ar"))


@pytest.mark.parametrize("arrangement", ["mixed", "by_table"])
@pytest.mark.parametrize("number", [1, 3])
def test_the_stand_takes_three_queries_and_one_more_for_a_statement_alone(
    in_altdorf, wall, table, second_table, number, arrangement, django_assert_num_queries
):
    for n in range(number):
        statement = make_statement(table, f"Karte {n}")
        make_statement(second_table, f"Karte {n}")
    Wall.objects.update(arrangement=arrangement)
    with django_assert_num_queries(3):
        body = wall_stand(wall.code, "de", "")
    assert body.count("data-at") == 2 * number
    # Eighteen cards stay under 10 kB before compression.
    assert len(body) < 1500 + 2 * number * 500
    Wall.objects.update(highlighted=statement)
    with django_assert_num_queries(3):
        wall_stand(wall.code, "de", "")
    Statement.objects.update(state=ModerationState.HELD)
    with django_assert_num_queries(4):
        wall_stand(wall.code, "de", "")
