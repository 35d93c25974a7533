from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import RoleGrant, User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.audit import AuditEntry, AuditEntryIsFinal, note_entry, recorded
from ortsdialog.kernel.tenancy import PlaceNotOpen, Reason, across_places, open_place

pytestmark = pytest.mark.django_db


def _entries() -> list[AuditEntry]:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        return list(AuditEntry.objects.order_by("id"))


def test_recorded_writes_who_what_where_why(dialogue: Process, as_alma: Actor) -> None:
    with (
        open_place(dialogue.place_id),
        recorded("process.close", actor=as_alma, on=dialogue, reason="Schluss", detail={"a": 1}) as detail,
    ):
        detail["b"] = 2
        Process.objects.filter(pk=dialogue.pk).update(state="closed")
    (entry,) = _entries()
    assert (entry.code, entry.place_id, entry.reason) == ("process.close", dialogue.place_id, "Schluss")
    assert (entry.actor_kind, entry.actor_user_id, entry.actor_label) == ("person", as_alma.user_id, "Alma")
    assert (entry.object_type, entry.object_id) == ("process.process", str(dialogue.pk))
    assert entry.detail == {"a": 1, "b": 2}


def test_failing_change_leaves_neither_change_nor_entry(dialogue: Process, as_alma: Actor) -> None:
    def fail() -> None:
        with recorded("process.close", actor=as_alma, on=dialogue):
            Process.objects.filter(pk=dialogue.pk).update(state="closed")
            raise ZeroDivisionError

    with open_place(dialogue.place_id):
        with pytest.raises(ZeroDivisionError):
            fail()
        dialogue.refresh_from_db()
    assert dialogue.state == "running"
    assert _entries() == []


def test_failing_entry_takes_the_change_with_it(dialogue: Process, as_alma: Actor) -> None:
    with open_place(dialogue.place_id):
        with pytest.raises(TypeError), recorded("process.close", actor=as_alma, on=dialogue, detail={"a": object()}):
            Process.objects.filter(pk=dialogue.pk).update(state="closed")
        dialogue.refresh_from_db()
    assert dialogue.state == "running"
    assert _entries() == []


def test_outer_rollback_takes_the_entry_with_it(dialogue: Process, as_alma: Actor) -> None:
    with open_place(dialogue.place_id), transaction.atomic():
        with recorded("process.close", actor=as_alma, on=dialogue):
            pass
        transaction.set_rollback(True)
    assert _entries() == []


def test_new_object_has_its_key_in_the_entry(altdorf: Place, as_alma: Actor, programme: Programme) -> None:
    new = Process(place=altdorf, programme=programme, slug="neu")
    with open_place(altdorf), recorded("process.create_process", actor=as_alma, on=new):
        new.save()
    assert _entries()[0].object_id == str(new.pk)


def test_entry_goes_to_the_objects_own_town_whatever_is_open(altdorf: Place, neustadt: Place, alma: User) -> None:
    """Roles are shared rows: they are given and taken where no place is open."""
    grant = RoleGrant(user=alma, role=Role.ADVISER, place=neustadt)
    note_entry("accounts.withdraw_role", actor=Actor.system("test"), on=grant)
    with open_place(altdorf):
        note_entry("accounts.withdraw_role", actor=Actor.system("test"), on=grant)
        note_entry("places.join_place", actor=Actor.system("test"), on=altdorf)
        assert [entry.code for entry in AuditEntry.objects.all()] == ["places.join_place"]
    with open_place(neustadt):
        assert AuditEntry.objects.count() == 2


def test_entry_about_no_town_is_seen_across_places_alone(altdorf: Place, alma: User) -> None:
    note_entry("accounts.rename", actor=Actor.system("test"), on=alma)
    with open_place(altdorf):
        assert AuditEntry.objects.count() == 0
    assert [entry.place_id for entry in _entries()] == [None]


def test_log_is_sealed(altdorf: Place) -> None:
    with pytest.raises(PlaceNotOpen):
        AuditEntry.objects.count()


def test_long_name_of_an_actor_fits(alma: User) -> None:
    note_entry("accounts.rename", actor=Actor.system("x" * 500), on=alma)
    assert _entries()[0].actor_label == "x" * 200


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.save(update_fields=["reason"]),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.all()._raw_delete("default"),
        lambda entry: AuditEntry.objects.update(reason="x"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(reason="x"),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["reason"]),
        lambda entry: AuditEntry.objects.bulk_create([entry], update_conflicts=True),
        lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"reason": "x"}),
        lambda entry: AuditEntry._base_manager.filter(pk=entry.pk).update(reason="x"),
        lambda entry: AuditEntry(pk=entry.pk, code="x").save(),
    ],
)
def test_entry_is_never_changed_and_never_deleted(change: Any, alma: User) -> None:
    note_entry("accounts.rename", actor=Actor.system("test"), on=alma, reason="so")
    (entry,) = _entries()
    with across_places(reason=Reason.SITE_MAINTENANCE), pytest.raises(AuditEntryIsFinal):
        change(entry)
    assert [entry.reason for entry in _entries()] == ["so"]
