"""Who acts in a request."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from ortsdialog.ground.accounts.models import RoleGrant, User
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
