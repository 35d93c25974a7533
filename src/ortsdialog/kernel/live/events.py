"""The event table. Rows are written in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.utils import timezone

# An event only wakes a page that is open now or was open a moment ago.
KEPT_FOR = timedelta(days=1)


class LiveEvent(models.Model):
    """Something happened on a topic such as "gathering:17". No town's data, only names and ids."""

    topic = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Replay for one topic after a lost connection.
        indexes = [models.Index(fields=["topic", "id"], name="live_topic")]

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.name}"


def announce(topic: str, name: str, object_id: object = "") -> LiveEvent:
    """Tell everybody who watches `topic`; they hear it once the transaction is committed."""
    event = _event(topic, name, object_id)
    event.save(force_insert=True)
    return event


def announce_all(told: Iterable[tuple[str, str, object]]) -> None:
    """The same for many (topic, name, id) in one go."""
    LiveEvent.objects.bulk_create([_event(*one) for one in told])


def _event(topic: str, name: str, object_id: object) -> LiveEvent:
    if not f"{name}{object_id}".isprintable():
        raise ValueError("The name and the id of a live event stand in one line each.")
    return LiveEvent(topic=topic, name=name, object_id=str(object_id))


def forget_old_events() -> int:
    """Delete events that no page can be waiting for; returns how many."""
    deleted, _ = LiveEvent.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted


def forget_events_of(topics: Iterable[str]) -> int:
    """Delete all that was told on these topics; returns how many."""
    deleted, _ = LiveEvent.objects.filter(topic__in=list(topics)).delete()
    return deleted
