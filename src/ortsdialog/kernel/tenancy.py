"""Who may touch which town's rows: no query without an open place.

A row that belongs to a town inherits `PlaceOwned`. Its manager looks at the open place:

* nothing open: the queryset carries a *sealed* query, which raises `PlaceNotOpen` as soon as
  it would be changed or run (also for `exists`, `explain`, `aiterator`, `union`);
* `open_place(place)`: only that town's rows are seen, and only they can be written;
* `across_places(reason=…)`: all towns. The reason comes from a closed list, and a test counts
  the uses.

The open place is a context variable, so it follows `await` and `sync_to_async`. A generator that
streams a response runs after the view has returned: it has to open the place itself.

Not covered: a join that starts at a model without a place. Therefore every owned model has its
own `place` column, even where a parent has one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any, NoReturn

from django.db import models
from django.db.models import sql


class PlaceNotOpen(RuntimeError):
    """A town's rows were asked for while no place was open."""


class WrongPlace(RuntimeError):
    """A row of one town was about to be written while another town was open."""


class Reason(Enum):
    """Why code may look at all towns at once. A new reason needs a review."""

    CODE_LOOKUP = "a code on paper names a table, a wall or a statement, not a town"
    LINK_LOOKUP = "a secret link names one request, not a town"
    PROGRAMME_VIEW = "a programme counts its dialogues over all towns"
    OWN_DESK = "a person's own desk lists every town she works for"
    SITE_MAINTENANCE = "an operator's command concerns the whole installation"
    AUDIT_WITHOUT_PLACE = "an entry about something that belongs to no town"


class _Everywhere:
    def __repr__(self) -> str:
        return "everywhere"


EVERYWHERE = _Everywhere()
_open: ContextVar[frozenset[int] | _Everywhere | None] = ContextVar("open_place", default=None)


@contextmanager
def open_place(place: Any) -> Iterator[None]:
    """Open one town (a saved place, or its primary key) for the block; the former state returns after it."""
    place_id = place if isinstance(place, int) else place.pk
    if place_id is None:
        raise ValueError("A place has to be saved before it can be opened.")
    token = _open.set(frozenset([place_id]))
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def across_places(*, reason: Reason) -> Iterator[None]:
    """Open all towns for the block. `reason` must be one of `Reason`."""
    if not isinstance(reason, Reason):
        raise TypeError("across_places() needs a reason from ortsdialog.kernel.tenancy.Reason.")
    token = _open.set(EVERYWHERE)
    try:
        yield
    finally:
        _open.reset(token)


def open_places() -> frozenset[int] | _Everywhere | None:
    """What is open now: a set of primary keys, `EVERYWHERE`, or None."""
    return _open.get()


def _refuse(model: type[models.Model]) -> NoReturn:
    raise PlaceNotOpen(
        f"{model._meta.label} belongs to a town, and no place is open. "
        "Use open_place(place), or across_places(reason=…) with a listed reason."
    )


def _guard(model: type[models.Model], place_id: int | None) -> None:
    places = _open.get()
    if places is None:
        _refuse(model)
    if isinstance(places, frozenset) and place_id not in places:
        raise WrongPlace(f"{model._meta.label} of place {place_id} cannot be written while {set(places)} is open.")


class SealedQuery(sql.Query):
    """A query that can be passed around and never run."""

    def get_compiler(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(self.model)

    def chain(self, klass: Any = None) -> NoReturn:
        _refuse(self.model)


class PlaceQuerySet(models.QuerySet):
    """Closes what Django lets past a query's compiler, and writes that would cross towns."""

    def _guard_open(self) -> None:
        if isinstance(self.query, SealedQuery) or _open.get() is None:
            _refuse(self.model)

    def _guard_all(self, objs: Iterable[models.Model]) -> None:
        for obj in objs:
            _guard(self.model, getattr(obj, "place_id", None))

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard_open()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> int:
        self._guard_open()
        return super()._raw_delete(using)  # type: ignore[misc]

    _raw_delete.alters_data = True  # type: ignore[attr-defined]

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        # Hand-written SQL carries no place; only an opened house may run it.
        if _open.get() is not EVERYWHERE:
            _refuse(self.model)
        return super().raw(*args, **kwargs)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        self._guard_open()
        self._guard_all(objs)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        objs = list(objs)
        self._guard_open()
        self._guard_all(objs)
        return super().bulk_update(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        for name in ("place", "place_id"):
            if name in kwargs:
                target = kwargs[name]
                _guard(self.model, target if isinstance(target, int) else getattr(target, "pk", None))
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]


class PlaceManager(models.Manager.from_queryset(PlaceQuerySet)):  # type: ignore[misc]
    """Hands out the open town's rows, or a sealed queryset."""

    def get_queryset(self) -> PlaceQuerySet:
        places = _open.get()
        if places is None:
            return PlaceQuerySet(self.model, query=SealedQuery(self.model), using=self._db)
        queryset = super().get_queryset()
        if isinstance(places, _Everywhere):
            return queryset
        return queryset.filter(place_id__in=places)


class PlaceScoped(models.Model):
    """A model with a column `place_id` whose rows are sealed. `PlaceOwned` is the usual form.

    Kernel models use this one with a plain number: a foreign key would point upstairs.
    """

    objects = PlaceManager()

    class Meta:
        abstract = True
        # Foreign keys, refresh_from_db() and delete() read through the base manager: seal it too.
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _guard(type(self), self.place_id)  # type: ignore[attr-defined]
        self._guard_targets()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _guard(type(self), self.place_id)  # type: ignore[attr-defined]
        return super().delete(*args, **kwargs)

    def _guard_targets(self) -> None:
        """A row never points at another town's row (checked where the target is at hand, without a query)."""
        for field in self._meta.concrete_fields:
            if field.is_relation and field.is_cached(self):
                target = field.get_cached_value(self)
                if isinstance(target, PlaceScoped) and target.place_id != self.place_id:  # type: ignore[attr-defined]
                    raise WrongPlace(
                        f"{self._meta.label}.{field.name} points at place {target.place_id}, "  # type: ignore[attr-defined]
                        f"the row belongs to place {self.place_id}."  # type: ignore[attr-defined]
                    )


class PlaceOwned(PlaceScoped):
    """A row that belongs to one town."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")

    class Meta(PlaceScoped.Meta):
        abstract = True
