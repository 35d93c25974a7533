"""An address that only acts, opened like a page: after signing in again, or from the history."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.ground.accounts.models import User

pytestmark = pytest.mark.django_db


def test_opening_it_explains_itself_and_changes_nothing(sign_in: Any, alma: User) -> None:
    answer = sign_in(alma).get("/konto/ueberall-abmelden/", HTTP_ACCEPT_LANGUAGE="en")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing was changed" in answer.content.decode()


def test_a_wrong_method_of_a_program_stays_a_bare_answer(sign_in: Any, alma: User) -> None:
    assert sign_in(alma).put("/konto/ueberall-abmelden/").content == b""
