from __future__ import annotations

import pytest
from django.test import Client

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import edit_statement
from ortsdialog.meet.contributions.tests.conftest import evening, table  # noqa: F401
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db


def test_writer_sees_her_own_words_as_hers_and_the_new_ones_as_the_teams(table):  # noqa: F811
    statement = make_statement(table, "Meine eigenen Worte")
    with open_place(table.place_id):
        edit_statement(
            actor=Actor.system("test"), statement=statement, based_on=1, text="Worte des Teams", language="de",
            said_by_count=1, interpreted=False, reason="Name herausgenommen",
        )  # fmt: skip
    page = Client().get(statement.get_absolute_url()).content.decode()
    voice, _, rest = page.partition("</figure>")
    assert ("Meine eigenen Worte" in voice, "Worte des Teams" in voice) == (True, False)
    answer = rest.partition('class="answer"')[2]
    assert ("Worte des Teams" in answer, "Name herausgenommen" in answer) == (True, True)


def test_writer_of_an_untouched_statement_reads_of_no_rewording(table):  # noqa: F811
    page = Client().get(make_statement(table, "Meine eigenen Worte").get_absolute_url()).content.decode()
    assert ("Meine eigenen Worte" in page, 'class="answer"' in page) == (True, False)
