"""Keying in what stands on paper: code, text, Enter, next. Nothing typed is lost, nothing is stored twice."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import print_paper_cards
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.models import Gathering, Table

TEXT = "Der Bus fährt abends nicht mehr."


@pytest.fixture
def card(evening: Gathering, table: Table, as_alma: Actor) -> PaperCard:
    """A card of table 1 and round 2, printed."""
    return make_card(evening, table, as_alma)


def make_card(evening: Gathering, table: Table, actor: Actor) -> PaperCard:
    with open_place(evening.place_id):
        round = evening.rounds.get(number=2)
        (made,) = print_paper_cards(actor=actor, gathering=evening, tables=[table], rounds=[round], cards_per_table=1)
        made.table = table
        return made


def address(gathering: Gathering) -> str:
    return f"/schreibtisch/altdorf/veranstaltungen/{gathering.pk}/papier/erfassen/"


def typed(card: PaperCard | None = None, /, **changes: Any) -> dict[str, Any]:
    return {
        "statement_id": str(uuid.uuid4()),
        "card": card.written_code.lower() if card else "",
        "text": TEXT,
        "language": "ar",
        "said_by_count": "4",
        "interpreted": "on",
        "collected_on": timezone.localdate().isoformat(),
        **changes,
    }


def stored_statements() -> list[Statement]:
    return list(Statement.objects.order_by("received_at"))


@pytest.fixture
def desk(sign_in: Any, alma: Any) -> Client:
    return sign_in(alma)  # type: ignore[no-any-return]


def test_page_stores_a_card_and_is_ready_for_the_next(desk: Client, card: PaperCard, evening: Gathering) -> None:
    answer = desk.post(address(evening), typed(card))
    assert answer.status_code == 302
    kept = parse_qs(urlsplit(answer.url).query)
    assert (kept["rede"], kept["am"]) == (["ar"], [timezone.localdate().isoformat()])
    with open_place(evening.place_id):
        (statement,) = stored_statements()
    assert (statement.text.original, statement.said_by_count, statement.interpreted) == ("ar", 4, True)
    assert statement.collected_on == timezone.localdate()
    assert statement.entered_by == "Alma"
    page = desk.get(answer.url)
    html = page.content.decode()
    assert re.search(r'<input[^>]*name="card"[^>]*autofocus', html)
    assert "data-stored" in html
    assert "1 von 1" in text_of(page)
    # Neither the id nor the receipt of what was stored stands on the page.
    assert str(statement.pk) not in html
    assert statement.receipt_code not in html


def test_page_sent_twice_and_reloaded_stores_once(desk: Client, card: PaperCard, evening: Gathering) -> None:
    words = typed(card)
    first, again = desk.post(address(evening), words), desk.post(address(evening), words)
    assert (first.status_code, again.status_code) == (302, 302)
    with open_place(evening.place_id):
        assert len(stored_statements()) == 1


def kept_text(answer: Any) -> str:
    found = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found
    return unescape(found.group(1))


@pytest.mark.parametrize(
    "changes",
    [
        {"card": "QQQ-QQQ"},
        {"card": ""},
        {"language": "xx"},
        {"said_by_count": "0"},
        {"collected_on": ""},
        {"collected_on": (timezone.localdate() + timedelta(days=3)).isoformat()},
        {"statement_id": "kaputt"},
        {"round": "999999"},
    ],
)
def test_page_with_a_mistake_keeps_everything_that_was_typed(
    changes: dict[str, Any], desk: Client, card: PaperCard, evening: Gathering
) -> None:
    answer = desk.post(address(evening), typed(card, **changes))
    assert answer.status_code == 422
    assert kept_text(answer) == TEXT
    assert "aria-invalid" in answer.content.decode() or "statement_id" in changes
    with open_place(evening.place_id):
        assert stored_statements() == []


def test_page_with_too_long_a_text_keeps_it(desk: Client, card: PaperCard, evening: Gathering) -> None:
    answer = desk.post(address(evening), typed(card, text="a" * 2500))
    assert answer.status_code == 422
    assert kept_text(answer) == "a" * 2500


def test_page_suggests_the_card_that_was_probably_meant(desk: Client, card: PaperCard, evening: Gathering) -> None:
    slip = card.code[:-1] + ("A" if card.code[-1] != "A" else "C")
    answer = desk.post(address(evening), typed(card, card=slip))
    assert answer.status_code == 422
    assert card.written_code in text_of(answer)


def test_page_tells_a_tables_code_from_a_cards(desk: Client, table: Table, evening: Gathering) -> None:
    answer = desk.post(address(evening), typed(card=table.code))
    assert answer.status_code == 422
    assert "Tisch 1" in text_of(answer)


def test_page_finds_no_card_of_another_town(
    desk: Client, evening: Gathering, other_evening: Gathering, other_table: Table, as_nils: Actor
) -> None:
    with open_place(other_evening.place_id):
        (foreign,) = print_paper_cards(
            actor=as_nils, gathering=other_evening, tables=[other_table], rounds=[], cards_per_table=1
        )
    answer = desk.post(address(evening), typed(foreign))
    assert answer.status_code == 422
    assert "Neustadt" not in answer.content.decode()


def test_page_with_a_card_that_is_keyed_in_shows_it_and_takes_a_second(
    desk: Client, card: PaperCard, evening: Gathering
) -> None:
    desk.post(address(evening), typed(card))
    again = typed(card, text="Noch ein Satz auf der Karte.")
    answer = desk.post(address(evening), again)
    assert answer.status_code == 409
    assert TEXT in text_of(answer)
    assert kept_text(answer) == "Noch ein Satz auf der Karte."
    assert 'name="second"' in answer.content.decode()
    assert desk.post(address(evening), {**again, "second": "1"}).status_code == 302
    with open_place(evening.place_id):
        first, second = stored_statements()
        assert first.receipt_code == card.receipt_code != second.receipt_code


def test_page_with_another_text_under_the_same_id_shows_both(desk: Client, card: PaperCard, evening: Gathering) -> None:
    words = typed(card)
    desk.post(address(evening), words)
    answer = desk.post(address(evening), {**words, "text": "Ganz anders."})
    assert answer.status_code == 409
    assert kept_text(answer) == "Ganz anders."
    assert TEXT in text_of(answer)


def test_page_takes_paper_without_a_code_and_keeps_table_and_round(
    desk: Client, evening: Gathering, second_table: Table
) -> None:
    with open_place(evening.place_id):
        second_round = evening.rounds.get(number=2)
    choice = {"table": str(second_table.pk), "round": str(second_round.pk)}
    answer = desk.post(address(evening), typed(**choice))
    assert answer.status_code == 302
    page = desk.get(answer.url).content.decode()
    assert re.search(rf'<option value="{second_table.pk}"[^>]*selected', page)
    assert re.search(rf'<option value="{second_round.pk}"[^>]*selected', page)
    with open_place(evening.place_id):
        (statement,) = stored_statements()
        assert (statement.table, statement.round) == (second_table, second_round)
        assert statement.channel == Channel.PAPER


def test_page_puts_paper_without_a_round_into_no_round(desk: Client, evening: Gathering, table: Table) -> None:
    """Round 1 runs just now; the paper was written before, or after."""
    desk.post(address(evening), typed(table=str(table.pk)))
    with open_place(evening.place_id):
        (statement,) = stored_statements()
        assert (statement.round, statement.question) == (None, None)


def test_page_approves_at_once_only_where_it_is_asked_to(desk: Client, evening: Gathering, table: Table) -> None:
    desk.post(address(evening), typed(table=str(table.pk)))
    answer = desk.post(address(evening), typed(table=str(table.pk), text="Zweiter.", approve="on"))
    assert "frei=1" in answer.url
    with open_place(evening.place_id):
        assert [one.state for one in stored_statements()] == [ModerationState.PENDING, ModerationState.APPROVED]


def test_page_proposes_the_day_of_the_event(desk: Client, evening: Gathering) -> None:
    with open_place(evening.place_id):
        evening.starts_at = timezone.now() - timedelta(days=5)
        evening.save()
    day = timezone.localtime(evening.starts_at).date().isoformat()
    assert f'value="{day}"' in desk.get(address(evening)).content.decode()


def test_page_of_a_scanned_card_has_its_code_and_waits_for_the_text(
    desk: Client, card: PaperCard, evening: Gathering
) -> None:
    page = desk.get(f"{address(evening)}?karte={card.code}").content.decode()
    assert re.search(rf'<input[^>]*name="card"[^>]*value="{card.code}"', page)
    assert re.search(r'<textarea[^>]*name="text"[^>]*autofocus', page)


def test_page_is_closed_to_others(sign_in: Any, nils: Any, kim: Any, card: PaperCard, evening: Gathering) -> None:
    for person in (nils, kim):
        client = sign_in(person)
        assert client.get(address(evening)).status_code == 404
        assert client.post(address(evening), typed(card)).status_code == 404


def test_page_takes_the_same_queries_whatever_the_rows(
    desk: Client, evening: Gathering, table: Table, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        desk.post(address(evening), typed(table=str(table.pk), text=f"Satz {number}"))
    with django_assert_num_queries(11):
        desk.get(address(evening))


# The host's page


def host_address(table: Table) -> str:
    return f"/t/{table.code}/gastgeber/papier/"


def test_host_keys_in_a_card_of_her_table(host_phone: Client, card: PaperCard, table: Table) -> None:
    answer = host_phone.post(host_address(table), typed(card))
    assert answer.status_code == 302
    with open_place(table.place_id):
        (statement,) = stored_statements()
    assert statement.entered_by == "Gastgeber:in von Tisch 1"
    assert statement.receipt_code == card.receipt_code
    page = host_phone.get(answer.url)
    assert TEXT in text_of(page)
    assert "no-store" in page["Cache-Control"]


def test_host_keys_in_while_reading_arabic_and_the_team_reads_who(host_phone: Client, table: Table) -> None:
    host_phone.post(host_address(table), typed(), headers={"Accept-Language": "ar"})
    with open_place(table.place_id):
        assert stored_statements()[0].entered_by == "Gastgeber:in von Tisch 1"


def test_host_keeps_her_words_when_the_dialogue_ended_meanwhile(
    host_phone: Client, evening: Gathering, table: Table
) -> None:
    with open_place(table.place_id):
        evening.process.state = "closed"
        evening.process.save()
    answer = host_phone.post(host_address(table), typed())
    assert answer.status_code == 423
    assert kept_text(answer) == TEXT
    assert host_phone.get(host_address(table)).status_code == 404
    with open_place(table.place_id):
        assert stored_statements() == []


def test_host_reads_no_name_of_the_team(
    host_phone: Client, desk: Client, card: PaperCard, evening: Gathering, table: Table
) -> None:
    desk.post(address(evening), typed(card))
    assert "Alma" in text_of(desk.get(address(evening)))
    page = host_phone.post(host_address(table), typed(card, text="Noch einer."))
    assert page.status_code == 409
    assert TEXT in text_of(page)
    assert "Alma" not in text_of(page)
    with open_place(table.place_id):
        (stored,) = stored_statements()
    assert f"/t/{table.code}/gastgeber/beitrag/{stored.handle}/" in page.content.decode()


def test_host_keys_in_paper_without_a_code_at_her_table(host_phone: Client, table: Table) -> None:
    assert host_phone.post(host_address(table), typed()).status_code == 302
    with open_place(table.place_id):
        (statement,) = stored_statements()
        assert statement.table == table


def test_host_is_told_whose_card_it_is_when_it_is_another_tables(
    host_phone: Client, evening: Gathering, table: Table, second_table: Table, as_alma: Actor
) -> None:
    other = make_card(evening, second_table, as_alma)
    answer = host_phone.post(host_address(table), typed(other))
    assert answer.status_code == 422
    assert "Tisch 2" in text_of(answer)
    with open_place(table.place_id):
        assert stored_statements() == []


def test_host_page_is_closed_without_her_card(
    phone: Client, host_phone: Client, table: Table, second_table: Table
) -> None:
    assert phone.get(host_address(table)).status_code == 404
    assert phone.post(host_address(table), typed()).status_code == 404
    assert host_phone.get(host_address(second_table)).status_code == 404


def followed(client: Client, path: str) -> str:
    """Where the chain of redirections ends."""
    answer = client.get(path, follow=True)
    return str(answer.redirect_chain[-1][0])


def test_scanned_card_leads_each_to_the_right_page(
    phone: Client, host_phone: Client, desk: Client, card: PaperCard, table: Table, evening: Gathering
) -> None:
    scanned = f"/k/{card.code}/"
    assert followed(host_phone, scanned) == f"{host_address(table)}?karte={card.code}"
    assert followed(desk, scanned) == f"{address(evening)}?karte={card.code}"
    assert followed(phone, scanned) == f"/t/{table.code}/"
    assert phone.get("/k/QQQQQQ/").status_code == 404
    assert phone.get(f"{host_address(table)}?karte=QQQQQQ").status_code == 404
