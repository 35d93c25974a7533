"""Receipt codes: twelve characters that find a statement again and say nothing about anybody.

Crockford's base 32 in three groups, "7K4D-9XQM-2HPA": 60 random bits, no letter that is easily
mistaken for a digit. Reading forgives case, blanks, hyphens and the letters that are not in it.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
HANDLE_LENGTH = 10
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_receipt_code() -> str:
    """A fresh code in the form in which it is stored and shown."""
    return _grouped(_random_letters(LENGTH))


def read_receipt_code(written: str) -> str | None:
    """What somebody typed, as it is stored; None where it can be no receipt code."""
    # A code is copied from paper or from a messenger, so dashes and blanks of every kind occur.
    letters = "".join(c for c in written.upper() if c.isalnum()).translate(_LOOKALIKES)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def new_handle() -> str:
    """Ten characters that name a statement in addresses. Unlike its id, they open no receipt."""
    return _random_letters(HANDLE_LENGTH).lower()


def _random_letters(number: int) -> str:
    """All from one draw of the system's randomness: a call a letter costs a hall's inbox a fifth of its time."""
    bits = secrets.randbits(5 * number)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(number))
