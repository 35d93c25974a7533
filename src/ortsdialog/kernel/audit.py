"""Who did what, when and why: one append-only entry in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn

from django.db import models, transaction
from django.utils import timezone

from ortsdialog.kernel.access import Actor, place_id_of
from ortsdialog.kernel.tenancy import PlaceManager, PlaceQuerySet, PlaceScoped, Reason, across_places, open_place


class AuditEntryIsFinal(RuntimeError):
    """Somebody tried to change or delete an audit entry."""


def _refuse_change(*args: Any, **kwargs: Any) -> NoReturn:
    raise AuditEntryIsFinal("Audit entries are added; they are never changed and never deleted.")


class AuditQuerySet(PlaceQuerySet):
    """Reads and adds, nothing else."""

    delete = _refuse_change
    _raw_delete = _refuse_change
    update = _refuse_change
    _update = _refuse_change
    bulk_update = _refuse_change
    bulk_create = _refuse_change
    update_or_create = _refuse_change

    def add(self, entries: Sequence[AuditEntry]) -> None:
        """Add many at once. The only way to do so."""
        PlaceQuerySet.bulk_create(self, entries)


class AuditManager(PlaceManager.from_queryset(AuditQuerySet)):  # type: ignore[misc]
    """Hands out entries of the open town, to read."""


class AuditEntry(PlaceScoped):
    """One change. `place_id` is empty for what belongs to no town (accounts, programmes)."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    place_id = models.BigIntegerField(null=True, editable=False)
    code = models.CharField(max_length=80, editable=False)
    actor_kind = models.CharField(max_length=16, editable=False)
    actor_user_id = models.BigIntegerField(null=True, editable=False)
    actor_label = models.CharField(max_length=200, editable=False)
    object_type = models.CharField(max_length=80, editable=False)
    object_id = models.CharField(max_length=64, editable=False)
    reason = models.TextField(blank=True, editable=False)
    detail = models.JSONField(default=dict, editable=False)

    objects: ClassVar[AuditManager] = AuditManager()

    class Meta(PlaceScoped.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            # The log of one object, newest first.
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["place_id", "-id"], name="audit_place"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.code} {self.object_type}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or self.pk is not None:
            _refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse_change()


def note_entry(
    code: str, *, actor: Actor, on: models.Model, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    """Write one entry inside the caller's transaction.

    The entry goes to the object's own town, also where the object itself is shared and no place is
    open (a role, the register's entry of a town). An object that `leaves_no_trace` (a rehearsal's) gets none.
    """
    if getattr(on, "leaves_no_trace", False):
        return
    entry = _entry(code, actor, on, reason, detail)
    if entry.place_id is None:
        with across_places(reason=Reason.AUDIT_WITHOUT_PLACE):
            entry.save(force_insert=True)
    else:
        with open_place(entry.place_id):
            entry.save(force_insert=True)


def note_entries(
    code: str,
    *,
    actor: Actor,
    on: Sequence[models.Model],
    reason: str = "",
    details: Sequence[dict[str, Any]] | None = None,
) -> None:
    """Write one entry for each of many objects of the open town, in one go. `details`: one for each, in their order."""
    AuditEntry.objects.add(
        [
            _entry(code, actor, row, reason, detail)
            for row, detail in zip(on, details or [{}] * len(on), strict=True)
            if not getattr(row, "leaves_no_trace", False)
        ]
    )


def _entry(code: str, actor: Actor, on: models.Model, reason: str, detail: dict[str, Any] | None) -> AuditEntry:
    return AuditEntry(
        place_id=place_id_of(on),
        code=code,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_label=actor.label[:200],
        object_type=on._meta.label_lower,
        object_id=str(on.pk),
        reason=reason,
        detail=detail or {},
    )


@contextmanager
def recorded(
    code: str, *, actor: Actor, on: models.Model, reason: str = "", detail: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Transaction plus audit entry around one change.

    The block may put plain values into the yielded dict; they become the entry's `detail`.
    The entry is written last, so a new object has its primary key by then.
    """
    collected: dict[str, Any] = dict(detail or {})
    with transaction.atomic():
        yield collected
        note_entry(code, actor=actor, on=on, reason=reason, detail=collected)
