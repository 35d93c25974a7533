"""Rights: who acts, what the act is called, and the one function that decides.

Every context lists its rights in `rules.py` as `PERMISSIONS: dict[code, predicate]` and declares
them when it starts. A predicate takes (actor, object) and returns a bool; it never asks for more
than these two. An unknown code is an error, not a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Predicate = Callable[["Actor", Any], bool]


class NotAllowed(PermissionError):
    """The actor lacks a right. Pages turn this into 404, so that nothing is given away."""


class UnknownPermission(LookupError):
    """The code of a right is not declared by any context."""


@dataclass(frozen=True)
class Grant:
    """One role, in one place or in one programme."""

    role: str
    place_id: int | None = None
    programme: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person, the holder of a link, a guest, or the system itself."""

    kind: Literal["person", "link", "guest", "system"]
    label: str
    user_id: int | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    second_factor: bool = False
    # For kind "link": what the link opens, for example ("table_host", "17").
    link: tuple[str, str] | None = None

    @classmethod
    def system(cls, label: str) -> Actor:
        return cls(kind="system", label=label)

    @classmethod
    def guest(cls) -> Actor:
        return cls(kind="guest", label="guest")

    @classmethod
    def by_link(cls, purpose: str, object_id: object, *, label: str = "") -> Actor:
        return cls(kind="link", label=label or purpose, link=(purpose, str(object_id)))

    def has_role(self, role: str, *, place_id: int | None = None, programme: str = "") -> bool:
        """Whether the actor holds `role` for exactly this place or programme."""
        if place_id is None and not programme:
            return any(g.role == role and g.place_id is None and not g.programme for g in self.grants)
        return any(
            g.role == role
            and ((place_id is not None and g.place_id == place_id) or (bool(programme) and g.programme == programme))
            for g in self.grants
        )

    def place_ids(self) -> frozenset[int]:
        """The places in which the actor holds any role."""
        return frozenset(g.place_id for g in self.grants if g.place_id is not None)


_permissions: dict[str, Predicate] = {}
_declared_by: dict[str, str] = {}


def declare(permissions: Mapping[str, Predicate], *, context: str) -> None:
    """Make a context's rights known. A code declared by two contexts stops the start."""
    for code, predicate in permissions.items():
        owner = _declared_by.setdefault(code, context)
        if owner != context:
            raise ValueError(f"The right {code} is declared by {owner} and by {context}.")
        _permissions[code] = predicate


def permissions() -> dict[str, Predicate]:
    """All declared rights, by code, sorted."""
    return dict(sorted(_permissions.items()))


def declared_by(code: str) -> str:
    """The context that declares the right."""
    return _declared_by[code]


def allowed(actor: Actor, code: str, obj: Any = None) -> bool:
    """Whether `actor` holds the right `code` on `obj`. The system may do everything."""
    try:
        predicate = _permissions[code]
    except KeyError:
        raise UnknownPermission(f"No context declares the right {code}.") from None
    return actor.kind == "system" or bool(predicate(actor, obj))


def require(actor: Actor, code: str, obj: Any = None) -> None:
    """Raise `NotAllowed` unless the actor holds the right."""
    if not allowed(actor, code, obj):
        raise NotAllowed(f"{actor.label} may not {code}.")


def place_id_of(obj: Any) -> int | None:
    """The town an object belongs to; a place belongs to itself; None where there is none."""
    if obj is None:
        return None
    if getattr(getattr(obj, "_meta", None), "label", "") == "places.Place":
        return obj.pk
    return getattr(obj, "place_id", None)
