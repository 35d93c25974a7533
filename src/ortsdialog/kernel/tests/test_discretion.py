from __future__ import annotations

import logging
from typing import Any

import pytest

from ortsdialog.kernel.discretion import WithoutSecrets, without_secrets


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/zusage/abcDEF_123-x/", "/zusage/…/"),
        ("/konto/einladung/abcDEF/", "/konto/einladung/…/"),
        ("/konto/password/reset/key/3-abc-def/", "/konto/password/reset/key/…/"),
        ("/t/LK7M3/gastgeber/geheimnis/", "/t/LK7M3/gastgeber/…/"),
        ("/weg/7K4D-9XQM-2HPA/?sprache=ar", "/weg/…/?sprache=ar"),
        ("/t/LK7M3/gastgeber/", "/t/LK7M3/gastgeber/"),
        ("/t/LK7M3/gastgeber/uebergabe/abcDEF_123-x/", "/t/LK7M3/gastgeber/uebergabe/…/"),
        ("/meldung/7K4D-9XQM-2HPA/", "/meldung/…/"),
        ("/k/7K4D-9XQM/", "/k/…/"),
        ("/schreibtisch/altdorf/meldungen/17/", "/schreibtisch/altdorf/meldungen/17/"),
        ("/orte/altdorf/", "/orte/altdorf/"),
    ],
)
def test_secrets_of_addresses_are_left_out(path: str, shown: str) -> None:
    assert without_secrets(f"Not Found: {path}") == f"Not Found: {shown}"


def test_the_log_of_the_site_keeps_secrets_to_itself(settings: Any) -> None:
    """Every handler filters; a record is rewritten whatever its arguments."""
    assert all("without_secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
    record = logging.LogRecord("django.request", logging.WARNING, "x", 1, "%s: %s", ("Gone", "/zusage/geheim/"), None)
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Gone: /zusage/…/"
