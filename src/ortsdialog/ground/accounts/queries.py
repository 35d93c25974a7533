"""Who acts in a request, and who works where."""

from __future__ import annotations

import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ortsdialog.ground.accounts.models import Invitation, RoleGrant, User
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, Grant


def actor_of_user(user: User, *, second_factor: bool = False) -> Actor:
    """The actor for a person, with all her roles (one query)."""
    rows = RoleGrant.objects.filter(user=user).values_list("role", "place_id", "programme")
    return Actor(
        kind="person",
        label=str(user),
        user_id=user.pk,
        grants=frozenset(Grant(role, place_id, programme) for role, place_id, programme in rows),
        second_factor=second_factor,
    )


def actor_from_request(request: HttpRequest) -> Actor:
    """The signed-in person, or a guest."""
    if not isinstance(request.user, User):
        return Actor.guest()
    return actor_of_user(request.user, second_factor=is_mfa_enabled(request.user))


def digest_of(token: str) -> str:
    """What is kept of a link's secret: it can be compared, and not be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation behind a link, whatever its state."""
    found = Invitation.objects.select_related("place", "invited_by")
    return found.filter(token_digest=digest_of(token)).first()


def team_of(place: Place) -> QuerySet[RoleGrant]:
    """Roles in a town with their people, by name; `has_second_factor` says whether the person has set one up."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return (
        RoleGrant.objects.filter(place=place)
        .select_related("user")
        .annotate(has_second_factor=Exists(factors))
        .order_by("user__name", "user_id", "role")
    )


def open_invitations(place: Place) -> QuerySet[Invitation]:
    """Invitations to a town that were neither accepted nor withdrawn, the newest first; expired ones too."""
    return (
        Invitation.objects.filter(place=place, accepted_at=None, withdrawn_at=None)
        .select_related("invited_by")
        .order_by("-created_at", "-id")
    )


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Where a person is signed in, the newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at")


def roles_of(user: User) -> QuerySet[RoleGrant]:
    """A person's roles, those in towns first."""
    return RoleGrant.objects.filter(user=user).select_related("place").order_by("place__name", "programme", "role")


def factors_of(user: User) -> dict[str, int]:
    """What a person has set up beside her password: type → how many ("totp", "webauthn", "recovery_codes")."""
    return dict(
        Authenticator.objects.filter(user=user).values_list("type").annotate(number=Count("id")).order_by("type")
    )
