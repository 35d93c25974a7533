"""One's own account, disabling, tidying; and the predicates that other contexts use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from ortsdialog.ground.accounts import rules
from ortsdialog.ground.accounts.actions import (
    LastOne,
    disable_account,
    enable_account,
    rename_self,
    reset_second_factor,
    sign_out_everywhere,
)
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import Invitation, User
from ortsdialog.ground.accounts.privacy import PERSONAL_DATA
from ortsdialog.ground.accounts.queries import factors_of, open_invitations, roles_of, sessions_of, team_of
from ortsdialog.ground.accounts.tasks import delete_expired_sessions, delete_old_invitations
from ortsdialog.ground.accounts.tests.factories import actor_for, make_user
from ortsdialog.ground.accounts.web.devices import device_words
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Programme
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.jobs import scheduled_jobs

pytestmark = pytest.mark.django_db


def open_session(user: User, *, ends_in: timedelta = timedelta(days=1)) -> UserSession:
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store.create()
    Session.objects.filter(session_key=store.session_key).update(expire_date=timezone.now() + ends_in)
    return UserSession.objects.create(user=user, session_key=store.session_key, ip="192.0.2.1", user_agent="x")


def invitation(place: Place, **fields: Any) -> Invitation:
    now = timezone.now()
    number = Invitation.objects.count()
    return Invitation.objects.create(
        **{"email": "x@y.example", "role": Role.ADVISER, "place": place, "token_digest": str(number),
           "expires_at": now + timedelta(days=14), **fields}
    )  # fmt: skip


# ---- Oneself ------------------------------------------------------------------------------------


def test_rename_self_changes_the_own_name_only(alma: User, as_alma: Actor, kim: User) -> None:
    rename_self(actor=as_alma, user=alma, name=" Alma Adler ")
    assert User.objects.get(pk=alma.pk).name == "Alma Adler"
    with pytest.raises(NotAllowed):
        rename_self(actor=as_alma, user=kim, name="Kim Hacked")


def test_sign_out_everywhere_keeps_this_session_and_other_people(alma: User, as_alma: Actor, nils: User) -> None:
    here, there, elsewhere, nils_session = (open_session(user) for user in (alma, alma, alma, nils))
    assert sign_out_everywhere(actor=as_alma, user=alma, keep=here.session_key) == 2
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert keys == {here.session_key, nils_session.session_key}
    assert {there.pk, elsewhere.pk}.isdisjoint(UserSession.objects.values_list("pk", flat=True))


def test_sign_out_everywhere_of_somebody_else_is_refused(as_alma: Actor, nils: User) -> None:
    open_session(nils)
    with pytest.raises(NotAllowed):
        sign_out_everywhere(actor=as_alma, user=nils)
    assert Session.objects.count() == 1


# ---- Disabling ----------------------------------------------------------------------------------


@pytest.fixture
def as_admin(db: Any) -> Actor:
    return actor_for(make_user("ada@land.example", "Ada", Role.SYSTEM_ADMIN))


def test_disable_account_ends_every_session(alma: User, as_admin: Actor) -> None:
    open_session(alma)
    disable_account(actor=as_admin, user=alma, reason="left")
    assert not User.objects.get(pk=alma.pk).is_active
    assert not Session.objects.exists()
    enable_account(actor=as_admin, user=alma, reason="came back")
    assert User.objects.get(pk=alma.pk).is_active


def test_disable_account_by_a_coordinator_is_refused(as_alma: Actor, kim: User) -> None:
    with pytest.raises(NotAllowed):
        disable_account(actor=as_alma, user=kim, reason="quarrel")
    with pytest.raises(NotAllowed):
        enable_account(actor=as_alma, user=kim, reason="quarrel")


def test_disable_account_of_the_only_administrator_is_refused(as_admin: Actor) -> None:
    admin = User.objects.get(pk=as_admin.user_id)
    with pytest.raises(LastOne):
        disable_account(actor=as_admin, user=admin, reason="oops")
    make_user("eve@land.example", "Eve", Role.SYSTEM_ADMIN)
    disable_account(actor=as_admin, user=admin, reason="left")
    assert not User.objects.get(pk=admin.pk).is_active


# ---- Reading ------------------------------------------------------------------------------------


def test_team_of_shows_this_town_by_name(alma: User, kim: User, nils: User, altdorf: Place) -> None:
    Authenticator.objects.create(user=kim, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=alma, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert [(row.user.name, row.has_second_factor) for row in team_of(altdorf)] == [("Alma", False), ("Kim", True)]


def test_open_invitations_shows_expired_ones_too_and_no_other_town(altdorf: Place, neustadt: Place) -> None:
    now = timezone.now()
    waiting = invitation(altdorf)
    expired = invitation(altdorf, expires_at=now - timedelta(days=1))
    for fields in ({"accepted_at": now}, {"withdrawn_at": now}):
        invitation(altdorf, **fields)
    invitation(neustadt)
    assert set(open_invitations(altdorf)) == {waiting, expired}


def test_sessions_of_leaves_out_what_has_ended(alma: User, nils: User) -> None:
    alive = open_session(alma)
    open_session(alma, ends_in=timedelta(seconds=-1))
    open_session(nils)
    assert list(sessions_of(alma)) == [alive]


def test_roles_of_and_factors_of(alma: User, altdorf: Place) -> None:
    for _ in range(2):
        Authenticator.objects.create(user=alma, type=Authenticator.Type.WEBAUTHN, data={})
    assert [(grant.role, grant.place) for grant in roles_of(alma)] == [("coordinator", altdorf)]
    assert factors_of(alma) == {"webauthn": 2}


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_device_words_are_short(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words


# ---- Tidying ------------------------------------------------------------------------------------


def test_delete_old_invitations_keeps_the_young_ones(altdorf: Place) -> None:
    now = timezone.now()
    long_ago, lately = now - timedelta(days=91), now - timedelta(days=89)
    kept = {
        invitation(altdorf).pk,
        invitation(altdorf, accepted_at=lately).pk,
        invitation(altdorf, expires_at=lately).pk,
    }
    invitation(altdorf, accepted_at=long_ago)
    invitation(altdorf, withdrawn_at=long_ago)
    invitation(altdorf, expires_at=long_ago)
    assert delete_old_invitations() == 3
    assert set(Invitation.objects.values_list("pk", flat=True)) == kept
    assert delete_old_invitations() == 0


def test_delete_expired_sessions_keeps_the_living(alma: User) -> None:
    alive = open_session(alma)
    open_session(alma, ends_in=timedelta(days=-1))
    assert delete_expired_sessions() == 1
    assert [row.pk for row in UserSession.objects.all()] == [alive.pk]
    assert Session.objects.count() == 1


def test_tidying_is_scheduled_daily() -> None:
    schedule = scheduled_jobs()
    for task in (delete_old_invitations, delete_expired_sessions):
        assert schedule[task.name].every == timedelta(days=1)


# ---- Predicates ---------------------------------------------------------------------------------


def who_may(predicate: Any, place: Place) -> set[Role]:
    """The roles with which somebody in this town passes."""
    return {
        role for role in Role if predicate(actor_for(make_user(f"{role}@x.example", role, role, place=place)), place)
    }


def test_role_predicates_let_the_right_roles_pass(altdorf: Place) -> None:
    admin_and_coordinator = {Role.COORDINATOR, Role.PLACE_ADMIN}
    assert who_may(rules.is_coordinator, altdorf) == admin_and_coordinator


def test_note_takers_are_coordinators_too(altdorf: Place) -> None:
    assert who_may(rules.is_note_taker, altdorf) == {Role.COORDINATOR, Role.PLACE_ADMIN, Role.NOTE_TAKER}


def test_in_town_is_who_works_there(altdorf: Place) -> None:
    outside = {Role.PROGRAMME_STAFF, Role.ADVISORY_BOARD, Role.SYSTEM_ADMIN}
    assert who_may(rules.is_in_town, altdorf) == set(Role) - outside


def test_role_predicates_see_the_town(alma: User, altdorf: Place, neustadt: Place) -> None:
    actor = actor_for(alma)
    assert rules.is_coordinator(actor, altdorf)
    assert rules.is_coordinator(actor, alma.grants.get())
    assert not rules.is_coordinator(actor, neustadt)
    assert not rules.is_coordinator(actor, None)
    assert not rules.is_coordinator(Actor.guest(), altdorf)
    assert not rules.is_place_admin(actor, altdorf)


def test_holds_in_programme_sees_the_programme(lena: User, programme: Programme) -> None:
    staff = rules.holds_in_programme(Role.PROGRAMME_STAFF)
    assert staff(actor_for(lena), programme)
    assert not staff(actor_for(lena), Programme(slug="another"))
    assert not staff(actor_for(lena), None)


def test_system_admin_is_of_the_installation_alone(as_admin: Actor, altdorf: Place) -> None:
    assert rules.is_system_admin(as_admin, None)
    in_town = actor_for(make_user("x@x.example", "X", Role.SYSTEM_ADMIN, place=altdorf))
    assert not rules.is_system_admin(in_town, None)


# ---- Privacy ------------------------------------------------------------------------------------


def test_personal_data_names_real_columns() -> None:
    for entry in PERSONAL_DATA:
        columns = {field.name for field in apps.get_model(entry.model)._meta.get_fields()}
        assert set(entry.fields) <= columns, entry.model
        for words in (entry.why, entry.kept_for, entry.export, entry.destroy):
            assert str(words).endswith(".")


def test_reset_second_factor_ends_the_sessions_and_is_for_administrators(
    alma: User, as_alma: Actor, as_admin: Actor
) -> None:
    Authenticator.objects.create(user=alma, type=Authenticator.Type.TOTP, data={})
    open_session(alma)
    with pytest.raises(NotAllowed):
        reset_second_factor(actor=as_alma, user=alma, reason="lost")
    assert reset_second_factor(actor=as_admin, user=alma, reason="lost") == 1
    assert not Session.objects.exists()
    assert factors_of(alma) == {}
