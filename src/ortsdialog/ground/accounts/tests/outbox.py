"""The outbox in tests: what a worker would do with the queued mails, done here and now."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult


def deliver() -> list[EmailMessage]:
    """Run every queued job once; returns the mails of the test so far."""
    for queued in DBTaskResult.objects.ready():
        queued.task.func(*queued.args_kwargs["args"], **queued.args_kwargs["kwargs"])
        queued.delete()
    return list(mail.outbox)
