"""Changes to people and roles: inviting, accepting, withdrawing, signing out everywhere, disabling."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ortsdialog.ground.accounts.choices import INSTALLATION_ROLES, INVITING_ROLES, PLACE_ROLES, PROGRAMME_ROLES, Role
from ortsdialog.ground.accounts.models import Invitation, RoleGrant, User
from ortsdialog.ground.accounts.queries import digest_of
from ortsdialog.ground.accounts.rules import Scope
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.mail import send_mail_later
from ortsdialog.kernel.tenancy import open_place

INVITATION_LASTS = timedelta(days=14)


class WrongScope(ValueError):
    """A role was to be given where it does not exist: each belongs to a place, a programme or the installation."""


class InvitationClosed(ValueError):
    """The invitation was used, withdrawn, or has expired."""


class LastOne(ValueError):
    """Without this person nobody could invite others any more. The message is for the person who asked."""


@dataclass(frozen=True)
class Invited:
    """A new invitation and its secret, which is shown once and not kept."""

    invitation: Invitation
    token: str

    @property
    def url(self) -> str:
        return f"{settings.BASE_URL}{reverse('accounts:invitation', args=[self.token])}"


@contextmanager
def _open(place_id: int | None) -> Iterator[None]:
    """The audit entry of a town's role belongs to the town."""
    if place_id is None:
        yield
    else:
        with open_place(place_id):
            yield


def invite_person(
    *, actor: Actor, email: str, role: Role, place: Place | None = None, programme: str = "", name: str = ""
) -> Invited:
    """Invite somebody to a role by a single-use link, which leaves by mail. A new link replaces the former one."""
    scope = Scope(role, place.pk if place else None, programme)
    _check_scope(scope)
    require(actor, "accounts.give_role", scope)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation(
        email=email.strip().lower(),
        name=name.strip(),
        role=role,
        place=place,
        programme=programme,
        token_digest=digest_of(token),
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    invited = Invited(invitation, token)
    with _open(scope.place_id), recorded("accounts.invite_staff", actor=actor, on=invitation) as detail:
        Invitation.objects.filter(
            email=invitation.email, role=role, place=place, programme=programme, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        invitation.save()
        detail["role"] = str(role)
        _mail(invited, actor)
    return invited


def _check_scope(scope: Scope) -> None:
    if scope.place_id is not None and not scope.slug:
        fits = scope.role in PLACE_ROLES
    elif scope.slug:
        fits = scope.role in PROGRAMME_ROLES and scope.place_id is None
    else:
        fits = scope.role in INSTALLATION_ROLES
    if not fits:
        raise WrongScope(f"The role {scope.role} cannot be held there.")


def _mail(invited: Invited, actor: Actor) -> None:
    context = {"invitation": invited.invitation, "url": invited.url, "inviter": actor.label if actor.user_id else ""}
    # The person's language is not known yet.
    with translation.override(settings.LANGUAGE_CODE):
        send_mail_later(
            to=invited.invitation.email,
            subject=_("Your invitation to Ortsdialog"),
            body=render_to_string("accounts/mail/invitation.txt", context),
        )


def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """The link stops working. An invitation that was accepted or withdrawn stays as it is."""
    require(actor, "accounts.withdraw_role", invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationClosed("It is not open any more.")
    with _open(invitation.place_id), recorded("accounts.withdraw_invitation", actor=actor, on=invitation):
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])


def accept_invitation(
    *, actor: Actor, invitation: Invitation, user: User | None = None, name: str = "", password: str = ""
) -> User:
    """Use the link: grant the role to `user`, or to a new account made from name and password.

    `user` must be the account of the invited address. Raises `InvitationClosed` when the link was used
    meanwhile: of two at the same time, one wins.
    """
    require(actor, "accounts.accept_invitation", invitation)
    if user is not None and user.email != invitation.email:
        raise InvitationClosed("The invitation is for somebody else.")
    with _open(invitation.place_id), recorded("accounts.accept_invitation", actor=actor, on=invitation) as detail:
        now = timezone.now()
        claimed = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now
        ).update(accepted_at=now)
        if not claimed:
            raise InvitationClosed("It is not open any more.")
        if user is None:
            user = User.objects.create_user(invitation.email, name.strip(), password)
        RoleGrant.objects.get_or_create(
            user=user, role=invitation.role, place=invitation.place, programme=invitation.programme
        )
        detail.update(user=user.pk, role=invitation.role)
    return user


def withdraw_role(*, actor: Actor, grant: RoleGrant) -> None:
    """Take a role away; it ends with the person's next click. A town keeps one person who can invite."""
    require(actor, "accounts.withdraw_role", grant)
    with _open(grant.place_id), transaction.atomic():
        if _is_last(grant):
            raise LastOne(_("Nobody else could invite people then. Please give somebody else this role first."))
        with recorded("accounts.withdraw_role", actor=actor, on=grant) as detail:
            detail.update(user=grant.user_id, role=grant.role, programme=grant.programme)
        grant.delete()


def _is_last(grant: RoleGrant) -> bool:
    """Whether nobody else could invite to the same place (or run the installation)."""
    if grant.place_id is not None and grant.role in INVITING_ROLES:
        peers = RoleGrant.objects.filter(place_id=grant.place_id, role__in=INVITING_ROLES)
    elif grant.role in INSTALLATION_ROLES:
        peers = RoleGrant.objects.filter(role=grant.role)
    else:
        return False
    return not peers.filter(user__is_active=True).exclude(pk=grant.pk).exists()


def rename_self(*, actor: Actor, user: User, name: str) -> User:
    """Change one's own name, as colleagues see it."""
    require(actor, "accounts.edit_self", user)
    with recorded("accounts.edit_self", actor=actor, on=user):
        user.name = name.strip()
        user.save(update_fields=["name"])
    return user


def sign_out_everywhere(*, actor: Actor, user: User, keep: str = "") -> int:
    """End the person's sessions on all devices; `keep` is the key of one that stays. Returns how many ended."""
    require(actor, "accounts.edit_self", user)
    with recorded("accounts.sign_out_everywhere", actor=actor, on=user) as detail:
        detail["ended"] = ended = _end_sessions(user, keep=keep)
    return ended


def _end_sessions(user: User, *, keep: str = "") -> int:
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


def disable_account(*, actor: Actor, user: User, reason: str) -> User:
    """Close an account at once: no sign-in, no open session. Roles stay, so that it can be opened again."""
    require(actor, "accounts.disable_account", user)
    admins = RoleGrant.objects.filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
    if admins.filter(user=user).exists() and not admins.exclude(user=user).exists():
        raise LastOne(_("This is the only administrator of the installation."))
    with recorded("accounts.disable_account", actor=actor, on=user, reason=reason):
        user.is_active = False
        user.save(update_fields=["is_active"])
        _end_sessions(user)
    return user


def enable_account(*, actor: Actor, user: User, reason: str) -> User:
    """Open a disabled account again."""
    require(actor, "accounts.disable_account", user)
    with recorded("accounts.enable_account", actor=actor, on=user, reason=reason):
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user


def reset_second_factor(*, actor: Actor, user: User, reason: str) -> int:
    """Phone and recovery codes are lost: remove the factors, so that she sets up new ones. Returns how many."""
    require(actor, "accounts.reset_second_factor", user)
    with recorded("accounts.reset_second_factor", actor=actor, on=user, reason=reason) as detail:
        detail["removed"] = removed = Authenticator.objects.filter(user=user).delete()[0]
        _end_sessions(user)
    return removed
