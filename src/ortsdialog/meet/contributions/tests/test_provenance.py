"""Everywhere visible who wrote it down, at which table, for how many people, and through whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.provenance import Provenance, provenance_of
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db

LIST = "/schreibtisch/altdorf/beitraege/"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def card(table):
    return make_statement(
        table,
        "Mehr Bänke",
        channel=Channel.PAPER,
        said_by_count=4,
        interpreted=True,
        collected_on=date(2026, 3, 12),
        entered_by="Alma",
        version=2,
    )


def rendered(template, **context):
    return Template("{% load contributions %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("channel", "short", "full"),
    [
        (Channel.PHONE, "written on a guest’s phone", "written on a guest’s phone"),
        (Channel.HOST, "written down by the host", "written down by the host of table 1"),
        (Channel.PAPER, "from a paper card", "from a paper card, keyed in by the team"),
    ],
)
def test_who_wrote_it_down_is_said_by_role(table, channel, short, full):
    origin = provenance_of(make_statement(table, channel=channel, entered_by="Alma"))
    assert (origin.written, origin.written_in_full) == (short, full)


def test_names_are_for_the_desk_alone(card):
    assert "Alma" not in " ".join(provenance_of(card).full)
    assert "keyed in by Alma" in " ".join(provenance_of(card, names=True).full)


def test_everything_is_told_once(card, in_altdorf):
    assert provenance_of(card).full == [
        "Table 1",
        "Round 1",
        "from a paper card, keyed in by the team",
        "said by 4 people",
        "through an interpreter",
        "wording changed afterwards",
    ]
    assert rendered("{% where_from s %}", s=card) == (
        "Table 1 · Round 1 · said by 4 people · through an interpreter · from a paper card"
    )
    line = rendered("{% provenance s %}", s=card)
    assert line.startswith("<span>Table 1 · Round 1 · from a paper card, keyed in by the team · said by 4 people")
    assert 'datetime="2026-03-12"' in line


def test_what_is_usual_is_not_said(table):
    statement = make_statement(table, round=None)
    statement.table = None
    assert provenance_of(statement).short == ["written on a guest’s phone"]


def test_export_gets_plain_phrases(card):
    assert isinstance(provenance_of(card), Provenance)
    assert all(isinstance(part, str) and "<" not in part for part in provenance_of(card, names=True).full)


def test_voice_quotes_with_language_and_direction(table):
    statement = make_statement(table, "<b>مرحبا</b> بكم جميعا", language="ar")
    assert rendered("{% voice s cut=9 %}", s=statement) == (
        '<q class="voice"><span lang="ar" dir="rtl">&lt;b&gt;مرحبا…</span></q>'
    )


def test_voice_says_where_a_machine_spoke(table):
    statement = make_statement(table, "Hallo zusammen")
    statement.text = statement.text.with_version("en", "Hello", State.MACHINE)
    assert "Machine translation, not checked" in rendered("{% voice s %}", s=statement)
    statement.text = statement.text.with_version("de", "Hallo alle", State.ORIGINAL)
    assert "out of date" in rendered("{% voice s %}", s=statement)


def test_wordings_stand_with_the_original_first(table):
    text = MultilingualText.of({"ar": "مرحبا", "de": "Hallo"}, original="ar", state=State.MACHINE)
    states = "{{ w.version.language }}{{ w.is_original }}{{ w.waits_for_check }}{{ w.is_old }} "
    found = rendered("{% wordings_of t as all %}{% for w in all %}" + states + "{% endfor %}", t=text)
    assert found == "arTrueFalseFalse deFalseTrueFalse "


@pytest.mark.parametrize("where", ["list", "detail", "queue", "public"])
def test_pages_tell_that_it_was_interpreted_and_for_how_many(client, sign_in, alma, card, where):
    paths = {
        "list": LIST,
        "detail": f"{LIST}{card.handle}/",
        "queue": f"{LIST}freigeben/",
        "public": reverse("site:statements", args=["altdorf", "dialog"]),
    }
    if where == "queue":
        with open_place(card.place_id):
            card.state = "pending"
            card.save(update_fields=["state"])
    browser = client if where == "public" else sign_in(alma)
    page = browser.get(paths[where], headers={"accept-language": "en"}).content.decode()
    assert "through an interpreter" in page
    assert ("said by 4 people" in page) or ("4 people" in page)
    assert ("Alma</" in page or "by Alma" in page) or where != "detail"
    if where == "public":
        assert "Alma" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"weg": "paper"}, {"Papier"}),
        ({"weg": "phone"}, {"Handy", "Zweifel", "Maschine"}),
        ({"besonders": "gedolmetscht"}, {"Papier"}),
        ({"besonders": "hinweis"}, {"Handy"}),
        ({"besonders": "sprache"}, {"Zweifel"}),
        ({"besonders": "ungeprueft"}, {"Maschine"}),
        ({"besonders": "quatsch"}, set()),
        ({"weg": "quatsch"}, set()),
    ],
)
def test_list_narrows_by_channel_and_what_is_special(sign_in, alma, table, other_table, query, expected):
    make_statement(other_table, "Fremd", channel=Channel.PAPER, interpreted=True, guessed_language="ar")
    make_statement(table, "Papier", channel=Channel.PAPER, interpreted=True, guessed_language="de")
    make_statement(table, "Handy", hints=[{"kind": "phone", "start": 0, "length": 3}], guessed_language="-")
    make_statement(table, "Zweifel", guessed_language="fr")
    translated = make_statement(table, "Maschine")
    with open_place(table.place_id):
        translated.text = translated.text.with_version("ar", "آلة", State.MACHINE)
        translated.save(update_fields=["text"])
    page = sign_in(alma).get(LIST, query).content.decode()
    assert {word for word in ("Papier", "Handy", "Zweifel", "Maschine", "Fremd") if f">{word}<" in page} == expected
