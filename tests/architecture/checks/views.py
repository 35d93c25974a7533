"""No view without a declared right: every address leads to one of the doors of kernel/access/doors.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from ortsdialog.kernel.access import permissions
from ortsdialog.kernel.access.doors import Door
from ortsdialog.kernel.tenancy import PlaceScoped

# Views of libraries, by module. LoginRequiredMiddleware stands before each of them, unless it opens itself.
OTHERS = {
    "allauth.account.": "sign-in, password and e-mail pages; open to guests where signing in needs it",
    "allauth.mfa.": "second factor and passkeys of the person herself",
    "allauth.usersessions.": "the person's own sessions",
    "django.views.static": "files of the demonstration while debugging; not in a real installation",
    "django.views.i18n": "words for scripts; no data of a town",
}
KINDS = {"public", "signed_in", "desk"}


@dataclass(frozen=True)
class Address:
    """One line of the URL configuration: the whole route, its view, the names in the route."""

    route: str
    view: Any
    arguments: frozenset[str]
    name: str


def addresses(
    patterns: Iterable[URLPattern | URLResolver],
    *,
    before: str = "",
    given: frozenset[str] = frozenset(),
    space: str = "",
) -> Iterator[Address]:
    for entry in patterns:
        route = before + str(entry.pattern)
        arguments = given | set(entry.pattern.converters) | set(getattr(entry.pattern.regex, "groupindex", {}))
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry.url_patterns, before=route, given=arguments, space=inner)
        else:
            extra = frozenset(entry.default_args)
            yield Address(route, entry.callback, frozenset(arguments | extra), f"{space}{entry.name or ''}")


def open_views(found: Iterable[Address]) -> list[str]:
    """Views that do not say who may enter, or say it wrongly."""
    known = permissions()
    complaints = []
    for address in found:
        module = getattr(address.view, "__module__", "")
        where = f"/{address.route} ({module}.{getattr(address.view, '__qualname__', address.view)})"
        door = getattr(address.view, "door", None)
        if not isinstance(door, Door):
            if "place" in address.arguments or not module.startswith(tuple(OTHERS)):
                complaints.append(
                    f"{where}: no door. Put @public, @signed_in or @desk('context.right', Model) on it; "
                    "list a library's view in tests/architecture/checks/views.py."
                )
            continue
        if door.kind not in KINDS:
            complaints.append(f"{where}: unknown kind of door {door.kind!r}.")
        if door.kind == "desk" and door.code not in known:
            complaints.append(f"{where}: no context declares the right {door.code!r}.")
        if door.kind == "signed_in" and "place" in address.arguments:
            complaints.append(f"{where}: a town's page needs a right: @desk, not @signed_in.")
        if door.model and issubclass(door.model, PlaceScoped) and "place" not in address.arguments:
            complaints.append(f"{where}: {door.model._meta.label} belongs to a town; the address has to name it.")
        opens_itself = getattr(address.view, "login_required", True) is False
        if opens_itself != (door.kind == "public"):
            complaints.append(f"{where}: the door says {door.kind}, the sign-in middleware is told otherwise.")
    return complaints
