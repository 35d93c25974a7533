"""Why a statement is not shown, and what was reported: what writers, reporters and the desk read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.contributions.choices import ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.receipts import read_receipt_code


@dataclass(frozen=True)
class HeldBy:
    """Who held a statement back, as the writer may know it: the role, never the person."""

    at: datetime
    by_host: bool
    after_report: bool


def held_by(statement: Statement) -> HeldBy | None:
    """The last decision to hold this statement back; None where there is none in the log. One query."""
    entries = AuditEntry.objects.filter(
        object_type=Statement._meta.label_lower, object_id=str(statement.pk), code="contributions.hold_statement"
    )
    entry = entries.order_by("-id").first()
    if entry is None:
        return None
    return HeldBy(entry.at, by_host=entry.actor_kind == "link", after_report="report" in entry.detail)


def statement_by_handle(handle: str) -> Statement | None:
    """The statement with this handle in any town. The caller opens its place and checks who may see it."""
    with across_places(reason=Reason.CODE_LOOKUP):
        found: Statement | None = (
            Statement.objects.filter(handle=handle).select_related("place", "process", "gathering", "table").first()
        )
        return found


def report_by_code(code: str) -> Report | None:
    """The report with this code, however it was typed. The caller opens its place."""
    stored = read_receipt_code(code)
    if stored is None:
        return None
    with across_places(reason=Reason.CODE_LOOKUP):
        found: Report | None = (
            Report.objects.filter(code=stored).select_related("place", "statement__process", "statement__table").first()
        )
        return found


def open_reports() -> QuerySet[Report]:
    """Reports of the open town that nobody has decided on, the oldest first."""
    return Report.objects.filter(state=ReportState.OPEN).select_related("statement__table", "statement__gathering")
