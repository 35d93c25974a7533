"""The same statement sent by several threads at the same moment: stored once, one receipt."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connections

from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import submit_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.refusals import StatementDiffers

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 8


def send_at_once(jobs):
    """Run the jobs together; returns what each gave, or its refusal. Any other error fails the test."""
    barrier = threading.Barrier(len(jobs))
    outcomes = [None] * len(jobs)

    def run(index, job):
        try:
            barrier.wait()
            outcomes[index] = job()
        except StatementDiffers as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def job(actor, table, statement_id, text):
    def run():
        with open_place(table.place_id):
            return submit_statement(actor=actor, statement_id=statement_id, table=table, text=text, language="de")

    return run


def test_same_statement_from_many_threads_is_stored_once(rolf, table):
    statement_id = uuid.uuid4()
    outcomes = send_at_once([job(rolf, table, statement_id, "Ein Bus am Abend.") for _ in range(SENDERS)])
    assert sorted(outcome.created for outcome in outcomes) == [False] * (SENDERS - 1) + [True]
    assert len({outcome.statement.receipt_code for outcome in outcomes}) == 1
    with open_place(table.place_id):
        assert Statement.objects.count() == 1
        assert AuditEntry.objects.filter(code="contributions.submit_statement").count() == 1


def test_one_id_with_two_texts_keeps_the_first_and_refuses_the_others(rolf, table):
    statement_id = uuid.uuid4()
    outcomes = send_at_once([job(rolf, table, statement_id, f"Text {n}") for n in range(SENDERS)])
    stored = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert len(stored) == 1
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [StatementDiffers] * (
        SENDERS - 1
    )
    with open_place(table.place_id):
        assert Statement.objects.get().text == stored[0].statement.text


def test_different_statements_from_many_threads_are_all_stored(rolf, table):
    ids = [uuid.uuid4() for _ in range(SENDERS)]
    outcomes = send_at_once([job(rolf, table, statement_id, "Ein Bus am Abend.") for statement_id in ids])
    assert [outcome.created for outcome in outcomes] == [True] * SENDERS
    with open_place(table.place_id):
        assert set(Statement.objects.values_list("pk", flat=True)) == set(ids)
