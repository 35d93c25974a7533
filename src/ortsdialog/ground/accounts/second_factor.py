"""Keeps the secrets of authenticator apps unreadable in the database and its backups."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


@cache
def _box(secret_key: str) -> Fernet:
    digest = hashlib.sha256(b"ortsdialog second factor\0" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts with a key made from the site's secret key. A new secret key needs new second factors."""

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return _box(key).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        raise ValueError("This second factor was set up under another secret key.")
