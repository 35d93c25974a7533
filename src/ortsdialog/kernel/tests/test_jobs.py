from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ortsdialog.kernel import jobs
from ortsdialog.kernel.jobs import PAUSES, Job, ScheduledRun, find_job, job, return_lost_jobs, schedule, start_due_jobs

pytestmark = pytest.mark.django_db(transaction=True)
START = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def own_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "_schedule", {})


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def _work() -> None:
    """Do what is ready, then stop."""
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
    ).run()


def _statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def test_job_runs_in_the_worker_with_its_ids() -> None:
    done: list[int] = []

    @job()
    def note(*, thing_id: int) -> None:
        done.append(thing_id)

    note.later(thing_id=7)
    assert done == []
    _work()
    assert done == [7]
    note(thing_id=8)
    assert done == [7, 8]


def test_job_of_a_rolled_back_change_is_not_there() -> None:
    @job()
    def note() -> None:
        raise AssertionError

    with transaction.atomic():
        note.later()
        transaction.set_rollback(True)
    assert _statuses() == []


def test_failing_job_is_tried_again_with_growing_pauses_and_then_stays_visible(clock: Any) -> None:
    tries: list[timedelta] = []

    @job()
    def fail() -> None:
        tries.append(timezone.now() - START)
        raise ZeroDivisionError

    fail.later()
    _work()
    for pause in PAUSES:
        clock.shift(pause - timedelta(seconds=1))
        before = len(tries)
        _work()
        assert len(tries) == before
        clock.shift(timedelta(seconds=1))
        _work()
    clock.shift(timedelta(days=30))
    _work()
    assert tries == [sum(PAUSES[:number], timedelta()) for number in range(len(PAUSES) + 1)]
    assert _statuses() == [TaskResultStatus.SUCCESSFUL] * len(PAUSES) + [TaskResultStatus.FAILED]
    last = DBTaskResult.objects.get(status=TaskResultStatus.FAILED)
    assert last.exception_class_path == "builtins.ZeroDivisionError"


def test_job_that_recovers_is_done_once(clock: Any) -> None:
    tries: list[int] = []

    @job(retries=1)
    def second_time_lucky() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError

    second_time_lucky.later()
    _work()
    clock.shift(PAUSES[0])
    _work()
    clock.shift(timedelta(days=1))
    _work()
    assert len(tries) == 2
    assert _statuses() == [TaskResultStatus.SUCCESSFUL] * 2


def test_job_without_retries_fails_at_once() -> None:
    @job(retries=0)
    def fail() -> None:
        raise ZeroDivisionError

    fail.later()
    _work()
    assert _statuses() == [TaskResultStatus.FAILED]


def test_stopping_in_the_middle_puts_the_job_back_without_counting_the_try() -> None:
    tries: list[int] = []

    @job(retries=0)
    def interrupted() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise SystemExit(1)

    interrupted.later()
    _work()
    assert len(tries) == 2
    assert sorted(_statuses()) == [TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL]


def test_job_of_a_killed_worker_comes_back_after_a_while(clock: Any) -> None:
    done: list[int] = []

    @job()
    def note() -> None:
        done.append(1)

    note.later()
    DBTaskResult.objects.get().claim("a worker that was killed")
    clock.shift(jobs.LOST_AFTER)
    assert return_lost_jobs() == 0
    clock.shift(timedelta(seconds=1))
    assert return_lost_jobs() == 1
    _work()
    assert done == [1]


def test_job_that_keeps_losing_its_worker_fails_visibly(clock: Any, caplog: pytest.LogCaptureFixture) -> None:
    @job()
    def deadly() -> None:
        raise AssertionError

    deadly.later()
    for number in range(1, jobs.MOST_WORKERS + 1):
        DBTaskResult.objects.get().claim(f"worker {number}")
        clock.shift(jobs.LOST_AFTER + timedelta(seconds=1))
        assert return_lost_jobs() == (0 if number == jobs.MOST_WORKERS else 1)
    _work()
    failed = DBTaskResult.objects.get()
    assert failed.status == TaskResultStatus.FAILED
    assert failed.finished_at == timezone.now()
    assert failed.exception_class_path == "ortsdialog.kernel.jobs.WorkersLost"
    assert f"{deadly.name} was begun 5 times" in caplog.text


