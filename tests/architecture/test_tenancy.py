"""Tenancy fails closed: every call type, on every owned model, with nothing open, one town open, and across."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import DatabaseError, models
from django.db.models.query import QuerySet

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import BlockTemplate, Process
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.audit import AuditEntryIsFinal
from ortsdialog.kernel.tenancy import PlaceNotOpen, PlaceScoped, Reason, across_places, open_place
from tests.architecture.calls import ASYNC_READS, ASYNC_WRITES, READS, WRITES, in_savepoint, sample

OWNED = sorted((m for m in apps.get_models() if issubclass(m, PlaceScoped)), key=lambda m: m._meta.label)
BY_LABEL = {"argvalues": OWNED, "ids": [m._meta.label for m in OWNED]}


def _through_the_seal(model: type[models.Model], *, raising: Any = PlaceNotOpen) -> list[str]:
    """The call types that get through to the rows of `model` with nothing open."""
    everything: dict[str, Callable[[], Any]] = {}
    for table in (READS, WRITES):
        everything |= {name: (lambda call=call: call(model)) for name, call in table.items()}
    for table in (ASYNC_READS, ASYNC_WRITES):
        everything |= {name: (lambda call=call: _await(call, model)) for name, call in table.items()}
    through = []
    for name, run in everything.items():
        try:
            in_savepoint(run)
        except raising:
            continue
        except Exception as error:  # noqa: BLE001 (whatever it is, it came from behind the seal)
            through.append(f"{name} ({type(error).__name__})")
        else:
            through.append(name)
    return through


def _await(call: Callable[[Any], Any], model: type[models.Model]) -> Any:
    @async_to_sync
    async def run() -> Any:
        return await call(model)

    return run()


@pytest.mark.django_db
@pytest.mark.parametrize("model", **BY_LABEL)
def test_every_call_with_no_place_open_is_refused(model: type[models.Model]) -> None:
    # Writing to the log is refused for its own reason before anybody asks about places.
    final = model._meta.label == "kernel.AuditEntry"
    assert _through_the_seal(model, raising=(PlaceNotOpen, AuditEntryIsFinal) if final else PlaceNotOpen) == []


@pytest.mark.django_db
def test_every_call_on_a_plain_manager_gets_through(programme: Any) -> None:
    """The negative control: with Django's own manager the same list notices nothing."""
    through = {name.partition(" (")[0] for name in _through_the_seal(BlockTemplate)}
    assert through == {*READS, *ASYNC_READS, *WRITES, *ASYNC_WRITES}


def test_the_list_covers_every_method_of_a_query_set() -> None:
    """A new Django may bring a new way to the rows; it has to be listed before it is used."""
    listed = {name.partition(" ")[0] for name in (*READS, *ASYNC_READS, *WRITES, *ASYNC_WRITES)}
    # These hand out no rows and change nothing.
    harmless = {"as_manager", "resolve_expression", "db", "ordered", "query"}
    known = listed | harmless
    public = {name for name in vars(QuerySet) if not name.startswith("_")}
    assert public - known == set(), "Add these to tests/architecture/calls.py, and seal them in kernel/tenancy.py."


# ---- With one town open -------------------------------------------------------------------------


@pytest.fixture
def two_towns(altdorf: Place, neustadt: Place, programme: Any) -> None:
    for place, number in ((altdorf, 2), (neustadt, 3)):
        for count in range(1, number + 1):
            make_process(place, programme, title=place.name, slug=f"{place.slug}-{count}")


def _slugs(result: Any) -> set[str]:
    """The slugs of processes in a result, whatever its form."""
    if isinstance(result, Process):
        return {result.slug}
    if isinstance(result, dict):
        return set().union(*map(_slugs, result.values())) if result else set()
    if isinstance(result, list | tuple):
        return set().union(*map(_slugs, result)) if result else set()
    return set(re.findall(r"(?:altdorf|neustadt)-\d", str(result)))


