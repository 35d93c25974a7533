"""Where a seal usually leaks: relations, writes across towns, and queries that outlive their place."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import PlaceNotOpen, Reason, WrongPlace, across_places, open_place, open_places

CANARY = "Neustadt-Geheimnis"


@pytest.fixture
def ours(altdorf: Place, programme: Programme) -> Process:
    return make_process(altdorf, programme, title="Altdorf spricht")


@pytest.fixture
def theirs(neustadt: Place, programme: Programme) -> Process:
    return make_process(neustadt, programme, title=CANARY)


def _block(process: Process) -> BuildingBlock:
    with open_place(process.place_id):
        return process.blocks.first()


# ---- Relations ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_related_manager_with_no_place_open_is_refused(ours: Process) -> None:
    with pytest.raises(PlaceNotOpen):
        list(ours.blocks.all())
    with pytest.raises(PlaceNotOpen):
        ours.blocks.count()
    with pytest.raises(PlaceNotOpen):
        ours.blocks.create(number=9, key="x", place_id=ours.place_id)


@pytest.mark.django_db
def test_related_manager_of_the_other_towns_object_is_empty(ours: Process, theirs: Process) -> None:
    with open_place(ours.place_id):
        assert ours.blocks.count() == 6
        assert theirs.blocks.count() == 0
        assert list(theirs.blocks.all()) == []


@pytest.mark.django_db
def test_related_manager_of_a_shared_object_is_sealed(ours: Process, theirs: Process, programme: Programme) -> None:
    """A programme belongs to no town; the way from it to the processes does."""
    manager = programme.processes
    with pytest.raises(PlaceNotOpen):
        list(manager.all())
    with open_place(ours.place_id):
        assert list(manager.all()) == [ours]


@pytest.mark.django_db
def test_prefetch_is_refused_or_stays_in_town(ours: Process, theirs: Process) -> None:
    with pytest.raises(PlaceNotOpen):
        list(Programme.objects.prefetch_related("processes"))
    with open_place(ours.place_id):
        programmes = Programme.objects.prefetch_related("processes__blocks")
        assert [list(programme.processes.all()) for programme in programmes] == [[ours]]
        programmes = Programme.objects.prefetch_related(Prefetch("processes", Process.objects.all(), to_attr="here"))
        assert [programme.here for programme in programmes] == [[ours]]


@pytest.mark.django_db
def test_foreign_key_forward_is_refused_or_stays_in_town(ours: Process, theirs: Process) -> None:
    block = BuildingBlock(pk=_block(theirs).pk, process_id=theirs.pk, place_id=theirs.place_id)
    with pytest.raises(PlaceNotOpen):
        _ = block.process
    with open_place(ours.place_id), pytest.raises(Process.DoesNotExist):
        _ = block.process
    with open_place(theirs.place_id):
        assert block.process == theirs


@pytest.mark.django_db
def test_deleting_a_shared_object_does_not_reach_towns(ours: Process, programme: Programme) -> None:
    with pytest.raises(PlaceNotOpen):
        programme.delete()


# ---- Writes across towns ------------------------------------------------------------------------


@pytest.mark.django_db
def test_save_of_the_other_towns_row_is_refused(ours: Process, theirs: Process) -> None:
    with open_place(ours.place_id):
        with pytest.raises(WrongPlace):
            theirs.save()
        with pytest.raises(WrongPlace):
            theirs.delete()
        with pytest.raises(WrongPlace):
            async_to_sync(_saving)(theirs)


async def _saving(obj: Any) -> None:
    await obj.asave()


@pytest.mark.django_db
def test_moving_a_row_to_the_other_town_is_refused(ours: Process, theirs: Process) -> None:
    with open_place(ours.place_id):
        with pytest.raises(WrongPlace):
            Process.objects.update(place=theirs.place)
        with pytest.raises(WrongPlace):
            Process.objects.update(place_id=theirs.place_id)
        with pytest.raises(WrongPlace):
            Process.objects.update(place_id=F("programme_id"))
        ours.place = theirs.place
        with pytest.raises(WrongPlace):
            ours.save()
        with pytest.raises(WrongPlace):
            Process.objects.bulk_update([ours], ["place"])


@pytest.mark.django_db
def test_row_without_a_town_is_refused(ours: Process) -> None:
    with open_place(ours.place_id), pytest.raises(WrongPlace):
        BuildingBlock(process=ours, number=9, key="x").save()


@pytest.mark.django_db
def test_bulk_writes_of_the_other_towns_rows_are_refused(ours: Process, theirs: Process) -> None:
    block = _block(theirs)
    new = BuildingBlock(place_id=theirs.place_id, process=theirs, number=9, key="x")
    with open_place(ours.place_id):
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.bulk_create([new])
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.bulk_update([block], ["key"])
        assert BuildingBlock.objects.filter(pk=block.pk).update(key="stolen") == 0


@pytest.mark.django_db
@pytest.mark.parametrize("by_id", [False, True], ids=["object", "id"])
def test_foreign_key_into_the_other_town_is_refused(ours: Process, theirs: Process, by_id: bool) -> None:
    target: dict[str, Any] = {"process_id": theirs.pk} if by_id else {"process": theirs}
    new = BuildingBlock(place_id=ours.place_id, number=9, key="x", **target)
    block = _block(ours)
    with open_place(ours.place_id):
        with pytest.raises(WrongPlace):
            new.save()
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.create(place_id=ours.place_id, number=9, key="x", **target)
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.bulk_create([new])
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.update(**target)
        for name, value in target.items():
            setattr(block, name, value)
        with pytest.raises(WrongPlace):
            block.save()
        with pytest.raises(WrongPlace):
            block.save(update_fields=["process"])
        with pytest.raises(WrongPlace):
            BuildingBlock.objects.bulk_update([block], ["process"])
        with pytest.raises(WrongPlace):
            ours.blocks.update(**target)


@pytest.mark.django_db
def test_foreign_key_across_towns_is_refused_also_when_all_are_open(ours: Process, theirs: Process) -> None:
    with across_places(reason=Reason.SITE_MAINTENANCE), pytest.raises(WrongPlace):
        BuildingBlock(place_id=ours.place_id, number=9, key="x", process_id=theirs.pk).save()


@pytest.mark.django_db
def test_foreign_key_within_the_town_is_written(ours: Process) -> None:
    """The negative control: the same writes go through where the target is at home."""
    with open_place(ours.place_id):
        block = BuildingBlock(place_id=ours.place_id, number=9, key="x", process_id=ours.pk)
        block.save()
        BuildingBlock.objects.bulk_create([BuildingBlock(place_id=ours.place_id, number=10, key="y", process=ours)])
        assert BuildingBlock.objects.update(process=ours) == 8
        assert BuildingBlock.objects.update(process_id=ours.pk) == 8
        block.process_id = ours.pk
        block.save()
        assert BuildingBlock.objects.bulk_update([block], ["process"]) == 1
        task = BlockTask.objects.create(place_id=ours.place_id, block=block, title=MultilingualText.written("a"))
        block.delete()
        with pytest.raises(BlockTask.DoesNotExist):
            task.refresh_from_db()


@pytest.mark.django_db
def test_saving_without_touching_a_relation_asks_nothing(ours: Process, django_assert_num_queries: Any) -> None:
    with open_place(ours.place_id):
        block = ours.blocks.first()
        with django_assert_num_queries(1):
            block.save(update_fields=["key"])


@pytest.mark.django_db
def test_fixture_of_the_other_town_cannot_be_loaded(ours: Process, theirs: Process) -> None:
    from django.core import serializers

    with open_place(theirs.place_id):
        text = serializers.serialize("json", [theirs])
        theirs.blocks.all().delete()
        theirs.delete()
    (loaded,) = serializers.deserialize("json", text)
    with pytest.raises(PlaceNotOpen), transaction.atomic():
        loaded.save()
    with open_place(ours.place_id), pytest.raises(WrongPlace), transaction.atomic():
        loaded.save()


# ---- Laziness -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_query_set_made_in_a_place_is_refused_after_it_closed(ours: Process) -> None:
    with open_place(ours.place_id):
        rows = Process.objects.all()
    for run in (
        lambda: list(rows),
        lambda: rows.exists(),
        lambda: rows.count(),
        lambda: list(rows.iterator()),
        lambda: rows.explain(),
        lambda: rows.filter(pk=1),
        lambda: rows.update(slug="x"),
        lambda: rows.delete(),
        lambda: rows._raw_delete("default"),
        lambda: list(Programme.objects.filter(processes__in=rows)),
    ):
        with pytest.raises(PlaceNotOpen):
            run()
    with open_place(ours.place_id):
        assert list(rows) == [ours]


@pytest.mark.django_db
def test_query_set_made_with_nothing_open_never_runs(ours: Process) -> None:
    rows = Process.objects.get_queryset()
    with open_place(ours.place_id), pytest.raises(PlaceNotOpen):
        list(rows)
    with across_places(reason=Reason.SITE_MAINTENANCE), pytest.raises(PlaceNotOpen):
        list(rows)


@pytest.mark.django_db
def test_query_set_made_across_places_does_not_run_in_one(ours: Process, theirs: Process) -> None:
    """A query over all towns that leaves its block is the leak that nobody sees in a review."""
    with across_places(reason=Reason.SITE_MAINTENANCE):
        rows = Process.objects.all()
        assert len(rows.all()) == 2
    with open_place(ours.place_id):
        with pytest.raises(PlaceNotOpen):
            list(rows)
        with pytest.raises(PlaceNotOpen):
            list(Process.objects.all() | rows)
        with pytest.raises(PlaceNotOpen):
            list(Process.objects.order_by().union(rows))
        with pytest.raises(PlaceNotOpen):
            list(Programme.objects.filter(processes__in=rows))


@pytest.mark.django_db
def test_query_set_made_in_one_town_does_not_run_in_the_other(ours: Process, theirs: Process) -> None:
    with open_place(theirs.place_id):
        rows = Process.objects.all()
    with open_place(ours.place_id):
        with pytest.raises(PlaceNotOpen):
            list(rows)
        with pytest.raises(PlaceNotOpen):
            rows.update(slug="x")


@pytest.mark.django_db
def test_no_rows_are_for_everybody_and_stay_none(ours: Process, theirs: Process) -> None:
    """A form field begins with none(), at import, and copies it for every form."""
    nothing = Process.objects.none()
    assert list(nothing) == []
    assert list(nothing.all().filter(slug="dialog").order_by("pk")) == []
    with pytest.raises(PlaceNotOpen):
        nothing.delete()
    with pytest.raises(PlaceNotOpen):
        nothing.update(slug="x")
    with pytest.raises(PlaceNotOpen):
        nothing.create(slug="x")
    with pytest.raises(PlaceNotOpen):
        nothing.bulk_create([ours])
    with pytest.raises(PlaceNotOpen):
        list(nothing | Process.objects.get_queryset())
    with open_place(ours.place_id):
        assert list(nothing.all()) == []
        assert list(nothing | Process.objects.all()) == [ours]


@pytest.mark.django_db
def test_exclude_over_a_relation_stays_in_town(ours: Process, theirs: Process) -> None:
    """Django builds a query of its own for this one."""
    with open_place(ours.place_id):
        assert list(Process.objects.exclude(blocks__number=99)) == [ours]
        assert list(Process.objects.exclude(blocks__number=1)) == []


@pytest.mark.django_db
def test_deferred_column_is_refused_after_the_place_closed(ours: Process) -> None:
    with open_place(ours.place_id):
        row = Process.objects.only("pk").get()
    with pytest.raises(PlaceNotOpen):
        _ = row.slug


def test_places_nest_and_return() -> None:
    assert open_places() is None
    with open_place(1):
        with open_place(2):
            assert open_places() == {2}
        with across_places(reason=Reason.SITE_MAINTENANCE):
            assert repr(open_places()) == "everywhere"
        assert open_places() == {1}
    assert open_places() is None
    with pytest.raises(ZeroDivisionError), open_place(1):
        raise ZeroDivisionError
    assert open_places() is None


def test_opening_needs_a_saved_place_and_a_listed_reason() -> None:
    with pytest.raises(ValueError, match="saved"), open_place(Place(name="Altdorf")):
        pass
    with pytest.raises(TypeError), across_places(reason="because"):  # type: ignore[arg-type]
        pass


# ---- Uniqueness ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_constraint_keeps_a_borrowed_slug_apart(ours: Process, theirs: Process) -> None:
    """The same slug in two towns is fine, twice in one town is not: uniqueness is the town's own."""
    assert ours.slug == theirs.slug
    with open_place(ours.place_id), pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.create(
            place=ours.place,
            programme=ours.programme,
            slug=ours.slug,
            title=MultilingualText.written("x"),
            published_at=timezone.now(),
        )
