"""Getting in: password, second factor, limits, reset by mail; and getting out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from babel.messages.pofile import read_po
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from ortsdialog.ground.accounts.allauth_words import WORDS
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.tests.factories import PASSWORD
from ortsdialog.ground.accounts.tests.outbox import deliver

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/altdorf/team/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def log_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/konto/login/", {"login": user.email, "password": password, **more})


@pytest.mark.parametrize(
    "path",
    ["/konto/login/", "/konto/password/reset/", "/konto/password/reset/done/", "/konto/inactive/", "/konto/logout/"],
)
def test_sign_in_pages_are_open_to_everybody(client: Client, db: Any, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert 'class="public-header"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/konto/2fa/", "/konto/password/change/", "/konto/sessions/"])
def test_account_pages_ask_to_sign_in(client: Client, db: Any, path: str) -> None:
    assert client.get(path)["Location"] == f"/konto/login/?next={path}"


def test_sign_up_does_not_exist_for_the_public(client: Client, db: Any) -> None:
    page = client.get("/konto/signup/").content.decode()
    assert 'type="password"' not in page
    client.post("/konto/signup/", {"email": "mallory@x.example", "password1": PASSWORD})
    assert not User.objects.exists()
    assert "/konto/signup/" not in client.get("/konto/login/").content.decode()


def test_login_sends_staff_to_the_second_factor_before_the_desk(client: Client, alma: User) -> None:
    assert log_in(client, alma, next=DESK)["Location"] == DESK
    assert client.get(DESK)["Location"] == "/konto/2fa/"
    assert client.get("/konto/2fa/").status_code == 200


def test_second_factor_set_up_opens_the_desk(client: Client, alma: User) -> None:
    log_in(client, alma)
    answer = client.get("/konto/2fa/totp/activate/")
    if answer.status_code == 302:
        client.post("/konto/reauthenticate/?next=/konto/2fa/totp/activate/", {"password": PASSWORD})
        answer = client.get("/konto/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/konto/2fa/totp/activate/", {"code": code_for(secret)})
    assert client.get(DESK).status_code == 200


def test_login_with_second_factor_needs_the_code(client: Client, alma: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alma, secret)
    assert log_in(client, alma)["Location"].startswith("/konto/2fa/authenticate/")
    assert client.get(DESK)["Location"].startswith("/konto/login/")
    client.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/konto/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get(DESK).status_code == 200
    assert get_adapter().is_mfa_enabled(alma)


def test_login_with_a_wrong_password_says_nothing_about_the_account(client: Client, alma: User) -> None:
    wrong = log_in(client, alma, "falsch-falsch-falsch").content.decode()
    unknown = log_in(client, User(email="nobody@x.example"), "falsch-falsch-falsch").content.decode()
    without_typed = [
        re.sub(r'value="[^"]*"|nobody@x.example|alma@altdorf.example', "", page) for page in (wrong, unknown)
    ]
    assert without_typed[0] == without_typed[1]
    assert "_auth_user_id" not in client.session


def test_login_is_limited_by_account(alma: User, nils: User) -> None:
    for index in range(5):
        log_in(Client(REMOTE_ADDR=f"192.0.2.{index + 1}"), alma, "falsch-falsch-falsch")
    locked = Client(REMOTE_ADDR="192.0.2.99")
    log_in(locked, alma)
    assert "_auth_user_id" not in locked.session
    other = Client(REMOTE_ADDR="192.0.2.99")
    log_in(other, nils)
    assert other.session["_auth_user_id"] == str(nils.pk)


def test_disabled_person_is_out_at_once_and_stays_out(client: Client, alma: User, sign_in: Any) -> None:
    signed_in = sign_in(alma)
    assert signed_in.get(DESK).status_code == 200
    User.objects.filter(pk=alma.pk).update(is_active=False)
    assert signed_in.get(DESK)["Location"].startswith("/konto/login/")
    stranger = Client()
    log_in(stranger, alma)
    assert "_auth_user_id" not in stranger.session


def test_withdrawn_role_counts_with_the_next_click(alma: User, sign_in: Any) -> None:
    client = sign_in(alma)
    assert client.get(DESK).status_code == 200
    alma.grants.all().delete()
    assert client.get(DESK).status_code == 404


def test_logout_needs_a_click(alma: User, sign_in: Any) -> None:
    client = sign_in(alma)
    client.get("/konto/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/konto/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_password_change_ends_every_session(alma: User, sign_in: Any) -> None:
    here, there = sign_in(alma), Client()
    there.force_login(alma)
    new = "Ein-ganz-neues-Wort-9"
    here.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/konto/").status_code == there.get("/konto/").status_code == 302
    assert User.objects.get(pk=alma.pk).check_password(new)


def test_password_reset_leaves_by_the_outbox_and_works_once(client: Client, alma: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post("/konto/password/reset/", {"email": "Alma@Altdorf.Example"})
    assert mail.outbox == []
    (sent,) = deliver()
    assert sent.to == [alma.email]
    link = re.search(r"https?://[^/]+(/konto/password/reset/key/\S+)", sent.body)
    assert link is not None
    form = client.get(link[1])["Location"]
    new = "Ein-ganz-neues-Wort-9"
    client.post(form, {"password1": new, "password2": new})
    assert User.objects.get(pk=alma.pk).check_password(new)
    again = Client().get(link[1]).content.decode()
    assert 'type="password"' not in again


def test_password_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(client: Client, alma: User) -> None:
    known = client.post("/konto/password/reset/", {"email": alma.email})
    assert len(deliver()) == 1
    unknown = client.post("/konto/password/reset/", {"email": "nobody@x.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(deliver()) == 1


def test_password_reset_does_not_get_past_the_second_factor(client: Client, alma: User) -> None:
    TOTP.activate(alma, generate_totp_secret())
    client.post("/konto/password/reset/", {"email": alma.email})
    link = re.search(r"https?://[^/]+(/konto/password/reset/key/\S+)", deliver()[0].body)
    assert link is not None
    new = "Ein-ganz-neues-Wort-9"
    client.post(client.get(link[1])["Location"], {"password1": new, "password2": new})
    assert "_auth_user_id" not in client.session
    assert log_in(client, alma, new)["Location"].startswith("/konto/2fa/authenticate/")


def test_allauth_words_are_still_allauths() -> None:
    catalogue = Path(allauth.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.po"
    with catalogue.open("rb") as file:
        known = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)}
    with translation.override(None):
        assert {str(words) for words in WORDS} <= known
