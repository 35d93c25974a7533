"""What an operator decides arrives at Django and its parts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult

from ortsdialog.ground.accounts.models import User
from tests.environment import KEY

MAIL = (
    "from django.core.mail import get_connection; c = get_connection(); "
    "print(json.dumps([c.host, c.port, c.username, c.password, c.use_tls, c.use_ssl, c.timeout]))"
)
PROTOCOL = "from django.conf import settings; print(json.dumps(settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL))"


def ask(code: str, tmp_path: Path, **changes: str) -> Any:
    """Run code in a process with these settings; what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
    values = {
        "ENV_FILE": "",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": KEY,
        "BASE_URL": "https://dialog.altdorf.example",
    }
    environment |= {f"ORTSDIALOG_{name}": value for name, value in (values | changes).items()}
    environment["DJANGO_SETTINGS_MODULE"] = "ortsdialog.settings"
    done = subprocess.run(
        [sys.executable, "-c", f"import json; {code}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.one_database("sqlite", reason="no database is involved")
@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("smtps://amt:geheim@mail.example", ["mail.example", 465, "amt", "geheim", False, True, 20]),
        ("smtp://amt:geheim@mail.example", ["mail.example", 587, "amt", "geheim", True, False, 20]),
        ("smtp://mail.example:2525?tls=none", ["mail.example", 2525, "", "", False, False, 20]),
    ],
)
def test_every_field_of_the_mail_address_reaches_the_connection(url: str, sent: list[Any], tmp_path: Path) -> None:
    assert ask(MAIL, tmp_path, MAIL_URL=url) == sent


@pytest.mark.one_database("sqlite", reason="no database is involved")
def test_links_follow_what_was_said_of_https(tmp_path: Path) -> None:
    assert ask(PROTOCOL, tmp_path) == "https"
    assert ask(PROTOCOL, tmp_path, BASE_URL="http://dialog.altdorf.example", HTTPS="off") == "http"


@pytest.mark.django_db
def test_a_link_with_a_key_is_https_even_if_the_request_came_as_http(alma: User, client: Client) -> None:
    client.post("/konto/password/reset/", {"email": alma.email}, headers={"host": "ortsdialog.test"})
    (mail,) = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    assert "https://ortsdialog.test/konto/password/reset/key/" in str(mail)
    assert "http://" not in str(mail)


@pytest.mark.django_db
def test_filling_the_cache_does_not_flush_the_counters_of_sign_ins() -> None:
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 50_000
    cache.set("aaa_failed_sign_ins", 12)
    for number in range(310):
        cache.set(f"zzz_from_elsewhere_{number}", 1)
    assert cache.get("aaa_failed_sign_ins") == 12
