from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ortsdialog.kernel import tasks
from ortsdialog.kernel.jobs import ScheduledRun, scheduled_jobs
from ortsdialog.kernel.live.events import KEPT_FOR, LiveEvent, announce
from ortsdialog.kernel.mail import send_mail_later
from ortsdialog.kernel.management.commands import run_jobs
from tests.sites import server_address

pytestmark = pytest.mark.django_db(transaction=True)


def test_housekeeping_is_on_the_schedule() -> None:
    rhythm = {name.rpartition(".")[2]: entry.every for name, entry in scheduled_jobs().items()}
    assert rhythm["forget_old_events"] == timedelta(hours=1)
    assert rhythm["forget_finished_jobs"] == timedelta(days=1)
    assert rhythm["forget_ended_sessions"] == timedelta(days=1)
    assert rhythm["return_lost_jobs"] == timedelta(minutes=5)


def test_once_does_what_is_due_and_ends() -> None:
    old = announce("gathering:1", "statement", 1)
    LiveEvent.objects.filter(pk=old.pk).update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    young = announce("gathering:1", "statement", 2)
    Session.objects.create(session_key="a", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="b", session_data="", expire_date=timezone.now() + timedelta(days=1))
    call_command("run_jobs", once=True)
    assert list(LiveEvent.objects.all()) == [young]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b"]
    assert ScheduledRun.objects.filter(next_at__gt=timezone.now()).count() >= 4
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def test_finished_jobs_are_forgotten_after_a_day_and_failed_ones_after_two_weeks() -> None:
    def finished(name: str, status: str, days: int) -> None:
        DBTaskResult.objects.create(
            status=status,
            args_kwargs={"args": [name], "kwargs": {}},
            task_path="x",
            backend_name="default",
            run_after=timezone.now(),
            exception_class_path="",
            traceback="",
            finished_at=timezone.now() - timedelta(days=days, minutes=1),
        )

    finished("sent today", TaskResultStatus.SUCCESSFUL, 0)
    finished("sent yesterday", TaskResultStatus.SUCCESSFUL, 1)
    finished("failed last week", TaskResultStatus.FAILED, 7)
    finished("failed long ago", TaskResultStatus.FAILED, 14)
    tasks.forget_finished_jobs()
    left = [row["args"][0] for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)]
    assert sorted(left) == ["failed last week", "sent today"]


def test_clock_survives_a_failure_and_stops_when_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    rounds: list[int] = []

    def failing() -> list[str]:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise ZeroDivisionError

    monkeypatch.setattr(run_jobs, "start_due_jobs", failing)
    monkeypatch.setattr(run_jobs, "CLOCK_SECONDS", 0.01)
    clock = threading.Thread(target=run_jobs.keep_time, args=[stop])
    clock.start()
    clock.join(10)
    assert not clock.is_alive()
    assert len(rounds) == 3
    # Once, not every round.
    assert caplog.text.count("Scheduled jobs could not be started") == 1


# An outage in small: nobody waits long for the database, nor before looking again.
HASTY = (
    "from ortsdialog.kernel.management.commands import run_jobs\n"
    "run_jobs.FIRST_PAUSE, run_jobs.LONGEST_PAUSE = 0.2, 0.5\n"
    "options = connections['default'].settings_dict['OPTIONS']\n"
    "options.get('pool', options)['timeout'] = 1\n"
)


def _start(*, before: str = "", output: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    """The command as a site runs it: a process of its own, on this test's database."""
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.db import connections\n"
        f"connections['default'].settings_dict['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
        f"{before}"
        "from django.core.management import call_command\n"
        "call_command('run_jobs')\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=dict(os.environ),
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait_for(condition: Any, worker: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    try:
        while time.monotonic() < deadline and worker.poll() is None:
            if condition():
                return
            time.sleep(0.1)
    except BaseException:
        # A worker that is left over would do the jobs of the next test.
        worker.kill()
        raise
    worker.kill()
    pytest.fail(f"The worker did not get so far: {worker.communicate()[0]}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_worker_runs_scheduled_jobs_and_stops_cleanly(number: signal.Signals) -> None:
    worker = _start()
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    _wait_for(lambda: done.count() >= 4, worker)
    begun = time.monotonic()
    worker.send_signal(number)
    output = worker.communicate(timeout=15)[0]
    assert (worker.returncode, output) == (0, "")
    assert time.monotonic() - begun < 5
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).exists()


@contextmanager
def _outage() -> Iterator[None]:
    """Nobody but this test gets at the database any more."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    import psycopg

    connection.ensure_connection()
    own = connection.connection.info.backend_pid
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
    with psycopg.connect(server_address(), autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            other.execute(cut, [name, own])
            yield
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_worker_waits_out_an_outage_says_so_once_and_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as output:
        worker = _start(before=HASTY, output=output)
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    try:
        _wait_for(lambda: done.count() >= 4, worker)
        with _outage():
            _wait_for(lambda: "does not answer, jobs wait" in log.read_text(encoding="utf-8"), worker)
            # Long enough for some looks in vain.
            time.sleep(4)
            assert worker.poll() is None
        before = done.count()
        send_mail_later(to="rolf@example.org", subject="Ihr Beitrag", body="Danke")
        _wait_for(lambda: done.count() > before, worker)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=15)
    said = log.read_text(encoding="utf-8")
    assert worker.returncode == 0
    assert said.count("does not answer, jobs wait") == said.count("answers again, jobs go on") == 1
    # A job that was cut off in the middle tells where; waiting is told in a line.
    assert "Traceback" not in said.partition("does not answer, jobs wait")[2]


def test_worker_told_to_stop_during_an_outage_stops(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as output:
        worker = _start(before=HASTY, output=output)
    _wait_for(DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL).exists, worker)
    with _outage():
        _wait_for(lambda: "does not answer, jobs wait" in log.read_text(encoding="utf-8"), worker)
        worker.send_signal(signal.SIGTERM)
        try:
            assert worker.wait(timeout=15) == 0
        finally:
            worker.kill()
