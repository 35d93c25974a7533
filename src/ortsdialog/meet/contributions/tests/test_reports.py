"""Anybody may report a public statement; people decide, and both sides learn why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ortsdialog.ground.accounts.tests.outbox import deliver
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import (
    dismiss_report,
    file_report,
    forget_device_keys,
    forget_reporters,
    uphold_report,
)
from ortsdialog.meet.contributions.actions import reports as reports_module
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState, ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.reporting import held_by
from ortsdialog.meet.contributions.tasks import forget_devices, forget_who_reported
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.gatherings.models import Gathering

pytestmark = pytest.mark.django_db

DESK = "/schreibtisch/altdorf/meldungen/"


@pytest.fixture
def statement(table):
    return make_statement(table, "Karte-öffentlich")


def report_on(statement, **fields):
    words = {"code": new_receipt_code(), "reason": HoldReason.NAMES, "words": "Das bin ich."} | fields
    with open_place(statement.place_id):
        return file_report(actor=Actor.guest(), statement=statement, **words)


def reload(row):
    with open_place(row.place_id):
        return type(row).objects.get(pk=row.pk)


# ---- Reporting ----------------------------------------------------------------------------------


def form(**fields):
    return {
        "code": new_receipt_code(),
        "reason": "names",
        "words": "Das ist mein Nachbar.",
        "good_faith": "on",
        "website": "",
    } | fields


def test_anybody_reports_and_finds_the_report_again(client, statement):
    address = f"/melden/{statement.handle}/"
    page = client.get(address)
    assert "Karte-öffentlich" in page.content.decode()
    assert page.headers["Cache-Control"].startswith("no-store")
    assert statement.receipt_code not in page.content.decode()
    sent = form()
    answer = client.post(address, sent)
    assert answer.headers["Location"] == f"/meldung/{sent['code']}/"
    assert "Das ist mein Nachbar." in client.get(answer.headers["Location"]).content.decode()
    # The second tap.
    assert client.post(address, sent).headers["Location"] == answer.headers["Location"]
    with open_place(statement.place_id):
        assert Report.objects.get().reporter_email == ""
    assert client.get(f"/meldung/{sent['code'].lower().replace('-', '')}/").status_code == 302
    assert client.get("/meldung/0000-0000-0000/").status_code == 404


@pytest.mark.parametrize("missing", [{"good_faith": ""}, {"words": " "}, {"reason": "erfunden"}, {"email": "keine"}])
def test_an_unfit_report_comes_back_with_the_words(client, statement, missing):
    answer = client.post(f"/melden/{statement.handle}/", form(name="Rolf Muster") | missing)
    assert answer.status_code == 422
    assert "Rolf Muster" in answer.content.decode()
    with open_place(statement.place_id):
        assert not Report.objects.exists()


def test_only_what_is_public_can_be_reported(client, table, dialogue):
    hidden = [
        make_statement(table, "wartet", state=ModerationState.PENDING),
        make_statement(table, "gehalten", state=ModerationState.HELD),
        make_statement(table, "Probe", rehearsal=True),
    ]
    for statement in hidden:
        assert client.get(f"/melden/{statement.handle}/").status_code == 404
    for statement in hidden[:2]:
        with pytest.raises(NotAllowed):
            report_on(statement)


def test_a_program_that_fills_in_everything_stores_nothing(client, statement):
    assert client.post(f"/melden/{statement.handle}/", form(website="http://x.example")).status_code == 200
    with open_place(statement.place_id):
        assert not Report.objects.exists()


def test_one_device_is_slowed_down_and_the_hall_is_not(client, statement):
    from django.test import Client

    address = f"/melden/{statement.handle}/"
    assert {client.post(address, form()).status_code for _ in range(10)} == {302}
    assert client.post(address, form()).status_code == 422
    assert Client().post(address, form()).status_code == 302


def test_many_reports_on_one_statement_are_enough(in_altdorf, statement, monkeypatch):
    monkeypatch.setattr(reports_module, "OPEN_AT_MOST", 2)
    report_on(statement)
    report_on(statement)
    with pytest.raises(ValidationError) as refused:
        report_on(statement)
    assert refused.value.code == "enough"


def test_every_public_statement_has_its_link(client, statement, dialogue):
    page = client.get("/orte/altdorf/dialoge/dialog/beitraege/").content.decode()
    assert f'href="/melden/{statement.handle}/"' in page


# ---- Deciding -----------------------------------------------------------------------------------


def test_a_report_is_followed_and_both_sides_learn_why(
    client, in_altdorf, as_alma, statement, django_capture_on_commit_callbacks
):
    report, other = report_on(statement, email="rolf@example.org", name="Rolf"), report_on(statement)
    with django_capture_on_commit_callbacks(execute=True):
        uphold_report(actor=as_alma, report=report, answer="Danke.", to_writer="Bitte ohne Namen.")
    held = reload(statement)
    assert (held.state, held.hold_reason) == (ModerationState.HELD, HoldReason.NAMES)
    assert held_by(held).after_report is True
    assert {reload(report).state, reload(other).state} == {ReportState.UPHELD}
    page = client.get(f"/weg/{statement.receipt_code}/").content.decode()
    assert "Bitte ohne Namen." in page
    assert "Rolf" not in page
    assert "Alma" not in page
    assert "Danke." in client.get(f"/meldung/{report.code}/").content.decode()
    (mail,) = deliver()
    assert mail.to == ["rolf@example.org"]
    assert report.code in mail.body
    # Deciding twice changes nothing.
    dismiss_report(actor=as_alma, report=report, answer="doch nicht")
    assert reload(report).state == ReportState.UPHELD


def test_a_report_is_dismissed_with_an_answer(client, in_altdorf, as_alma, statement):
    report = report_on(statement)
    with pytest.raises(ValidationError):
        dismiss_report(actor=as_alma, report=report, answer=" ")
    dismiss_report(actor=as_alma, report=report, answer="Eine Meinung.")
    uphold_report(actor=as_alma, report=report)
    assert (reload(report).state, reload(statement).state) == (ReportState.DISMISSED, ModerationState.APPROVED)


def test_only_staff_of_the_town_decides(in_altdorf, as_kim, as_nils, tessa, statement):
    report = report_on(statement)
    for actor in (as_kim, as_nils, tessa, Actor.guest()):
        with pytest.raises(NotAllowed):
            uphold_report(actor=actor, report=report)
        with pytest.raises(NotAllowed):
            dismiss_report(actor=actor, report=report, answer="x")
    assert reload(report).state == ReportState.OPEN


def test_the_desk_lists_and_decides(sign_in, alma, statement, table, other_table):
    report_on(make_statement(other_table, "Neustadt-Geheimnis"))
    report, second = report_on(statement), report_on(make_statement(table, "Zweite"))
    desk = sign_in(alma)
    page = desk.get(DESK).content.decode()
    assert "Karte-öffentlich" in page
    assert "Geheimnis" not in page
    one = f"{DESK}{report.pk}/"
    assert "Das bin ich." in desk.get(one).content.decode()
    assert desk.post(one, {"decision": "dismiss", "answer": " "}).status_code == 422
    assert desk.post(one, {"decision": "dismiss", "answer": "Bleibt."}).status_code == 302
    desk.post(f"{DESK}{second.pk}/", {"decision": "uphold", "why": "hurts"})
    assert (reload(report).state, reload(second).state) == (ReportState.DISMISSED, ReportState.UPHELD)
    assert desk.get(one).status_code == 200


def test_reports_of_other_towns_do_not_exist(sign_in, alma, kim, other_table, statement):
    foreign = report_on(make_statement(other_table, "Neustadt-Geheimnis"))
    assert sign_in(alma).get(f"{DESK}{foreign.pk}/").status_code == 404
    assert sign_in(kim).get(DESK).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow(sign_in, alma, table, number, django_assert_num_queries):
    for n in range(number):
        report_on(make_statement(table, f"K{n}"))
    desk = sign_in(alma)
    desk.get(DESK)
    with django_assert_num_queries(8):
        desk.get(DESK)


# ---- Forgetting ---------------------------------------------------------------------------------


def test_who_reported_is_forgotten_ninety_days_after_the_decision(in_altdorf, as_alma, as_kim, statement):
    old, new, waiting = (report_on(statement, name="Rolf", email="r@example.org") for _ in range(3))
    Report.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(days=91))
    Report.objects.filter(pk=new.pk).update(decided_at=timezone.now() - timedelta(days=89))
    with pytest.raises(NotAllowed):
        forget_reporters(actor=as_kim, place=in_altdorf)
    forget_who_reported()
    assert [(reload(r).reporter_name, reload(r).reporter_email) for r in (old, new, waiting)] == [
        ("", ""),
        ("Rolf", "r@example.org"),
        ("Rolf", "r@example.org"),
    ]
    assert reload(old).words == "Das bin ich."


def test_devices_are_forgotten_a_week_after_the_event(in_altdorf, as_kim, table):
    statement = make_statement(table, device_key="abc")
    forget_devices()
    assert reload(statement).device_key == "abc"
    Gathering.objects.update(state="closed", closed_at=timezone.now() - timedelta(days=8))
    with pytest.raises(NotAllowed):
        forget_device_keys(actor=as_kim, place=in_altdorf)
    forget_devices()
    assert Statement.objects.get().device_key == ""


def test_devices_of_an_event_that_nobody_closed_are_forgotten_a_week_after_it(in_altdorf, table):
    statement, now = make_statement(table, device_key="abc"), timezone.now()
    long_ago, lately = now - timedelta(days=8), now - timedelta(days=6)
    for times in (
        {"starts_at": lately, "ends_at": None},
        {"starts_at": long_ago, "ends_at": lately},
        {"starts_at": long_ago, "ends_at": long_ago, "state": "closed", "closed_at": lately},
    ):
        Gathering.objects.update(**times)
        forget_devices()
        assert reload(statement).device_key == "abc"
    Gathering.objects.update(starts_at=long_ago, ends_at=None, state="running", closed_at=None)
    forget_devices()
    assert reload(statement).device_key == ""
