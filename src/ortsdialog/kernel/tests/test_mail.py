from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ortsdialog.kernel.mail import send_mail_later

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_leaves_through_the_worker_after_the_commit() -> None:
    with transaction.atomic():
        send_mail_later(to="rolf@example.org", subject="Ihr Beitrag", body="Danke", reply_to="amt@altdorf.example")
    assert mail.outbox == []
    call_command("run_jobs", once=True)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["rolf@example.org"], "Ihr Beitrag", "Danke")
    assert sent.reply_to == ["amt@altdorf.example"]


def test_mail_that_is_sent_again_is_recognisable_as_the_same(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEFAULT_FROM_EMAIL = "Ortsdialog <dialog@altdorf.example>"

    def sent_but_the_answer_is_lost(self: EmailMessage) -> None:
        mail.outbox.append(self)
        raise TimeoutError

    send_mail_later(to="rolf@example.org", subject="Ihr Beitrag", body="Danke")
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", sent_but_the_answer_is_lost)
        call_command("run_jobs", once=True)
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
    send_mail_later(to="kim@example.org", subject="Ihr Beitrag", body="Danke")
    call_command("run_jobs", once=True)
    first, *others = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert re.fullmatch(r"<[0-9a-f]{32}@altdorf\.example>", first)
    assert others.count(first) == 1
    assert len(set(others)) == len(others) == 2


def test_mail_of_a_rolled_back_change_never_leaves() -> None:
    with transaction.atomic():
        send_mail_later(to="rolf@example.org", subject="Ihr Beitrag", body="Danke")
        transaction.set_rollback(True)
    call_command("run_jobs", once=True)
    assert mail.outbox == []


def test_line_break_in_a_title_does_not_break_the_header() -> None:
    send_mail_later(to="rolf@example.org", subject="Tisch 3\r\nBcc: alle@example.org", body="x")
    call_command("run_jobs", once=True)
    assert [sent.subject for sent in mail.outbox] == ["Tisch 3 Bcc: alle@example.org"]
