"""Two people decide at the same moment; on PostgreSQL the later one waits for the row and must look at it again."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import DatabaseError, connections, transaction

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.actions import approve_known, file_report, hold_statement, uphold_report
from ortsdialog.meet.contributions.actions.rows import locked
from ortsdialog.meet.contributions.choices import HoldReason, ModerationState, ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.contributions.tests.factories import make_statement

pytestmark = pytest.mark.django_db(transaction=True)

# Long enough for the others to arrive at the row that is held.
SECONDS_HELD = 0.7


def while_held(place_id, holding, *jobs):
    """Run the jobs at once, each in its own thread, while `holding()` is done but not committed; their outcomes."""
    outcomes = []

    def run(job):
        try:
            with open_place(place_id):
                outcomes.append(job())
        except DatabaseError as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    with open_place(place_id):
        with transaction.atomic():
            holding()
            for thread in threads:
                thread.start()
            time.sleep(SECONDS_HELD)
        for thread in threads:
            thread.join()
    return outcomes


@pytest.mark.parametrize(
    ("why", "other"),
    [
        (HoldReason.TWICE, ModerationState.APPROVED),
        # A device of which something hurtful was held back is known no longer.
        (HoldReason.HURTS, ModerationState.PENDING),
    ],
)
def test_approve_known_leaves_out_what_somebody_has_just_held(as_alma, table, why, other):
    make_statement(table, device_key="gut", state=ModerationState.APPROVED)
    first, second = (make_statement(table, device_key="gut", state=ModerationState.PENDING) for _ in range(2))

    def hold():
        # The second card is touched as well, so that whoever approves waits for both.
        locked(second)
        hold_statement(actor=as_alma, statement=first, why=why)

    while_held(table.place_id, hold, lambda: approve_known(actor=as_alma, gathering=table.gathering))
    with open_place(table.place_id):
        states = [Statement.objects.get(pk=row.pk).state for row in (first, second)]
    assert states == [ModerationState.HELD, other]


def test_uphold_report_by_two_people_on_one_statement_ends_both_reports_once(as_alma, table):
    statement = make_statement(table)
    with open_place(table.place_id):
        reports = [
            file_report(
                actor=Actor.guest(), statement=statement, code=new_receipt_code(), reason=HoldReason.NAMES, words="Ich."
            )
            for _ in range(2)
        ]
    jobs = [lambda report=report: uphold_report(actor=as_alma, report=report).state for report in reports]
    outcomes = while_held(table.place_id, lambda: locked(statement), *jobs)
    assert outcomes == [ReportState.UPHELD] * 2
    with open_place(table.place_id):
        assert set(Report.objects.values_list("state", flat=True)) == {ReportState.UPHELD}
        assert Statement.objects.get().state == ModerationState.HELD
        assert AuditEntry.objects.filter(code="contributions.uphold_report").count() == 2
