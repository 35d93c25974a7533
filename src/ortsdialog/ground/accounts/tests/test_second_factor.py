"""Secrets of authenticator apps are stored encrypted."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.second_factor import SecondFactorAdapter


def test_secret_is_not_readable_in_the_database_and_still_works(alma: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alma, secret)
    stored = Authenticator.objects.get(user=alma)
    assert secret not in str(stored.data)
    assert SecondFactorAdapter().decrypt(stored.data["secret"]) == secret


def test_another_site_key_cannot_read_it_and_an_older_one_can(settings: Any) -> None:
    hidden = SecondFactorAdapter().encrypt("geheim")
    settings.SECRET_KEY, old = "another-key-" * 8, settings.SECRET_KEY
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="another secret key"):
        SecondFactorAdapter().decrypt(hidden)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert SecondFactorAdapter().decrypt(hidden) == "geheim"
