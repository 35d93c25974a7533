"""Every way in which Django reads or writes rows, as functions of a model.

Each one touches the database through the model's own doors. On a sealed model all of them must
raise; on a model with a plain manager none of them does: that is what shows that the list can fail.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Q

from ortsdialog.ground.places.models import Place

Model = type[models.Model]


def sample(model: Model) -> models.Model:
    """A row that is not stored: with a primary key, without a town."""
    key = model._meta.pk.get_default() if model._meta.pk.has_default() else 1
    return model(pk=key)


def _plain_field(model: Model) -> str:
    """A field to write into; the town itself where there is no other."""
    plain = [f.name for f in model._meta.concrete_fields if not f.primary_key and not f.is_relation]
    return [*plain, "place"][0]


def _locked(model: Model) -> list[Any]:
    with transaction.atomic():
        return list(model.objects.select_for_update())


READS: dict[str, Callable[[Model], Any]] = {
    "all": lambda m: list(m.objects.all()),
    "filter": lambda m: list(m.objects.filter(pk__isnull=False)),
    "exclude": lambda m: list(m.objects.exclude(pk__isnull=True)),
    "complex_filter": lambda m: list(m.objects.complex_filter(Q(pk__isnull=False))),
    "get": lambda m: m.objects.order_by("pk")[:1].get(),
    "first": lambda m: m.objects.first(),
    "last": lambda m: m.objects.last(),
    "earliest": lambda m: m.objects.earliest("pk"),
    "latest": lambda m: m.objects.latest("pk"),
    "count": lambda m: m.objects.count(),
    "exists": lambda m: m.objects.exists(),
    "contains": lambda m: m.objects.contains(sample(m)),
    "aggregate": lambda m: m.objects.aggregate(number=Count("pk")),
    "annotate": lambda m: list(m.objects.annotate(number=Count("pk"))),
    "alias": lambda m: list(m.objects.alias(number=Count("pk")).filter(number=1)),
    "values": lambda m: list(m.objects.values()),
    "values_list": lambda m: list(m.objects.values_list()),
    "dates": lambda m: list(m.objects.dates("pk", "year")),
    "datetimes": lambda m: list(m.objects.datetimes("pk", "year")),
    "in_bulk": lambda m: m.objects.in_bulk(),
    "iterator": lambda m: list(m.objects.iterator()),
    "only": lambda m: list(m.objects.only("pk")),
    "defer": lambda m: list(m.objects.defer(_plain_field(m))),
    "distinct": lambda m: list(m.objects.distinct()),
    "order_by": lambda m: list(m.objects.order_by("pk")),
    "reverse": lambda m: list(m.objects.reverse()),
    "none": lambda m: list(m.objects.get_queryset().none()),
    "using": lambda m: list(m.objects.using("default")),
    "select_for_update": _locked,
    "select_related": lambda m: list(m.objects.select_related()),
    "prefetch_related": lambda m: list(m.objects.prefetch_related(None)),
    "extra": lambda m: list(m.objects.extra(where=["1 = 1"])),
    "explain": lambda m: m.objects.explain(),
    "raw": lambda m: list(m.objects.raw(f"SELECT * FROM {m._meta.db_table}")),  # noqa: S608 (a table's own name)
    "union": lambda m: list(m.objects.order_by().union(m.objects.order_by())),
    "intersection": lambda m: list(m.objects.order_by().intersection(m.objects.order_by())),
    "difference": lambda m: list(m.objects.order_by().difference(m.objects.order_by().none())),
    "union without a change": lambda m: list(m.objects.get_queryset().union(m.objects.get_queryset())),
    "or": lambda m: list(m.objects.all() | m.objects.all()),
    "and": lambda m: list(m.objects.all() & m.objects.all()),
    "slice": lambda m: list(m.objects.all()[:5]),
    "index": lambda m: m.objects.all()[0],
    "length": lambda m: len(m.objects.all()),
    "truth": lambda m: bool(m.objects.all()),
    "query set of the manager": lambda m: list(m.objects.get_queryset()),
    "default manager": lambda m: list(m._default_manager.all()),
    "base manager": lambda m: list(m._base_manager.all()),
    "manager of another database": lambda m: list(m.objects.db_manager("default").all()),
    "subquery": lambda m: list(Place.objects.filter(pk__in=m.objects.values("pk"))),
    "subquery of a manager": lambda m: list(Place.objects.filter(pk__in=m.objects.get_queryset())),
    "exists subquery": lambda m: list(Place.objects.filter(Exists(m.objects.filter(pk=OuterRef("pk"))))),
    "exists subquery of a manager": lambda m: list(Place.objects.filter(Exists(m.objects.get_queryset()))),
    "has results": lambda m: m.objects.get_queryset().query.has_results(using="default"),
    "get count": lambda m: m.objects.get_queryset().query.get_count(using="default"),
    "compile": lambda m: m.objects.get_queryset().query.get_compiler("default").execute_sql(),
    "print the query": lambda m: str(m.objects.get_queryset().query),
    "refresh_from_db": lambda m: sample(m).refresh_from_db(),
}


async def _aiterator(model: Model) -> list[Any]:
    return [row async for row in model.objects.aiterator()]


async def _async_for(model: Model) -> list[Any]:
    return [row async for row in model.objects.all()]


async def _async_for_manager(model: Model) -> list[Any]:
    return [row async for row in model.objects.get_queryset()]


ASYNC_READS: dict[str, Callable[[Model], Awaitable[Any]]] = {
    "async for": _async_for,
    "async for without a change": _async_for_manager,
    "aiterator": _aiterator,
    "aget": lambda m: m.objects.order_by("pk")[:1].aget(),
    "afirst": lambda m: m.objects.afirst(),
    "alast": lambda m: m.objects.alast(),
    "aearliest": lambda m: m.objects.aearliest("pk"),
    "alatest": lambda m: m.objects.alatest("pk"),
    "acount": lambda m: m.objects.acount(),
    "aexists": lambda m: m.objects.aexists(),
    "acontains": lambda m: m.objects.acontains(sample(m)),
    "aaggregate": lambda m: m.objects.aaggregate(number=Count("pk")),
    "ain_bulk": lambda m: m.objects.ain_bulk(),
    "aexplain": lambda m: m.objects.aexplain(),
    "arefresh_from_db": lambda m: sample(m).arefresh_from_db(),
}

WRITES: dict[str, Callable[[Model], Any]] = {
    "create": lambda m: m.objects.create(),
    "save": lambda m: m().save(),
    "save with a key": lambda m: sample(m).save(),
    "save as update": lambda m: sample(m).save(force_update=True),
    "save_base": lambda m: sample(m).save_base(raw=True),
    "bulk_create": lambda m: m.objects.bulk_create([m()]),
    "bulk_create nothing": lambda m: m.objects.bulk_create([]),
    "bulk_update": lambda m: m.objects.bulk_update([sample(m)], [_plain_field(m)]),
    "get_or_create": lambda m: m.objects.get_or_create(pk=sample(m).pk),
    "update_or_create": lambda m: m.objects.update_or_create(pk=sample(m).pk),
    "update": lambda m: m.objects.update(**{_plain_field(m): None}),
    "update of a query set": lambda m: m.objects.get_queryset().update(**{_plain_field(m): None}),
    "delete": lambda m: m.objects.get_queryset().delete(),
    "delete of an instance": lambda m: sample(m).delete(),
    "_raw_delete": lambda m: m.objects.get_queryset()._raw_delete("default"),
    "_insert": lambda m: m.objects._insert([m()], fields=m._meta.local_concrete_fields, using="default"),
    "_update": lambda m: m.objects._update([]),
}

ASYNC_WRITES: dict[str, Callable[[Model], Awaitable[Any]]] = {
    "acreate": lambda m: m.objects.acreate(),
    "asave": lambda m: m().asave(),
    "abulk_create": lambda m: m.objects.abulk_create([m()]),
    "abulk_update": lambda m: m.objects.abulk_update([sample(m)], [_plain_field(m)]),
    "aget_or_create": lambda m: m.objects.aget_or_create(pk=sample(m).pk),
    "aupdate_or_create": lambda m: m.objects.aupdate_or_create(pk=sample(m).pk),
    "aupdate": lambda m: m.objects.aupdate(**{_plain_field(m): None}),
    "adelete": lambda m: m.objects.get_queryset().adelete(),
    "adelete of an instance": lambda m: sample(m).adelete(),
}


def in_savepoint(run: Callable[[], Any]) -> Any:
    """Run it so that a database error does not spoil the test's transaction."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return run()
    return run()
