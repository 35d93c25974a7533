"""Pages: the invitation's, one's own account, the team."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from ortsdialog.ground.accounts.actions import invite_person
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import Invitation, RoleGrant, User
from ortsdialog.ground.accounts.tests.factories import PASSWORD, make_user
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor

pytestmark = pytest.mark.django_db
TEAM = "/schreibtisch/altdorf/team/"


@pytest.fixture
def invitation_path(as_alma: Actor, altdorf: Place) -> str:
    invited = invite_person(
        actor=as_alma, place=altdorf, role=Role.NOTE_TAKER, email="tessa@altdorf.example", name="Tessa"
    )
    return invited.url.removeprefix("https://ortsdialog.test")


@pytest.fixture
def neustadt_secret(as_nils: Actor, neustadt: Place) -> Invitation:
    return invite_person(
        actor=as_nils, place=neustadt, role=Role.ADVISER, email="geheim@neustadt.example", name="Neustadt-Geheimnis"
    ).invitation


# ---- The invitation -----------------------------------------------------------------------------


def test_invitation_opened_by_a_mail_scanner_changes_nothing(client: Client, invitation_path: str) -> None:
    for method in (client.get, client.head):
        assert method(invitation_path).status_code == 200
    assert Invitation.objects.get().is_open
    assert not User.objects.filter(email="tessa@altdorf.example").exists()


def test_invitation_accepted_signs_the_new_person_in(client: Client, invitation_path: str, altdorf: Place) -> None:
    answer = client.post(invitation_path, {"name": "Tessa", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/schreibtisch/")
    tessa = User.objects.get(email="tessa@altdorf.example")
    assert client.session["_auth_user_id"] == str(tessa.pk)
    assert UserSession.objects.filter(user=tessa).count() == 1
    assert tessa.grants.get().place == altdorf


@pytest.mark.parametrize("password", ["", "zu-kurz-11", "123123123123", "tessa@altdorf.example"])
def test_invitation_with_a_weak_password_stays_open(client: Client, invitation_path: str, password: str) -> None:
    answer = client.post(invitation_path, {"name": "Tessa", "password": password})
    assert answer.status_code == 422
    assert 'value="Tessa"' in answer.content.decode()
    assert Invitation.objects.get().is_open


def test_invitation_used_once_is_closed(client: Client, invitation_path: str) -> None:
    client.post(invitation_path, {"name": "Tessa", "password": PASSWORD})
    client.logout()
    assert client.get(invitation_path).status_code == 410
    assert client.post(invitation_path, {"name": "Mallory", "password": PASSWORD}).status_code == 410
    assert User.objects.get(email="tessa@altdorf.example").name == "Tessa"


@pytest.mark.parametrize("what", ["expires_at", "withdrawn_at"])
@pytest.mark.parametrize("language", ["de", "ar"])
def test_invitation_that_is_closed_says_so(client: Client, invitation_path: str, what: str, language: str) -> None:
    Invitation.objects.update(**{what: timezone.now() - timedelta(minutes=1)})
    answer = client.get(f"{invitation_path}?sprache={language}")
    assert answer.status_code == 410
    assert "<form" not in answer.content.decode().split("<main")[1].split("</main>")[0]


def test_invitation_that_never_was_is_not_found(client: Client, db: Any) -> None:
    assert client.get("/konto/einladung/erfunden/").status_code == 404


def test_invitation_for_an_account_asks_to_sign_in_first(
    client: Client, as_alma: Actor, altdorf: Place, nils: User
) -> None:
    invited = invite_person(actor=as_alma, place=altdorf, role=Role.ADVISER, email=nils.email)
    path = invited.url.removeprefix("https://ortsdialog.test")
    page = client.get(path).content.decode()
    assert f"/konto/login/?next={path}" in page
    client.post(path, {"name": "Mallory", "password": PASSWORD})
    assert nils.grants.count() == 1
    client.force_login(make_user("mallory@x.example", "Mallory"))
    client.post(path)
    assert nils.grants.count() == 1
    assert RoleGrant.objects.filter(user__email="mallory@x.example").count() == 0
    client.force_login(nils)
    assert client.post(path)["Location"] == "/schreibtisch/"
    assert set(nils.grants.values_list("role", flat=True)) == {"coordinator", "adviser"}
    assert client.post(path).status_code == 410


# ---- One's own account --------------------------------------------------------------------------


def test_account_home_shows_roles_and_sessions(alma: User, sign_in: Any) -> None:
    page = sign_in(alma).get("/konto/").content.decode()
    assert "alma@altdorf.example" in page
    assert "Altdorf" in page


def test_account_home_changes_the_name(alma: User, sign_in: Any) -> None:
    client = sign_in(alma)
    assert client.post("/konto/", {"name": ""}).status_code == 422
    assert client.post("/konto/", {"name": "Alma Adler"})["Location"] == "/konto/"
    assert User.objects.get(pk=alma.pk).name == "Alma Adler"


def test_account_home_without_signing_in_asks_to_sign_in(client: Client, db: Any) -> None:
    assert client.get("/konto/")["Location"] == "/konto/login/?next=/konto/"
    assert client.post("/konto/ueberall-abmelden/")["Location"].startswith("/konto/login/")


def test_account_email_page_leads_back(alma: User, sign_in: Any) -> None:
    assert sign_in(alma).get("/konto/email/")["Location"] == "/konto/"


def test_sessions_end_everywhere_but_here(alma: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/konto/login/", {"login": alma.email, "password": PASSWORD})
        assert client.get("/konto/").status_code == 200
    assert here.post("/konto/ueberall-abmelden/")["Location"] == "/konto/"
    assert here.get("/konto/").status_code == 200
    assert there.get("/konto/").status_code == 302
    assert here.get("/konto/ueberall-abmelden/").status_code == 405


# ---- The team -----------------------------------------------------------------------------------


def test_team_shows_this_town_alone(
    alma: User, kim: User, nils: User, neustadt_secret: Invitation, sign_in: Any
) -> None:
    page = sign_in(alma).get(TEAM).content.decode()
    assert "kim@altdorf.example" in page
    assert "neustadt.example" not in page
    assert "Neustadt-Geheimnis" not in page


def test_team_invites_and_shows_the_link_once(alma: User, sign_in: Any) -> None:
    client = sign_in(alma)
    answer = client.post(TEAM, {"name": "Tessa", "email": "tessa@altdorf.example", "role": "note_taker"})
    link = re.search(r"https://ortsdialog\.test(/konto/einladung/[\w-]+/)", answer.content.decode())
    assert link is not None
    assert "no-store" in answer["Cache-Control"]
    assert link[1] not in client.get(TEAM).content.decode()
    assert Client().get(link[1]).status_code == 200


@pytest.mark.parametrize(
    "fields", [{"email": "keine"}, {"role": "place_admin"}, {"role": "system_admin"}, {"name": ""}]
)
def test_team_invitation_with_a_mistake_is_kept_on_the_page(alma: User, sign_in: Any, fields: dict[str, str]) -> None:
    typed = {"name": "Tessa", "email": "tessa@altdorf.example", "role": "note_taker", **fields}
    assert sign_in(alma).post(TEAM, typed).status_code == 422
    assert not Invitation.objects.exists()


def test_team_withdraws_role_and_invitation(alma: User, kim: User, invitation_path: str, sign_in: Any) -> None:
    client = sign_in(alma)
    row = Invitation.objects.get()
    assert client.post(f"{TEAM}einladungen/{row.pk}/zurueckziehen/")["Location"] == TEAM
    assert client.post(f"{TEAM}einladungen/{row.pk}/zurueckziehen/")["Location"] == TEAM
    assert client.get(invitation_path).status_code == 410
    assert client.post(f"{TEAM}rollen/{kim.grants.get().pk}/entziehen/")["Location"] == TEAM
    assert not kim.grants.exists()


def test_team_keeps_the_last_who_can_invite(alma: User, sign_in: Any) -> None:
    client = sign_in(alma)
    client.post(f"{TEAM}rollen/{alma.grants.get().pk}/entziehen/")
    assert alma.grants.count() == 1


def test_team_of_another_town_does_not_exist(
    nils: User, kim: User, alma: User, neustadt_secret: Invitation, invitation_path: str, sign_in: Any
) -> None:
    client = sign_in(nils)
    row = Invitation.objects.get(email="tessa@altdorf.example")
    assert client.get(TEAM).status_code == 404
    assert client.post(TEAM, {"name": "N", "email": "n@n.example", "role": "adviser"}).status_code == 404
    for town in ("altdorf", "neustadt"):
        assert client.post(f"/schreibtisch/{town}/team/rollen/{kim.grants.get().pk}/entziehen/").status_code == 404
        assert client.post(f"/schreibtisch/{town}/team/einladungen/{row.pk}/zurueckziehen/").status_code == 404
    assert kim.grants.count() == 1
    # His own town's rows do not exist under another town's address either.
    own = f"/schreibtisch/altdorf/team/einladungen/{neustadt_secret.pk}/zurueckziehen/"
    assert client.post(own).status_code == 404
    assert row.is_open


def test_team_is_not_for_observers_nor_strangers(kim: User, altdorf: Place, sign_in: Any, client: Client) -> None:
    assert Client().get(TEAM)["Location"].startswith("/konto/login/")
    assert sign_in(kim).get(TEAM).status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_team_number_of_queries_does_not_follow_the_rows(
    alma: User, altdorf: Place, sign_in: Any, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        make_user(f"p{index}@altdorf.example", f"P{index}", Role.ADVISER, place=altdorf)
        invite_person(actor=Actor.system("test"), place=altdorf, role=Role.ADVISER, email=f"i{index}@altdorf.example")
    client = sign_in(alma)
    # session, user, second factor, roles, place, team, invitations
    with django_assert_num_queries(7):
        client.get(TEAM)


def test_team_says_when_no_mail_leaves(alma: User, sign_in: Any, settings: Any) -> None:
    typed = {"name": "Tessa", "email": "tessa@altdorf.example", "role": "note_taker"}
    settings.MAIL_LEAVES = False
    assert "notice--warning" in sign_in(alma).post(TEAM, typed).content.decode()
    settings.MAIL_LEAVES = True
    assert "notice--success" in sign_in(alma).post(TEAM, typed).content.decode()


@pytest.mark.parametrize("address", ["/konto/", "/konto/2fa/", TEAM, "/schreibtisch/altdorf/"])
def test_personal_pages_are_kept_in_no_cache(alma: User, sign_in: Any, address: str) -> None:
    answer = sign_in(alma).get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
