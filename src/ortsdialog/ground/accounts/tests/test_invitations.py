"""Inviting, accepting, withdrawing: the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from ortsdialog.ground.accounts.actions import (
    InvitationClosed,
    Invited,
    LastOne,
    WrongScope,
    accept_invitation,
    invite_person,
    withdraw_invitation,
    withdraw_role,
)
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import Invitation, RoleGrant, User
from ortsdialog.ground.accounts.queries import invitation_by_token
from ortsdialog.ground.accounts.tests.factories import PASSWORD, actor_for, make_user
from ortsdialog.ground.accounts.tests.outbox import deliver
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Programme
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place

pytestmark = pytest.mark.django_db


def invite(actor: Actor, place: Place | None, role: Role = Role.NOTE_TAKER, **more: Any) -> Invited:
    return invite_person(
        actor=actor, place=place, role=role, **{"email": "Tessa@Altdorf.Example", "name": "Tessa", **more}
    )


def bearer(invitation: Invitation) -> Actor:
    return Actor.by_link("invitation", invitation.pk)


def codes(place: Place) -> list[str]:
    with open_place(place):
        return list(AuditEntry.objects.order_by("id").values_list("code", flat=True))


# ---- Inviting -----------------------------------------------------------------------------------


def test_invite_person_keeps_a_digest_only(as_alma: Actor, altdorf: Place) -> None:
    invited = invite(as_alma, altdorf)
    row = Invitation.objects.get()
    assert len(invited.token) == 43
    assert invited.token not in str(Invitation.objects.values().get())
    assert invitation_by_token(invited.token) == row
    assert invitation_by_token(invited.token[:-1]) is None
    assert (row.email, row.role, row.place, row.invited_by_id) == (
        "tessa@altdorf.example", Role.NOTE_TAKER, altdorf, as_alma.user_id,
    )  # fmt: skip
    assert timedelta(days=13, hours=23) < row.expires_at - timezone.now() <= timedelta(days=14)


def test_invite_person_sends_the_link_by_mail(as_alma: Actor, altdorf: Place, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    invited = invite(as_alma, altdorf)
    assert invited.url == f"https://ortsdialog.test/konto/einladung/{invited.token}/"
    assert mail.outbox == []
    (sent,) = deliver()
    assert sent.to == ["tessa@altdorf.example"]
    assert invited.url in sent.body.splitlines()
    for words in ("Tessa", "Altdorf", "Alma"):
        assert words in sent.body


def test_invite_person_that_is_refused_sends_nothing(as_nils: Actor, altdorf: Place) -> None:
    with pytest.raises(NotAllowed):
        invite(as_nils, altdorf)
    assert deliver() == []


def test_invite_person_again_replaces_the_former_link(as_alma: Actor, altdorf: Place) -> None:
    first = invite(as_alma, altdorf)
    other_role = invite(as_alma, altdorf, Role.ADVISER)
    second = invite(as_alma, altdorf)
    open_now = {row.pk: row.is_open for row in Invitation.objects.all()}
    assert open_now == {first.invitation.pk: False, other_role.invitation.pk: True, second.invitation.pk: True}


def test_invite_person_to_another_town_is_refused(as_nils: Actor, altdorf: Place) -> None:
    with pytest.raises(NotAllowed):
        invite(as_nils, altdorf)
    assert not Invitation.objects.exists()


def test_invite_person_by_an_observer_is_refused(as_kim: Actor, altdorf: Place) -> None:
    with pytest.raises(NotAllowed):
        invite(as_kim, altdorf)


def test_invite_person_coordinator_makes_no_administrator(as_alma: Actor, altdorf: Place) -> None:
    with pytest.raises(NotAllowed):
        invite(as_alma, altdorf, Role.PLACE_ADMIN)
    with pytest.raises(NotAllowed):
        invite(as_alma, None, Role.SYSTEM_ADMIN)


def test_invite_person_to_a_programme_is_for_its_staff(lena: User, as_alma: Actor, programme: Programme) -> None:
    invited = invite(actor_for(lena), None, Role.ADVISORY_BOARD, programme=programme.slug)
    assert (invited.invitation.place, invited.invitation.programme) == (None, programme.slug)
    with pytest.raises(NotAllowed):
        invite(as_alma, None, Role.ADVISORY_BOARD, programme=programme.slug)
    with pytest.raises(NotAllowed):
        invite(actor_for(lena), None, Role.ADVISORY_BOARD, programme="another")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.SYSTEM_ADMIN, "place"),
        (Role.PROGRAMME_STAFF, "place"),
        (Role.COORDINATOR, "programme"),
        (Role.COORDINATOR, "installation"),
        (Role.ADVISER, "both"),
    ],
)
def test_invite_person_to_a_role_that_is_not_held_there_is_an_error(altdorf: Place, role: Role, scope: str) -> None:
    place = altdorf if scope in ("place", "both") else None
    programme = "kommunal" if scope in ("programme", "both") else ""
    with pytest.raises(WrongScope):
        invite(Actor.system("test"), place, role, programme=programme)


# ---- Accepting ----------------------------------------------------------------------------------


def test_accept_invitation_makes_an_account_with_the_role(as_alma: Actor, altdorf: Place) -> None:
    row = invite(as_alma, altdorf).invitation
    user = accept_invitation(actor=bearer(row), invitation=row, name=" Tessa ", password=PASSWORD)
    assert (user.email, user.name, user.check_password(PASSWORD)) == ("tessa@altdorf.example", "Tessa", True)
    assert list(RoleGrant.objects.filter(user=user).values_list("role", "place_id")) == [(Role.NOTE_TAKER, altdorf.pk)]
    assert codes(altdorf) == ["accounts.invite_staff", "accounts.accept_invitation"]


def test_accept_invitation_twice_is_refused(as_alma: Actor, altdorf: Place) -> None:
    row = invite(as_alma, altdorf).invitation
    accept_invitation(actor=bearer(row), invitation=row, name="Tessa", password=PASSWORD)
    # The object in hand still looks open: the database decides.
    assert row.is_open
    with pytest.raises(InvitationClosed):
        accept_invitation(actor=bearer(row), invitation=row, name="Mallory", password=PASSWORD)
    assert User.objects.filter(email="tessa@altdorf.example").count() == 1


@pytest.mark.parametrize("what", ["expires_at", "withdrawn_at"])
def test_accept_invitation_that_is_closed_is_refused(as_alma: Actor, altdorf: Place, what: str) -> None:
    row = invite(as_alma, altdorf).invitation
    Invitation.objects.filter(pk=row.pk).update(**{what: timezone.now() - timedelta(seconds=1)})
    with pytest.raises(InvitationClosed):
        accept_invitation(actor=bearer(row), invitation=row, name="Tessa", password=PASSWORD)
    assert not User.objects.filter(email="tessa@altdorf.example").exists()


def test_accept_invitation_adds_the_role_to_an_account(as_alma: Actor, altdorf: Place, nils: User) -> None:
    row = invite(as_alma, altdorf, email=nils.email).invitation
    assert accept_invitation(actor=bearer(row), invitation=row, user=nils) == nils
    assert set(nils.grants.values_list("role", "place__name")) == {
        ("coordinator", "Neustadt"),
        ("note_taker", "Altdorf"),
    }


def test_accept_invitation_with_an_account_that_has_the_role_changes_nothing(
    as_alma: Actor, altdorf: Place, kim: User
) -> None:
    row = invite(as_alma, altdorf, Role.EVALUATOR, email=kim.email).invitation
    accept_invitation(actor=bearer(row), invitation=row, user=kim)
    assert kim.grants.count() == 1


def test_accept_invitation_with_somebody_elses_account_is_refused(as_alma: Actor, altdorf: Place, nils: User) -> None:
    row = invite(as_alma, altdorf).invitation
    with pytest.raises(InvitationClosed):
        accept_invitation(actor=bearer(row), invitation=row, user=nils)


def test_accept_invitation_with_another_link_is_refused(as_alma: Actor, altdorf: Place) -> None:
    row = invite(as_alma, altdorf).invitation
    other = invite(as_alma, altdorf, email="rolf@altdorf.example").invitation
    with pytest.raises(NotAllowed):
        accept_invitation(actor=bearer(other), invitation=row, name="Rolf", password=PASSWORD)


# ---- Withdrawing --------------------------------------------------------------------------------


def test_withdraw_invitation_closes_the_link(as_alma: Actor, altdorf: Place) -> None:
    row = invite(as_alma, altdorf).invitation
    withdraw_invitation(actor=as_alma, invitation=row)
    assert not Invitation.objects.get().is_open
    with pytest.raises(InvitationClosed):
        withdraw_invitation(actor=as_alma, invitation=row)


def test_withdraw_invitation_of_another_town_is_refused(as_alma: Actor, as_nils: Actor, altdorf: Place) -> None:
    row = invite(as_alma, altdorf).invitation
    with pytest.raises(NotAllowed):
        withdraw_invitation(actor=as_nils, invitation=row)
    assert Invitation.objects.get().is_open


def test_withdraw_role_ends_it_and_is_recorded(as_alma: Actor, altdorf: Place, kim: User) -> None:
    withdraw_role(actor=as_alma, grant=kim.grants.get())
    assert not kim.grants.exists()
    assert codes(altdorf) == ["accounts.withdraw_role"]


def test_withdraw_role_of_another_town_is_refused(as_nils: Actor, kim: User) -> None:
    with pytest.raises(NotAllowed):
        withdraw_role(actor=as_nils, grant=kim.grants.get())


def test_withdraw_role_of_an_administrator_is_not_for_coordinators(as_alma: Actor, altdorf: Place) -> None:
    admin = make_user("ada@altdorf.example", "Ada", Role.PLACE_ADMIN, place=altdorf)
    with pytest.raises(NotAllowed):
        withdraw_role(actor=as_alma, grant=admin.grants.get())
    withdraw_role(actor=actor_for(admin), grant=admin.grants.get())
    assert not admin.grants.exists()


def test_withdraw_role_of_the_last_who_can_invite_is_refused(as_alma: Actor, alma: User, altdorf: Place) -> None:
    with pytest.raises(LastOne):
        withdraw_role(actor=as_alma, grant=alma.grants.get())
    gone = make_user("gone@altdorf.example", "Gone", Role.COORDINATOR, place=altdorf)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(LastOne):
        withdraw_role(actor=as_alma, grant=alma.grants.get())
    make_user("next@altdorf.example", "Next", Role.COORDINATOR, place=altdorf)
    withdraw_role(actor=as_alma, grant=alma.grants.get())
    assert not alma.grants.exists()


def test_withdraw_role_of_the_last_system_administrator_is_refused(db: Any) -> None:
    admin = make_user("ada@land.example", "Ada", Role.SYSTEM_ADMIN)
    with pytest.raises(LastOne):
        withdraw_role(actor=actor_for(admin), grant=admin.grants.get())
    make_user("eve@land.example", "Eve", Role.SYSTEM_ADMIN)
    withdraw_role(actor=actor_for(admin), grant=admin.grants.get())
    assert not admin.grants.exists()


def test_withdraw_role_in_a_programme_is_for_its_staff(lena: User, as_alma: Actor, programme: Programme) -> None:
    board = make_user("board@land.example", "Board", Role.ADVISORY_BOARD, programme=programme.slug)
    with pytest.raises(NotAllowed):
        withdraw_role(actor=as_alma, grant=board.grants.get())
    withdraw_role(actor=actor_for(lena), grant=board.grants.get())
    assert not board.grants.exists()
