"""Mail leaves through a job, after the change is on disk."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from ortsdialog.kernel.jobs import job


@job()
def _send(*, to: str, subject: str, body: str, reply_to: str = "") -> None:
    EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
    ).send()


def send_mail_later(*, to: str, subject: str, body: str, reply_to: str = "") -> None:
    """Put a plain-text mail into the outbox, in the caller's transaction."""
    # A title with a line break would make a second header, and the mail would never leave.
    _send.later(to=to, subject=" ".join(subject.split()), body=body, reply_to=reply_to)
