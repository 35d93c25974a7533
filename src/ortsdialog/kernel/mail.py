"""Mail leaves through a job, after the change is on disk."""

from __future__ import annotations

from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage

from ortsdialog.kernel.jobs import job


@job()
def _send(*, to: str, subject: str, body: str, reply_to: str = "", message_id: str = "") -> None:
    EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": message_id} if message_id else None,
    ).send()


def send_mail_later(*, to: str, subject: str, body: str, reply_to: str = "") -> None:
    """Put a plain-text mail into the outbox, in the caller's transaction."""
    # A title with a line break would make a second header, and the mail would never leave.
    subject = " ".join(subject.split())
    _send.later(to=to, subject=subject, body=body, reply_to=reply_to, message_id=_new_message_id())


def _new_message_id() -> str:
    """Made once and kept with the job: if a try repeats a mail that had left, mail servers see that it is the same."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid4().hex}@{domain}>"
