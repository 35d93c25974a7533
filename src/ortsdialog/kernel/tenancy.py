"""Who may touch which town's rows: no query without an open place.

A row that belongs to a town inherits `PlaceOwned`. Its manager looks at the open place:

* nothing open: the queryset carries a *sealed* query, which raises `PlaceNotOpen` as soon as
  it would be changed or run (also for `exists`, `explain`, `aiterator`, `union`);
* `open_place(place)`: only that town's rows are seen, and only they can be written;
* `across_places(reason=…)`: all towns. The reason comes from a closed list, and a test counts
  the uses.

A queryset remembers what was open when it was made, and refuses to run when less is open: one
made across towns and handed out cannot be read in a single town, or after everything is closed.

The open place is a context variable, so it follows `await` and `sync_to_async`; a new thread
starts with nothing open. A generator that streams a response runs after the view has returned:
it has to open the place itself, and to close it again before each `yield`, because whoever
consumes a plain generator shares its context.

Not covered: a join that starts at a model without a place. Therefore every owned model has its
own `place` column, even where a parent has one too, and shared models have no reverse names that
lead to owned rows (a test lists the exceptions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from enum import Enum
from typing import Any, NoReturn

from django.db import models
from django.db.models import sql


class PlaceNotOpen(RuntimeError):
    """A town's rows were asked for while no place was open, or not the one they belong to."""


class WrongPlace(RuntimeError):
    """A row of one town was about to be written while another town was open."""


class Reason(Enum):
    """Why code may look at all towns at once. A new reason needs a review."""

    CODE_LOOKUP = "a code on paper names a table, a wall or a statement, not a town"
    LINK_LOOKUP = "a secret link names one request, not a town"
    PROGRAMME_VIEW = "a programme counts its dialogues over all towns"
    OWN_DESK = "a person's own desk lists every town she works for"
    SCHEDULED_WORK = "a scheduled job looks for what waits, in whatever town; it opens each one's place to change it"
    SITE_MAINTENANCE = "an operator's command concerns the whole installation"
    AUDIT_WITHOUT_PLACE = "an entry about something that belongs to no town"


class _Everywhere:
    def __repr__(self) -> str:
        return "everywhere"


EVERYWHERE = _Everywhere()
Open = frozenset[int] | _Everywhere | None
_open: ContextVar[Open] = ContextVar("open_place", default=None)


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
        _close(token)


@contextmanager
def across_places(*, reason: Reason) -> Iterator[None]:
    """Open all towns for the block. `reason` must be one of `Reason`."""
    if not isinstance(reason, Reason):
        raise TypeError("across_places() needs a reason from ortsdialog.kernel.tenancy.Reason.")
    token = _open.set(EVERYWHERE)
    try:
        yield
    finally:
        _close(token)


def _close(token: Token[Open]) -> None:
    # An async generator that was left half-way is ended in another context; nothing was opened there.
    with suppress(ValueError):
        _open.reset(token)


def open_places() -> Open:
    """What is open now: a set of primary keys, `EVERYWHERE`, or None."""
    return _open.get()


def _refuse(model: Any, what: str = "and no place is open") -> NoReturn:
    raise PlaceNotOpen(
        f"{model._meta.label} belongs to a town, {what}. "
        "Use open_place(place), or across_places(reason=…) with a listed reason."
    )


def _guard(model: type[models.Model], place_id: int | None) -> None:
    places = _open.get()
    if places is None:
        _refuse(model)
    if isinstance(places, frozenset) and place_id not in places:
        raise WrongPlace(f"{model._meta.label} of place {place_id} cannot be written while {set(places)} is open.")


def _guard_rows(model: type[models.Model], objs: list[Any], fields: Iterable[str] | None = None) -> None:
    for obj in objs:
        _guard(model, obj.place_id)
    _guard_targets(model, objs, fields)


@contextmanager
def _guarded(objs: list[Any]) -> Iterator[None]:
    """Mark rows whose town and targets have been compared, so that nothing is asked twice."""
    for obj in objs:
        obj._state.guarded = True
    try:
        yield
    finally:
        for obj in objs:
            obj._state.__dict__.pop("guarded", None)


