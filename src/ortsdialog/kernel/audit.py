"""Who did what, when and why: one append-only entry in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.db import models, transaction
from django.utils import timezone

from ortsdialog.kernel.access import Actor, place_id_of
from ortsdialog.kernel.tenancy import PlaceManager, PlaceScoped, Reason, across_places


class AuditEntryIsFinal(RuntimeError):
    """Somebody tried to change or delete an audit entry."""


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

    objects = PlaceManager()

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
        if self.pk is not None:
            raise AuditEntryIsFinal("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("An audit entry is never deleted one by one; retention removes whole years.")


def note_entry(code: str, *, actor: Actor, on: models.Model, reason: str = "", detail: dict[str, Any] | None = None) -> None:
    """Write one entry inside the caller's transaction."""
    entry = AuditEntry(
        place_id=place_id_of(on),
        code=code,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_label=actor.label,
        object_type=on._meta.label_lower,
        object_id=str(on.pk),
        reason=reason,
        detail=detail or {},
    )
    if entry.place_id is None:
        with across_places(reason=Reason.AUDIT_WITHOUT_PLACE):
            entry.save(force_insert=True)
    else:
        entry.save(force_insert=True)


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
