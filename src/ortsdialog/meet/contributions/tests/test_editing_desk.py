from __future__ import annotations

import re

import pytest

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.tests.factories import make_user
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import edit_statement
from ortsdialog.meet.contributions.models import Revision, Statement
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db
LIST = "/schreibtisch/altdorf/beitraege/"


def page_of(statement):
    return f"{LIST}{statement.handle}/bearbeiten/"


def posted(**fields):
    return {"based_on": "1", "text": "Neue Fassung", "language": "de", "said_by_count": "1", "reason": "", **fields}


def now(statement):
    with open_place(statement.place_id):
        return Statement.objects.get(pk=statement.pk)


@pytest.fixture
def statement(table):
    return make_statement(table)


@pytest.fixture
def note_taker(altdorf):
    return make_user("nora@altdorf.example", "Nora", Role.NOTE_TAKER, place=altdorf)


def test_note_taker_rewords_and_takes_it_back_at_once(sign_in, note_taker, statement):
    at_desk = sign_in(note_taker)
    assert "Es fehlen Wohnungen." in at_desk.get(page_of(statement)).content.decode()
    saved = at_desk.post(page_of(statement), posted(reason="Tippfehler"))
    assert saved.headers["Location"] == f"{page_of(statement)}?gespeichert=2#gespeichert"
    assert now(statement).text.original_text == "Neue Fassung"
    page = at_desk.get(f"{page_of(statement)}?gespeichert=2").content.decode()
    with open_place(statement.place_id):
        first = Revision.objects.get(statement=statement, version=1)
    assert f'name="restore" value="{first.pk}"' in page.replace("\n", " ")
    at_desk.post(page_of(statement), {"restore": first.pk, "based_on": "2"})
    assert (now(statement).text.original_text, now(statement).version) == ("Es fehlen Wohnungen.", 3)


def test_undo_is_offered_only_right_after_the_edit(sign_in, alma, statement):
    at_desk = sign_in(alma)
    at_desk.post(page_of(statement), posted())
    shown = [
        'id="gespeichert"' in at_desk.get(f"{page_of(statement)}{query}").content.decode()
        for query in ("", "?gespeichert=2", "?gespeichert=1", "?gespeichert=x", "?gespeichert=99999999999999999999")
    ]
    assert shown == [False, True, False, False, False]


def test_stale_page_gets_both_texts_side_by_side(sign_in, alma, tessa, statement):
    at_desk = sign_in(alma)
    with open_place(statement.place_id):
        edit_statement(
            actor=tessa, statement=statement, based_on=1, text="Tessas Fassung", language="de", said_by_count=1,
            interpreted=False,
        )  # fmt: skip
    answer = at_desk.post(page_of(statement), posted(text="Almas Fassung"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("Tessas Fassung" in page, "Almas Fassung" in page) == (True, True)
    assert re.search(r"<textarea[^>]*>\s*Almas Fassung</textarea>", page)
    assert 'name="based_on" value="2"' in page
    assert now(statement).text.original_text == "Tessas Fassung"
    with open_place(statement.place_id):
        kept = Revision.objects.get(statement=statement, version=None)
    at_desk.post(page_of(statement), {"restore": kept.pk, "based_on": "2"})
    assert now(statement).text.original_text == "Almas Fassung"
    merged = at_desk.post(page_of(statement), posted(based_on="3", text="Beide Fassungen"))
    assert (merged.status_code, now(statement).text.original_text) == (302, "Beide Fassungen")


def test_unfit_words_come_back_with_the_reason(sign_in, alma, statement):
    at_desk = sign_in(alma)
    for fields in ({"text": " "}, {"text": "x" * 2001}, {"said_by_count": "0"}, {"language": "xx"}, {"based_on": "x"}):
        assert at_desk.post(page_of(statement), posted(**fields)).status_code == 422
    assert now(statement).version == 1


def test_wording_of_another_statement_is_not_found(sign_in, alma, tessa, statement, table):
    other = make_statement(table, "Ein anderer")
    with open_place(table.place_id):
        edit_statement(
            actor=tessa, statement=other, based_on=1, text="Anders", language="de", said_by_count=1, interpreted=False
        )
        foreign = Revision.objects.filter(statement=other).first()
    at_desk = sign_in(alma)
    for number in (foreign.pk, "x", "9" * 30, ""):
        assert at_desk.post(page_of(statement), {"restore": number, "based_on": "1"}).status_code == 404
    assert now(statement).version == 1


def test_statements_of_other_towns_and_people_without_the_right_find_nothing(
    sign_in, alma, kim, client, other_table, statement
):
    foreign = make_statement(other_table, "Neustadt-Geheimnis")
    assert client.get(page_of(statement)).status_code == 302
    assert sign_in(kim).get(page_of(statement)).status_code == 404
    at_desk = sign_in(alma)
    for answer in (at_desk.get(page_of(foreign)), at_desk.post(page_of(foreign), posted())):
        assert (answer.status_code, b"Geheimnis" in answer.content) == (404, False)


def test_statement_page_shows_the_history_and_the_way_to_reword(sign_in, alma, kim, statement):
    at_desk = sign_in(alma)
    detail = f"{LIST}{statement.handle}/"
    assert page_of(statement) in at_desk.get(detail).content.decode()
    at_desk.post(page_of(statement), posted())
    page = at_desk.get(detail).content.decode()
    assert ("Es fehlen Wohnungen." in page, "Neue Fassung" in page) == (True, True)
    assert page_of(statement) not in sign_in(kim).get(detail).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_edit_page_do_not_grow(sign_in, alma, statement, number, django_assert_num_queries):
    at_desk = sign_in(alma)
    for n in range(number):
        at_desk.post(page_of(statement), posted(based_on=str(n + 1), text=f"Fassung {n}"))
    with django_assert_num_queries(8):
        at_desk.get(page_of(statement))
