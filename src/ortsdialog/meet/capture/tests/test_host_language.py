"""The host answers what a machine asks about the language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db

ARABIC = "نحتاج إلى طبيب في القرية"


def address(table, statement):
    return reverse("capture:host-language", kwargs={"code": table.code, "handle": statement.handle})


def language_of(statement):
    with open_place(statement.place_id):
        return Statement.everything.get(pk=statement.pk).text.original


def waiting(table):
    return make_statement(table, ARABIC, guessed_language="ar", state=ModerationState.PENDING)


def test_host_sees_the_doubt_and_corrects_it(host_phone, table):
    statement = waiting(table)
    page = f"/t/{table.code}/gastgeber/"
    assert address(table, statement) in host_phone.get(page).content.decode()
    answer = host_phone.post(address(table, statement), {"language": "ar"}, follow=True)
    assert language_of(statement) == "ar"
    assert address(table, statement) not in answer.content.decode()


def test_host_of_one_table_corrects_nothing_at_another(host_phone, table, second_table, other_table):
    for elsewhere in (second_table, other_table):
        statement = waiting(elsewhere)
        assert host_phone.post(address(table, statement), {"language": "ar"}).status_code == 404
        assert host_phone.post(address(elsewhere, statement), {"language": "ar"}).status_code == 404
        assert language_of(statement) == "de"


def test_stranger_finds_nothing_and_a_wrong_language_changes_nothing(host_phone, table):
    statement = waiting(table)
    assert Client().post(address(table, statement), {"language": "ar"}).status_code == 404
    host_phone.post(address(table, statement), {"language": "xx"})
    assert language_of(statement) == "de"
    assert host_phone.get(address(table, statement)).status_code == 302