OTHER_ANSWERS: dict[str, Any] = {
    "count": 2,
    "get count": 2,
    "length": 2,
    "acount": 2,
    "aggregate": {"number": 2},
    "aaggregate": {"number": 2},
    "exists": True,
    "aexists": True,
    "has results": True,
    "truth": True,
    "none": [],
}
# They need another argument than a model, or answer with text; each has a test of its own below or in the kernel.
APART = {
    *("dates", "datetimes", "explain", "aexplain", "raw", "compile", "print the query"),
    *("refresh_from_db", "arefresh_from_db", "contains", "acontains", "union without a change"),
    *("subquery", "subquery of a manager", "exists subquery", "exists subquery of a manager"),
}
ONE_ROW = {"get", "first", "last", "earliest", "latest", "index", "aget", "afirst", "alast", "aearliest", "alatest"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n in (*READS, *ASYNC_READS) if n not in APART])
def test_read_with_altdorf_open_sees_altdorf_alone(name: str, two_towns: None, altdorf: Place) -> None:
    with open_place(altdorf):
        result = READS[name](Process) if name in READS else _await(ASYNC_READS[name], Process)
        slugs = _slugs(result)
    if name in OTHER_ANSWERS:
        assert result == OTHER_ANSWERS[name]
    elif name in ONE_ROW:
        assert slugs in ({"altdorf-1"}, {"altdorf-2"})
    else:
        assert slugs == {"altdorf-1", "altdorf-2"}


@pytest.mark.django_db
def test_read_across_places_sees_both(two_towns: None) -> None:
    """The negative control of the test above: the other town's rows are there to be seen."""
    with across_places(reason=Reason.SITE_MAINTENANCE):
        assert _slugs(READS["all"](Process)) == {"altdorf-1", "altdorf-2", "neustadt-1", "neustadt-2", "neustadt-3"}


@pytest.mark.django_db
def test_dates_with_altdorf_open_are_altdorfs(two_towns: None, altdorf: Place, neustadt: Place) -> None:
    with open_place(altdorf):
        Process.objects.update(starts_on="2024-05-01", published_at="2024-05-01T10:00Z")
    with open_place(neustadt):
        Process.objects.update(starts_on="2031-01-01", published_at="2031-01-01T10:00Z")
    with open_place(altdorf):
        assert [day.year for day in Process.objects.dates("starts_on", "year")] == [2024]
        assert [at.year for at in Process.objects.datetimes("published_at", "year")] == [2024]


@pytest.mark.django_db
def test_refresh_of_the_other_towns_row_does_not_find_it(two_towns: None, altdorf: Place, neustadt: Place) -> None:
    with open_place(neustadt):
        theirs = Process.objects.first()
    with open_place(altdorf), pytest.raises(Process.DoesNotExist):
        theirs.refresh_from_db()
    with open_place(altdorf), pytest.raises(Process.DoesNotExist):
        async_to_sync(theirs.arefresh_from_db)()


@pytest.mark.django_db
def test_contains_does_not_know_the_other_towns_row(two_towns: None, altdorf: Place, neustadt: Place) -> None:
    with open_place(neustadt):
        theirs = Process.objects.first()
        assert Process.objects.contains(theirs)
    with open_place(altdorf):
        assert not Process.objects.contains(theirs)
        assert not _await(lambda model: model.objects.acontains(theirs), Process)


@pytest.mark.django_db
def test_subquery_with_altdorf_open_is_altdorfs(two_towns: None, altdorf: Place) -> None:
    with open_place(altdorf):
        found = Place.objects.filter(pk__in=Process.objects.values("place_id"))
        assert [place.slug for place in found] == ["altdorf"]


@pytest.mark.django_db
def test_hand_written_sql_is_refused_also_with_a_place_open(two_towns: None, altdorf: Place) -> None:
    with open_place(altdorf), pytest.raises(PlaceNotOpen):
        Process.objects.raw("SELECT * FROM process_process")
    with across_places(reason=Reason.SITE_MAINTENANCE), pytest.raises(PlaceNotOpen):
        Process.objects.raw("SELECT * FROM process_process")


@pytest.mark.django_db
def test_writes_with_altdorf_open_leave_neustadt_alone(two_towns: None, altdorf: Place, neustadt: Place) -> None:
    with open_place(altdorf):
        assert Process.objects.update(state="closed") == 2
        assert Process.objects.all().delete()[0] >= 2
    with open_place(altdorf):
        assert Process.objects.all()._raw_delete("default") == 0
    with open_place(neustadt):
        assert list(Process.objects.values_list("state", flat=True)) == ["draft", "draft", "draft"]


@pytest.mark.django_db
def test_row_with_a_borrowed_key_is_not_overwritten(two_towns: None, altdorf: Place, neustadt: Place) -> None:
    """Whoever builds a row with the key of another town's row gets an error, and the row stays."""
    with open_place(neustadt):
        theirs = Process.objects.first()
    with open_place(altdorf):
        mine = Process.objects.first()
        mine.pk = theirs.pk
        with pytest.raises(DatabaseError):
            in_savepoint(mine.save)
    with open_place(neustadt):
        assert Process.objects.get(pk=theirs.pk).slug == theirs.slug


def test_sample_has_no_town() -> None:
    assert all(getattr(sample(model), "place_id", None) is None for model in OWNED)