def _refuse(*_: Any, **__: Any) -> None:
    raise OperationalError("database is locked")


def test_next_try_that_the_database_did_not_take_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    @job(retries=1)
    def second_time_lucky() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError

    second_time_lucky.later()
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseBackend, "enqueue", _refuse)
        _work()
    assert _statuses() == [TaskResultStatus.FAILED]
    assert return_lost_jobs() == 1
    _work()
    assert len(tries) == 2
    assert _statuses() == [TaskResultStatus.SUCCESSFUL]
    assert return_lost_jobs() == 0


def test_job_stopped_while_the_database_is_away_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    @job(retries=0)
    def interrupted() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise SystemExit(1)

    interrupted.later()
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseBackend, "enqueue", _refuse)
        _work()
    assert return_lost_jobs() == 1
    _work()
    assert len(tries) == 2


def test_next_try_that_is_never_taken_ends_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    @job()
    def fail() -> None:
        raise ZeroDivisionError

    fail.later()
    monkeypatch.setattr(DatabaseBackend, "enqueue", _refuse)
    returned = 0
    for _ in range(jobs.MOST_WORKERS + 2):
        _work()
        returned += return_lost_jobs()
    assert returned == jobs.MOST_WORKERS - 1
    assert _statuses() == [TaskResultStatus.FAILED]


def test_worker_finds_a_job_whose_module_nobody_has_imported() -> None:
    jobs._jobs.clear()
    assert isinstance(find_job("ortsdialog.kernel.tests.late_job.late"), Job)
    with pytest.raises(KeyError):
        find_job("ortsdialog.kernel.tests.late_job.never")


# ---- The schedule -------------------------------------------------------------------------------


@pytest.fixture
def hourly() -> Job:
    @job()
    def hour() -> None: ...

    return schedule(hour, every=timedelta(hours=1))


def test_due_job_is_started_once_and_again_after_its_rhythm(hourly: Job, clock: Any) -> None:
    assert start_due_jobs() == [hourly.name]
    assert start_due_jobs() == []
    clock.shift(timedelta(minutes=59))
    assert start_due_jobs() == []
    clock.shift(timedelta(minutes=1))
    assert start_due_jobs() == [hourly.name]
    assert len(_statuses()) == 2


def test_clock_asks_once_and_locks_nothing_while_nothing_is_due(
    hourly: Job, clock: Any, django_assert_num_queries: Any
) -> None:
    start_due_jobs()
    with django_assert_num_queries(1):
        assert start_due_jobs() == []


def test_failing_start_is_not_lost(hourly: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Job) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Job, "later", broken)
        with pytest.raises(ZeroDivisionError):
            start_due_jobs()
    assert not ScheduledRun.objects.exists()
    assert start_due_jobs() == [hourly.name]


@pytest.mark.parametrize("known", [False, True], ids=["first time", "again"])
def test_two_workers_start_a_due_job_once(hourly: Job, known: bool) -> None:
    for _ in range(5):
        ScheduledRun.objects.all().delete()
        DBTaskResult.objects.all().delete()
        if known:
            ScheduledRun.objects.create(name=hourly.name, next_at=timezone.now() - timedelta(minutes=1))
        barrier = threading.Barrier(2)
        started: list[str] = []
        failed: list[Exception] = []

        def worker(barrier: threading.Barrier = barrier, started: list[str] = started, failed: Any = failed) -> None:
            try:
                connection.ensure_connection()
                barrier.wait()
                started += start_due_jobs()
            except Exception as error:  # noqa: BLE001 (shown to the test, which runs in another thread)
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=worker) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert started == [hourly.name]
        assert len(_statuses()) == 1
