"""The page that runs a wall, with plain forms."""

from __future__ import annotations

import pytest
from django.test import Client

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.tests.factories import make_user
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(wall):
    return f"/schreibtisch/altdorf/waende/{wall.pk}/"


def fresh(wall):
    with open_place(wall.place_id):
        return Wall.objects.select_related("highlighted").get(pk=wall.pk)


def test_wall_remote_runs_the_wall_by_plain_forms(sign_in, alma, wall, table, remote):
    statement = make_statement(table, "Allein an die Wand")
    make_statement(table, "Wartet noch", state=ModerationState.PENDING)
    client = sign_in(alma)
    page = client.get(remote)
    assert "Allein an die Wand" in text_of(page)
    assert "Wartet noch" not in text_of(page)
    assert f"https://ortsdialog.test/wand/{wall.code}/" in page.content.decode()
    for values, expected in (
        ({"deed": "pause"}, lambda now: now.paused_at is not None),
        ({"deed": "older"}, lambda now: now.steps_back == 1),
        ({"deed": "newer"}, lambda now: now.steps_back == 0),
        ({"deed": "resume"}, lambda now: now.paused_at is None),
        ({"deed": "quiet"}, lambda now: now.is_quiet),
        ({"deed": "cards"}, lambda now: not now.is_quiet),
        ({"deed": "raise", "handle": statement.handle}, lambda now: now.highlighted == statement),
        ({"deed": "lower"}, lambda now: now.highlighted is None),
        (
            {"deed": "arrange", "arrangement": "by_table", "second_language": "ar"},
            lambda now: (now.arrangement, now.second_language) == ("by_table", "ar"),
        ),
        ({"deed": "rename", "name": "Empore"}, lambda now: now.name == "Empore"),
    ):
        answer = client.post(remote, values)
        assert (answer.status_code, answer.headers["Location"]) == (302, remote), values
        assert expected(fresh(wall)), values


def test_wall_remote_refuses_what_cannot_stand_on_a_wall(sign_in, alma, wall, table, other_table, remote):
    held = make_statement(table, "Zurückgehalten", state=ModerationState.HELD)
    foreign = make_statement(other_table, "Neustadt-Geheimnis")
    client = sign_in(alma)
    for values in (
        {"deed": "raise", "handle": held.handle},
        {"deed": "raise", "handle": foreign.handle},
        {"deed": "raise"},
        {"deed": "explode"},
        {},
        {"deed": "arrange", "arrangement": "x"},
        {"deed": "rename", "name": "x" * 61},
    ):
        answer = client.post(remote, values)
        assert answer.status_code == 422, values
        assert "Geheimnis" not in text_of(answer)
    assert fresh(wall).highlighted is None


def test_wall_remote_finds_statements_by_their_words(sign_in, alma, wall, table, remote):
    make_statement(table, "Der Bus fährt nicht")
    make_statement(table, "Mehr Bänke")
    page = text_of(sign_in(alma).get(f"{remote}?worte=BUS"))
    assert "Der Bus fährt nicht" in page
    assert "Mehr Bänke" not in page


def test_wall_remote_says_how_many_wait(sign_in, alma, wall, table, remote):
    client = sign_in(alma)
    client.post(remote, {"deed": "pause"})
    for n in range(3):
        make_statement(table, f"Neu {n}")
    assert "3" in text_of(client.get(remote)).split("Neu")[0]
    assert "Neu 0" not in text_of(Client().get(f"/wand/{wall.code}/karten/"))


def test_a_note_taker_runs_walls_and_sets_none_up(sign_in, altdorf, wall, evening, remote):
    person = make_user("toni@altdorf.example", "Toni", Role.NOTE_TAKER, place=altdorf)
    client = sign_in(person)
    assert client.get("/schreibtisch/altdorf/waende/").status_code == 200
    assert client.post(remote, {"deed": "pause"}).status_code == 302
    page = client.get(remote).content.decode()
    assert 'value="rename"' not in page
    assert client.get(f"{remote}abbauen/").status_code == 404
    assert client.post(remote, {"deed": "rename", "name": "x"}).status_code == 404
    wanted = {"gathering": evening.pk, "second_language": ""}
    assert client.post("/schreibtisch/altdorf/waende/", wanted).status_code == 404
    assert 'name="second_language"' not in client.get("/schreibtisch/altdorf/waende/").content.decode()


def test_wall_remote_is_closed_to_others(sign_in, kim, nils, client, host_phone, wall, remote):
    assert client.get(remote).status_code == 302
    assert host_phone.post(remote, {"deed": "pause"}).status_code == 302
    for person in (kim, nils):
        assert sign_in(person).get(remote).status_code == 404
        assert sign_in(person).post(remote, {"deed": "pause"}).status_code == 404
    assert sign_in(nils).get(f"/schreibtisch/neustadt/waende/{wall.pk}/").status_code == 404
    assert fresh(wall).paused_at is None


def test_wall_remove_asks_first(sign_in, alma, wall, remote):
    client = sign_in(alma)
    assert client.get(f"{remote}abbauen/").status_code == 200
    assert fresh(wall)
    assert client.post(f"{remote}abbauen/").headers["Location"] == "/schreibtisch/altdorf/waende/"
    assert client.get(remote).status_code == 404


def test_only_the_wall_s_own_page_may_stand_in_a_frame_of_the_house(wall, client):
    page, other = client.get(f"/wand/{wall.code}/"), client.get(f"/wand/{wall.code}/tische/")
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


@pytest.mark.parametrize("number", [1, 3])
def test_wall_remote_s_queries_do_not_grow(sign_in, alma, wall, table, remote, number, django_assert_num_queries):
    for n in range(number):
        make_statement(table, f"Karte {n}")
    client = sign_in(alma)
    client.get(remote)
    with django_assert_num_queries(8):
        client.get(remote)
