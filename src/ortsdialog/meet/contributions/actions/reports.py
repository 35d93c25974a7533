"""Reports: anybody may say that a public statement should not be there; people decide."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.mail import send_mail_later
from ortsdialog.meet.contributions.actions.moderation import hold_statement
from ortsdialog.meet.contributions.actions.rows import locked
from ortsdialog.meet.contributions.choices import HoldReason, ReportState
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code, read_receipt_code

WORDS_AT_MOST = 2_000
# More open reports say nothing new about one statement; whoever comes later is told that it is being looked at.
OPEN_AT_MOST = 20


def new_report_code() -> str:
    """A code by which the reporter finds the outcome; made with the form, so that sending twice stores once."""
    return new_receipt_code()


def file_report(
    *, actor: Actor, statement: Statement, code: str, reason: str, words: str, name: str = "", email: str = ""
) -> Report:
    """Store a report on a public statement. The same code again gives the stored report.

    Raises ValidationError for an unknown reason, for no words, and where enough reports are open on the statement.
    """
    require(actor, "contributions.report_statement", statement)
    own = read_receipt_code(code)
    words = words.strip()
    if reason not in HoldReason.values:
        raise ValidationError(gettext_lazy("Please choose what is wrong."), code="reason")
    if own is None or not words or len(words) > WORDS_AT_MOST:
        raise ValidationError(gettext_lazy("Please say in some words what is wrong with it."), code="words")
    known = _report(statement, own)
    if known is not None:
        return known
    if Report.objects.filter(statement=statement, state=ReportState.OPEN).count() >= OPEN_AT_MOST:
        raise ValidationError(
            gettext_lazy("Several people have reported this statement already. The town is looking at it."),
            code="enough",
        )
    report = Report(
        place=statement.place,
        statement=statement,
        code=own,
        reason=reason,
        words=words,
        reporter_name=name.strip()[:150],
        reporter_email=email.strip()[:254],
        language=get_language() or "de",
    )
    try:
        with recorded("contributions.file_report", actor=actor, on=report, detail={"why": reason}):
            report.save(force_insert=True)
    except IntegrityError:
        # The second tap was faster.
        known = _report(statement, own)
        if known is None:
            raise
        return known
    return report


def _report(statement: Statement, code: str) -> Report | None:
    found: Report | None = Report.objects.filter(statement=statement, code=code).first()
    return found


def uphold_report(
    *, actor: Actor, report: Report, why: str = "", answer: str = "", to_writer: str = "", note: str = ""
) -> Report:
    """Follow a report: the statement is held back, by default for the reason that the reporter named.

    All open reports on the statement end with it, since it is not there any more. Deciding twice changes nothing.
    """
    require(actor, "contributions.decide_report", report)
    with transaction.atomic():
        # The statement first, then its reports in one order: whoever follows another report on it waits here.
        locked(report.statement)
        still_open = Report.objects.filter(statement=report.statement_id, state=ReportState.OPEN).order_by("pk")
        ending = [*still_open.select_for_update(of=("self",)).select_related("statement__place")]
        mine = next((row for row in ending if row.pk == report.pk), None)
        if mine is None:
            return _locked(report)
        report = mine
        hold_statement(
            actor=actor,
            statement=report.statement,
            why=why or report.reason,
            note=note,
            to_writer=to_writer,
            detail={"report": report.pk},
        )
        for ended in ending:
            _decide(actor, ended, "contributions.uphold_report", ReportState.UPHELD, answer)
    return report


def dismiss_report(*, actor: Actor, report: Report, answer: str) -> Report:
    """Leave the statement where it is, and tell the reporter why. Deciding twice changes nothing."""
    require(actor, "contributions.decide_report", report)
    if not answer.strip():
        raise ValidationError(_("Please tell the reporter why the statement stays."), code="answer")
    with transaction.atomic():
        report = _locked(report)
        if report.state == ReportState.OPEN:
            _decide(actor, report, "contributions.dismiss_report", ReportState.DISMISSED, answer)
    return report


def _locked(report: Report) -> Report:
    found: Report = Report.objects.select_for_update(of=("self",)).select_related("statement__place").get(pk=report.pk)
    return found


def _decide(actor: Actor, report: Report, code: str, state: str, answer: str) -> None:
    with recorded(code, actor=actor, on=report, detail={"statement": str(report.statement.handle)}):
        report.state = state
        report.answer = answer.strip()[:WORDS_AT_MOST]
        report.decided_at = timezone.now()
        report.save(update_fields=["state", "answer", "decided_at"])
        if report.reporter_email:
            _tell_reporter(report)


def _tell_reporter(report: Report) -> None:
    with translation.override(report.language):
        outcome = (
            _("The statement is not shown any more.")
            if report.state == ReportState.UPHELD
            else _("The statement stays where it is.")
        )
        lines = [
            _("You have reported a statement. The town has looked at it and decided:"),
            outcome,
            *([report.answer] if report.answer else []),
            _("A person has decided this, not a machine. If you do not agree, write to the town and name this code:"),
            report.code,
            settings.BASE_URL + reverse("contributions:report-status", kwargs={"code": report.code}),
        ]
        send_mail_later(
            to=report.reporter_email,
            subject=_("Your report %(code)s: decided") % {"code": report.code},
            body="\n\n".join(lines),
        )
