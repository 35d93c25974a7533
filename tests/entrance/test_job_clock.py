"""The worker's clock: it starts what is due, and a failing round does not stop it."""

from __future__ import annotations

import logging
import threading

import pytest

from ortsdialog.kernel import jobs
from ortsdialog.running.jobs import keep_time


class Rounds(threading.Event):
    """Lets the clock go round so many times, without waiting."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left = number

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


def test_the_clock_outlives_a_round_that_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def fail_once() -> list[str]:
        calls.append(len(calls))
        if len(calls) == 1:
            raise OSError("the database is away")
        return []

    monkeypatch.setattr(jobs, "start_due_jobs", fail_once)
    with caplog.at_level(logging.ERROR, logger="ortsdialog.jobs"):
        keep_time(Rounds(3))
    assert calls == [0, 1, 2]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.django_db(transaction=True)
def test_the_clock_starts_every_scheduled_job_once() -> None:
    assert jobs.scheduled_jobs()
    keep_time(Rounds(2))
    assert jobs.ScheduledRun.objects.count() == len(jobs.scheduled_jobs())
