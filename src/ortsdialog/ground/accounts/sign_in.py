"""How people get in: by invitation only."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by herself; accounts begin with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
