"""Several people work through the queue, and nobody meets a card that somebody else looks at."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.tests.pages import form_of, text_of
from ortsdialog.meet.contributions.actions import (
    approve_statement,
    claim_next,
    edit_statement,
    pass_over,
    release_claims,
    renew_claim,
    take_up,
)
from ortsdialog.meet.contributions.actions import queue as queue_module
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.contributions.turns import in_turn, waiting

pytestmark = pytest.mark.django_db

QUEUE = "/schreibtisch/altdorf/beitraege/freigeben/"
ACT = f"{QUEUE}tun/"
A, B = "1:fenster-a", "2:fenster-b"


def waiting_cards(table, number, **fields):
    begin = timezone.now() - timedelta(minutes=5)
    return [
        make_statement(
            table,
            f"Karte-{n:03}",
            device_key=f"g{n}",
            state=ModerationState.PENDING,
            received_at=begin + timedelta(seconds=n),
            **fields,
        )
        for n in range(number)
    ]


def reload(statement):
    with open_place(statement.place_id):
        return Statement.everything.get(pk=statement.pk)


def test_two_windows_get_two_cards_and_each_keeps_its_own(in_altdorf, as_alma, table):
    first, second = waiting_cards(table, 2)
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=A) == first
    assert claim_next(actor=as_alma, where=table.gathering, claimant=B) == second
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=A) == first
    assert claim_next(actor=as_alma, where=in_altdorf, claimant="3:c") is None


def test_a_claim_that_is_not_renewed_runs_out(in_altdorf, as_alma, table):
    (card,) = waiting_cards(table, 1)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    Statement.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=B) == card
    assert renew_claim(actor=as_alma, statement=card, claimant=A) is False
    assert renew_claim(actor=as_alma, statement=card, claimant=B) is True


def test_who_passes_a_card_over_meets_it_last_and_others_at_once(in_altdorf, as_alma, table):
    first, second = waiting_cards(table, 2)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    pass_over(actor=as_alma, statement=first, claimant=A)
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=A) == second
    pass_over(actor=as_alma, statement=second, claimant=A)
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=B) == first


def test_a_closed_window_gives_its_card_back(in_altdorf, as_alma, table):
    (card,) = waiting_cards(table, 1)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    release_claims(actor=as_alma, where=in_altdorf, claimant=A)
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=B) == card


def test_a_decided_card_is_nobodys(in_altdorf, as_alma, table):
    (card,) = waiting_cards(table, 1)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    approve_statement(actor=as_alma, statement=card)
    assert renew_claim(actor=as_alma, statement=card, claimant=A) is False
    assert claim_next(actor=as_alma, where=in_altdorf, claimant=A) is None


def test_observers_and_other_towns_claim_nothing(in_altdorf, as_kim, as_nils, rolf, table):
    (card,) = waiting_cards(table, 1)
    for actor in (as_kim, as_nils, rolf):
        for act, on in (
            (claim_next, {"where": in_altdorf}),
            (renew_claim, {"statement": card}),
            (pass_over, {"statement": card}),
            (release_claims, {"where": in_altdorf}),
        ):
            with pytest.raises(NotAllowed):
                act(actor=actor, claimant=A, **on)
    assert reload(card).claimed_by == ""


# ---- At the same moment -------------------------------------------------------------------------


def drain(actor, table, people, serve):
    """All work until nothing is left; returns every card that was served, as often as it was."""
    served, begin = [], threading.Barrier(people)

    def work(number):
        try:
            with open_place(table.place_id):
                begin.wait(timeout=30)
                while (card := serve(f"{number}:fenster")) is not None:
                    served.append(card.pk)
                    approve_statement(actor=actor, statement=card)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return served


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [2, 6])
def test_many_people_drain_the_queue_and_nobody_meets_a_card_twice(as_alma, table, people):
    cards = waiting_cards(table, 120)
    served = drain(as_alma, table, people, lambda key: claim_next(actor=as_alma, where=table.gathering, claimant=key))
    assert sorted(served) == sorted(card.pk for card in cards)


@pytest.mark.django_db(transaction=True)
def test_without_claims_people_meet(as_alma, table, monkeypatch):
    """The negative control: the same work on the same order, without claims."""
    waiting_cards(table, 40)
    together = threading.Barrier(2)

    def serve(key):
        card = in_turn(waiting(table.gathering)).first()
        if not together.broken:
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(timeout=5)
        return card

    served = drain(as_alma, table, 2, serve)
    assert len(served) > len(set(served))


def test_a_claim_lasts_a_minute():
    assert timedelta(seconds=60) == queue_module.CLAIM_KEPT


# ---- The page -----------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, alma):
    return sign_in(alma)


def test_the_page_shows_one_card_and_passes_it_over(desk, table):
    first, _second = waiting_cards(table, 2)
    page = desk.get(QUEUE, {"fenster": "fenster01"}).content.decode()
    assert "Karte-000" in page
    assert "Karte-001" not in page
    answer = desk.post(ACT, {"deed": "pass", "fenster": "fenster01", "handle": first.handle})
    assert answer.headers["Location"] == f"{QUEUE}?fenster=fenster01"
    assert "Karte-001" in desk.get(answer.headers["Location"]).content.decode()


def test_a_new_window_gets_a_name_of_its_own(desk, table):
    waiting_cards(table, 2)
    pages = [desk.get(QUEUE, {"fenster": "NICHT ERLAUBT"}).content.decode() for _ in range(2)]
    assert ["Karte-000" in page for page in pages] == [True, False]


def test_the_open_page_keeps_its_card_and_the_closed_one_gives_it_back(desk, table):
    (card,) = waiting_cards(table, 1)
    mine = {"fenster": "fenster01", "handle": card.handle}
    desk.get(QUEUE, mine)
    assert desk.post(ACT, {**mine, "deed": "keep"}).json() == {"kept": True, "waiting": 1}
    assert desk.post(ACT, {**mine, "deed": "keep", "fenster": "fenster02"}).json()["kept"] is False
    assert desk.post(ACT, {**mine, "deed": "leave"}).status_code == 204
    assert reload(card).claimed_by == ""
    assert desk.post(ACT, {"deed": "keep", "fenster": "fenster01"}).json() == {"kept": False, "waiting": 1}


def test_known_devices_are_approved_with_one_button_and_taken_back_with_one(desk, table):
    make_statement(table, "frei", device_key="g0")
    (card,) = waiting_cards(table, 1)
    (more,) = waiting_cards(table, 1)
    where = {"veranstaltung": table.gathering_id, "fenster": "fenster01"}
    assert 'value="known"' in desk.get(QUEUE, where).content.decode()
    desk.post(ACT, {**where, "deed": "known"})
    assert {reload(card).state, reload(more).state} == {"approved"}
    page = desk.get(QUEUE, where).content.decode()
    assert 'value="return_all"' in page
    desk.post(f"/schreibtisch/altdorf/beitraege/{card.handle}/entscheiden/", {"decision": "return_all"})
    assert {reload(card).state, reload(more).state} == {"pending"}


def test_a_device_is_held_from_its_card(desk, table):
    first, second = (
        make_statement(table, f"Hass {n}", device_key="boese", state=ModerationState.PENDING) for n in range(2)
    )
    assert 'value="hold_device"' in desk.get(QUEUE, {"fenster": "fenster01"}).content.decode()
    path = f"/schreibtisch/altdorf/beitraege/{first.handle}/entscheiden/"
    desk.post(path, {"decision": "hold_device", "why": HoldReason.HURTS})
    assert {reload(first).state, reload(second).state} == {"held"}


def test_suspected_words_are_marked_and_escaped(desk, table):
    text = "<b>Anruf</b> 07151 / 123 456"
    hints = [{"kind": "phone", "start": text.index("07151"), "length": 15}]
    make_statement(table, text, hints=hints, state=ModerationState.PENDING)
    page = desk.get(QUEUE).content.decode()
    assert '&lt;b&gt;Anruf&lt;/b&gt; <mark class="hint">07151 / 123 456</mark>' in page


def test_the_page_never_names_the_key_of_a_device(desk, table):
    make_statement(table, "Karte", device_key="geheimerschluessel", state=ModerationState.PENDING)
    assert "geheimerschluessel" not in desk.get(QUEUE).content.decode()


def test_an_unknown_event_is_no_page(desk, other_table):
    for written in ("quatsch", "999999", str(other_table.gathering_id)):
        assert desk.get(QUEUE, {"veranstaltung": written}).status_code == 404
    assert desk.get(ACT).status_code == 302


def test_whoever_undoes_a_decision_has_that_card_before_her_next(desk, table):
    decided, other = waiting_cards(table, 2)
    where = {"fenster": "fenstereins"}
    desk.get(QUEUE, where)
    decide = f"/schreibtisch/altdorf/beitraege/{decided.handle}/entscheiden/"
    desk.post(decide, {"decision": "approve", "based_on": "1"})
    assert f'data-handle="{other.handle}"' in desk.get(QUEUE, where).content.decode()
    desk.post(decide, {"decision": "return", **where})
    assert f'data-handle="{decided.handle}"' in desk.get(QUEUE, where).content.decode()
    assert reload(other).claimed_by == ""


def test_a_card_that_somebody_else_looks_at_is_not_taken_up(in_altdorf, as_alma, table):
    first, second = waiting_cards(table, 2)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    claim_next(actor=as_alma, where=in_altdorf, claimant=B)
    assert take_up(actor=as_alma, statement=first, claimant=B) is False
    assert (reload(first).claimed_by, reload(second).claimed_by) == (A, B)


def test_what_a_window_has_passed_over_stays_passed_over(in_altdorf, as_alma, table):
    first, second = waiting_cards(table, 2)
    claim_next(actor=as_alma, where=in_altdorf, claimant=A)
    pass_over(actor=as_alma, statement=first, claimant=A)
    assert take_up(actor=as_alma, statement=second, claimant=A)
    assert reload(first).claimed_by == A


def test_nobody_approves_words_that_she_has_not_read(desk, as_alma, table):
    (card,) = waiting_cards(table, 1)
    decide = f"/schreibtisch/altdorf/beitraege/{card.handle}/entscheiden/"
    page = desk.get(QUEUE, {"fenster": "fenstereins"})
    before = form_of(page, decide)
    with open_place(card.place_id):
        edit_statement(
            actor=as_alma,
            statement=card,
            based_on=1,
            text="Frau Maier aus der Gartenstraße war es",
            language="de",
            said_by_count=1,
            interpreted=False,
        )
    again = desk.post(decide, {"decision": "approve", **before}, follow=True)
    assert "inzwischen geändert" in text_of(again)
    assert "Frau Maier aus der Gartenstraße war es" in text_of(again)
    assert f'data-handle="{card.handle}"' in again.content.decode(), "it still lies before the same window"
    assert reload(card).state == ModerationState.PENDING
    desk.post(decide, {"decision": "approve", **form_of(again, decide)})
    assert reload(card).state == ModerationState.APPROVED
    # The late press of somebody else on what is approved already changes nothing and is no fault.
    assert "inzwischen geändert" not in text_of(desk.post(decide, {"decision": "approve", **before}, follow=True))


def test_a_changed_wording_stands_beside_the_first_one(desk, as_alma, table):
    (card,) = waiting_cards(table, 1)
    with open_place(card.place_id):
        edit_statement(
            actor=as_alma,
            statement=card,
            based_on=card.version,
            text="Karte, neu gefasst",
            language="de",
            said_by_count=1,
            interpreted=False,
        )
    page = desk.get(QUEUE).content.decode()
    assert "Karte-000" in page
    assert "Karte, neu gefasst" in page
