"""Codes on paper: short ones for guests, long ones for hosts."""

from __future__ import annotations

import secrets

from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.gatherings.models import Table

# Digits and capitals that nobody mistakes for one another on a printed sign: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6
# 128 bits and more: whoever holds the key leads the table.
HOST_KEY_BYTES = 24
_ATTEMPTS = 20


def new_table_code() -> str:
    """A code that no table in any town has. The unique constraint is the last word."""
    with across_places(reason=Reason.CODE_LOOKUP):
        for _attempt in range(_ATTEMPTS):
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            if not Table.objects.filter(code=code).exists():
                return code
    raise RuntimeError("No free table code was found.")


def new_host_key() -> str:
    return secrets.token_urlsafe(HOST_KEY_BYTES)


def read_table_code(typed: str) -> str:
    """What somebody typed from a sign: capitals, without spaces and hyphens."""
    return "".join(character for character in typed.upper() if character.isalnum())[:12]