class SealedQuery(sql.Query):
    """A query that runs only while the places are open for which it was made; made with none, never.

    Everything Django does with a query goes through `get_compiler` (run, count, exists, explain,
    as a part of another query) or `chain` (change, update, delete).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: Open = _open.get()

    def require_open(self) -> None:
        now = _open.get()
        if self.places is None:
            _refuse(self.model, "and no place was open when this query was made")
        if now is None:
            _refuse(self.model)
        if isinstance(now, frozenset) and not (isinstance(self.places, frozenset) and self.places <= now):
            _refuse(self.model, f"and this query was made with {self.places} open, not {set(now)}")

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        self.require_open()
        return super().get_compiler(*args, **kwargs)

    def chain(self, klass: Any = None) -> Any:
        self.require_open()
        return super().chain(klass)

    def combine(self, rhs: sql.Query, connector: str) -> None:
        super().combine(rhs, connector)
        if isinstance(rhs, SealedQuery):
            self.places = _united(self.places, rhs.places)


def _united(one: Open, other: Open) -> Open:
    if one is None or other is None:
        return None
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one | other
    return EVERYWHERE


class PlaceQuerySet(models.QuerySet):
    """Closes what Django lets past a query's compiler, and writes that would cross towns."""

    def _guard_open(self) -> None:
        if isinstance(self.query, SealedQuery):
            self.query.require_open()
        elif _open.get() is None:
            _refuse(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard_open()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> int:
        self._guard_open()
        return super()._raw_delete(using)

    _raw_delete.alters_data = True  # type: ignore[attr-defined]

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        # Hand-written SQL carries no place, and runs later than it is checked.
        _refuse(self.model, "and hand-written SQL knows no place")

    def _insert(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        """The one way into the table: what came past save() and bulk_create() (a loaded fixture) is caught here."""
        objs = list(objs)
        _guard_rows(self.model, [obj for obj in objs if not getattr(obj._state, "guarded", False)])
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    _insert.alters_data = True  # type: ignore[attr-defined]
    _insert.queryset_only = False  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        self._guard_open()
        _guard_rows(self.model, objs)
        with _guarded(objs):
            return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        objs, fields = list(objs), list(fields)
        self._guard_open()
        _guard_rows(self.model, objs, fields)
        return super().bulk_update(objs, fields, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard_open()
        for name, value in kwargs.items():
            self._guard_value(name, value)
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def _guard_value(self, name: str, value: Any) -> None:
        """The new place, or a new target, is in the open town."""
        if name in {"place", "place_id"}:
            _guard(self.model, value.pk if isinstance(value, models.Model) else value)
            return
        field = None if name == "pk" else self.model._meta.get_field(name)
        if field is None or not _is_guarded(field) or value is None or hasattr(value, "resolve_expression"):
            return
        if isinstance(value, PlaceScoped):
            _guard(type(value), value.place_id)  # type: ignore[attr-defined]
        else:
            _places_of(field, {value}, self.model)


class PlaceManager(models.Manager.from_queryset(PlaceQuerySet)):  # type: ignore[misc]
    """Hands out the open town's rows, or a sealed queryset."""

    def get_queryset(self) -> PlaceQuerySet:
        places = _open.get()
        queryset = self._queryset_class(
            model=self.model, query=SealedQuery(self.model), using=self._db, hints=self._hints
        )
        return queryset.filter(place_id__in=places) if isinstance(places, frozenset) else queryset

    def none(self) -> PlaceQuerySet:
        """No rows are no town's rows: a form may begin with them when nothing is open."""
        return self._queryset_class(model=self.model, query=sql.Query(self.model), using=self._db).none()


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
        _guard_rows(type(self), [self], kwargs.get("update_fields"))
        with _guarded([self]):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _guard(type(self), self.place_id)  # type: ignore[attr-defined]
        return super().delete(*args, **kwargs)


class PlaceOwned(PlaceScoped):
    """A row that belongs to one town."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")

    class Meta(PlaceScoped.Meta):
        abstract = True


# ---- A row never points at another town's row ---------------------------------------------------


def _is_guarded(field: Any) -> bool:
    target = field.related_model if field.is_relation else None
    return isinstance(target, type) and issubclass(target, PlaceScoped)


def _guard_targets(model: type[models.Model], objs: list[Any], names: Iterable[str] | None = None) -> None:
    """Compare the towns of rows and of what they point at: without a query where the target is at hand.

    `names` limits the check to the fields that are about to be written.
    """
    written = None if names is None else set(names)
    fields: tuple[Any, ...] = tuple(model._meta.concrete_fields)
    for field in fields:
        if not _is_guarded(field) or (written is not None and not written & {field.name, field.attname}):
            continue
        unknown: list[Any] = []
        for obj in objs:
            if field.is_cached(obj):
                target = field.get_cached_value(obj)
                if target is not None:
                    _compare(field, obj, target.place_id)
            elif obj.__dict__.get(field.attname) is not None:
                unknown.append(obj)
        if unknown:
            places = _places_of(field, {obj.__dict__[field.attname] for obj in unknown}, model)
            for obj in unknown:
                _compare(field, obj, places[field.to_python(obj.__dict__[field.attname])])


def _compare(field: Any, obj: Any, target_place_id: int | None) -> None:
    if target_place_id != obj.place_id:
        raise WrongPlace(
            f"{obj._meta.label}.{field.name} points at place {target_place_id}, "
            f"the row belongs to place {obj.place_id}."
        )


def _places_of(field: Any, keys: set[Any], model: type[models.Model]) -> dict[Any, int]:
    """The towns of the targets, as far as they lie in the open place; one elsewhere is as good as none."""
    name = field.target_field.attname
    wanted = {field.to_python(key) for key in keys}
    rows = dict(field.related_model._base_manager.filter(**{f"{name}__in": wanted}).values_list(name, "place_id"))
    missing = wanted - set(rows)
    if missing:
        raise WrongPlace(f"{model._meta.label}.{field.name} points at {missing}, which is not in the open place.")
    return rows
