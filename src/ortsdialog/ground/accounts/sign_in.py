"""How people get in: by invitation only. Mails leave through the outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest

from ortsdialog.kernel.mail import send_mail_later


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by herself; accounts begin with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail. An address without an account gets none: anybody could have typed it."""
        if template_prefix == "account/email/unknown_account":
            return
        request = current.request
        mail = self.render_mail(
            template_prefix,
            email,
            {"request": request, "email": email, "current_site": get_current_site(request), **context},
        )
        send_mail_later(to=email, subject=str(mail.subject), body=str(mail.body))
