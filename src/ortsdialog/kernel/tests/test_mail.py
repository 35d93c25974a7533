from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

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
