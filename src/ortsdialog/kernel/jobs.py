"""Work after the answer: thin jobs with retries, and a schedule.

Claiming and storing is django-tasks' part. Here: try again with growing pauses, and start what is
due by the clock, once, whatever the number of workers. A job takes ids, opens its place, calls one
action, and is safe to run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.db import Error, models, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)

# Pauses before the second, third, … try.
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
# Jobs are thin; one that has been running this long has lost its worker.
LOST_AFTER = timedelta(minutes=15)
# Whoever loses that many workers probably kills them.
MOST_WORKERS = 5


class ScheduledRun(models.Model):
    """When a scheduled job is due next. No town's data."""

    name = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} next at {self.next_at:%Y-%m-%d %H:%M}"


class TryNotStored(Exception):
    """The database failed when the next try was to be stored. The row keeps this name; it is put back by it."""


class WorkersLost(Exception):
    """A job took one worker after another and never ended."""


@dataclass(frozen=True)
class Job:
    """A function that runs in the worker. `later(**ids)` enqueues it within the current transaction."""

    name: str
    function: Callable[..., Any]
    retries: int

    def later(self, **ids: Any) -> None:
        _run.enqueue(self.name, 1, ids)

    def __call__(self, **ids: Any) -> Any:
        return self.function(**ids)


@dataclass(frozen=True)
class Scheduled:
    job: Job
    every: timedelta


_jobs: dict[str, Job] = {}
_schedule: dict[str, Scheduled] = {}


def job(*, retries: int = len(PAUSES)) -> Callable[[Callable[..., Any]], Job]:
    """Make a function a job, known by its module and name."""

    def decorate(function: Callable[..., Any]) -> Job:
        made = Job(f"{function.__module__}.{function.__qualname__}", function, retries)
        _jobs[made.name] = made
        return made

    return decorate


def schedule(made: Job, *, every: timedelta) -> Job:
    """Run the job again and again, without arguments."""
    _schedule[made.name] = Scheduled(made, every)
    return made


def scheduled_jobs() -> dict[str, Scheduled]:
    return dict(_schedule)


def find_job(name: str) -> Job:
    """The job of that name; its module is imported where nobody has done it yet."""
    if name not in _jobs:
        import_module(name.rpartition(".")[0])
    return _jobs[name]


@task()
def _run(name: str, attempt: int, ids: dict[str, Any]) -> None:
    """One try. A failure is logged and tried again; the last failure is raised, so that it stays visible."""
    made = find_job(name)
    try:
        made.function(**ids)
    except Exception:
        if attempt > made.retries:
            raise
        pause = PAUSES[min(attempt, len(PAUSES)) - 1]
        log.exception("Job %s failed at try %d; next try in %s.", name, attempt, pause)
        _put_back(name, attempt + 1, ids, run_after=timezone.now() + pause)
    except BaseException:
        # The worker is being stopped in the middle: the job was not at fault, so the try does not count.
        _put_back(name, attempt, ids)
        raise


def _put_back(name: str, attempt: int, ids: dict[str, Any], *, run_after: datetime | None = None) -> None:
    try:
        _run.using(run_after=run_after).enqueue(name, attempt, ids)
    except Error as error:
        raise TryNotStored(name) from error


def start_due_jobs() -> list[str]:
    """Enqueue what is due by the clock; returns the names. Safe with several workers."""
    now = timezone.now()
    # Looked up without a lock first: the clock ticks often, and SQLite has one writer.
    waiting = set(ScheduledRun.objects.filter(name__in=_schedule, next_at__gt=now).values_list("name", flat=True))
    return [name for name in _schedule if name not in waiting and _claim(name, now)]


def _claim(name: str, now: datetime) -> bool:
    entry = _schedule[name]
    with transaction.atomic():
        ScheduledRun.objects.get_or_create(name=name, defaults={"next_at": now})
        # The conditional update is the claim: only one worker changes the row.
        claimed = ScheduledRun.objects.filter(name=name, next_at__lte=now).update(next_at=now + entry.every)
        if claimed:
            entry.job.later()
    return bool(claimed)


def return_lost_jobs() -> int:
    """Put back what was begun and neither done nor tried again, for want of worker or database; returns how many.

    A job may run twice through this, as it always may. One that keeps losing its workers fails instead.
    """
    without_worker = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LOST_AFTER)
    without_database = DBTaskResult.objects.failed().filter(exception_class_path=_path(TryNotStored))
    put_back = 0
    for lost in [*without_worker, *without_database]:
        # Only as it was found: the worker may have been slow, and be done by now.
        as_found = DBTaskResult.objects.filter(pk=lost.pk, status=lost.status, started_at=lost.started_at)
        if len(lost.worker_ids) < MOST_WORKERS:
            put_back += as_found.update(status=TaskResultStatus.READY)
        elif lost.status == TaskResultStatus.RUNNING:
            _fail(as_found, lost)
    return put_back


def _fail(as_found: models.QuerySet[DBTaskResult], lost: DBTaskResult) -> None:
    failed = as_found.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=_path(WorkersLost),
        traceback=f"Begun {len(lost.worker_ids)} times, and each time its worker was lost.",
    )
    if failed:
        name = next(iter(lost.args_kwargs["args"]), lost.task_path)
        log.error("Job %s was begun %d times and never ended; given up.", name, len(lost.worker_ids))


def _path(error: type[BaseException]) -> str:
    """As django-tasks writes it."""
    return f"{error.__module__}.{error.__qualname__}"
