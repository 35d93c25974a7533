"""People for tests."""

from __future__ import annotations

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import RoleGrant, User
from ortsdialog.ground.accounts.queries import actor_of_user
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor

PASSWORD = "Lindenblüte-am-Morgen-7"


def make_user(
    email: str, name: str, role: Role | None = None, *, place: Place | None = None, programme: str = ""
) -> User:
    user = User.objects.create_user(email, name, PASSWORD)
    if role:
        RoleGrant.objects.create(user=user, role=role, place=place, programme=programme)
    return user


def actor_for(user: User) -> Actor:
    """The actor as a request would build it, second factor included."""
    return actor_of_user(user, second_factor=True)
