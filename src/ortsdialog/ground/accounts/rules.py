"""Who may manage people; and the role predicates that every context above uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules import predicate

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.kernel.access import Actor, Predicate, place_id_of


def holds(*roles: Role) -> Predicate:
    """A predicate: the actor holds one of the roles in the town of the object."""

    @predicate(name="holds_" + "_or_".join(roles))
    def check(actor: Actor, obj: Any) -> bool:
        place_id = place_id_of(obj)
        return place_id is not None and any(actor.has_role(role, place_id=place_id) for role in roles)

    return check


def holds_in_programme(*roles: Role) -> Predicate:
    """A predicate: the actor holds one of the roles in the programme (an object with `slug`)."""

    @predicate(name="holds_in_programme_" + "_or_".join(roles))
    def check(actor: Actor, obj: Any) -> bool:
        slug = getattr(obj, "slug", "")
        return bool(slug) and any(actor.has_role(role, programme=slug) for role in roles)

    return check


@predicate
def is_system_admin(actor: Actor, obj: Any) -> bool:
    return actor.has_role(Role.SYSTEM_ADMIN)


is_coordinator = holds(Role.COORDINATOR, Role.PLACE_ADMIN)
is_place_admin = holds(Role.PLACE_ADMIN)
# Everybody who works on the town's dialogue, also those who only look.
is_in_town = holds(
    Role.COORDINATOR, Role.PLACE_ADMIN, Role.NOTE_TAKER, Role.ADVISER, Role.ACCOMPANYING_MEMBER, Role.EVALUATOR
)
is_note_taker = holds(Role.COORDINATOR, Role.PLACE_ADMIN, Role.NOTE_TAKER)


@predicate
def is_oneself(actor: Actor, obj: Any) -> bool:
    return actor.user_id is not None and actor.user_id == getattr(obj, "pk", None)


@predicate
def holds_invitation_link(actor: Actor, obj: Any) -> bool:
    return actor.link == ("invitation", str(getattr(obj, "pk", None)))


@dataclass(frozen=True)
class Scope:
    """Where a role is held: in a place, in a programme (its slug), or in the installation."""

    role: str
    place_id: int | None = None
    slug: str = ""

    @classmethod
    def of(cls, obj: Any) -> Scope:
        """The scope of a grant or an invitation."""
        return cls(obj.role, obj.place_id, obj.programme)


@predicate
def may_manage_role(actor: Actor, obj: Any) -> bool:
    """Give or take the role of a scope, a grant or an invitation. Nobody raises others above herself."""
    if is_system_admin(actor, obj):
        return True
    scope = obj if isinstance(obj, Scope) else Scope.of(obj)
    if scope.role == Role.PLACE_ADMIN:
        return bool(is_place_admin(actor, scope))
    if scope.place_id is not None:
        return bool(is_coordinator(actor, scope))
    return bool(holds_in_programme(Role.PROGRAMME_STAFF)(actor, scope))


PERMISSIONS: dict[str, Predicate] = {
    "accounts.see_desk": is_in_town,
    "accounts.invite_staff": is_coordinator | is_system_admin,
    "accounts.give_role": may_manage_role,
    "accounts.withdraw_role": may_manage_role,
    "accounts.accept_invitation": holds_invitation_link,
    "accounts.edit_self": is_oneself,
    "accounts.disable_account": is_system_admin,
    "accounts.reset_second_factor": is_system_admin,
}
