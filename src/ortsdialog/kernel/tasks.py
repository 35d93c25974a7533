"""The kernel's own jobs: keeping the tables of the machinery small."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from ortsdialog.kernel import jobs
from ortsdialog.kernel.jobs import job, schedule
from ortsdialog.kernel.live import events

# A finished job may carry a mail with a secret link; it is kept for a day, to answer "did it leave?".
FINISHED_JOBS_KEPT_DAYS = 1
FAILED_JOBS_KEPT_DAYS = 14


@job()
def forget_old_events() -> None:
    events.forget_old_events()


@job()
def forget_finished_jobs() -> None:
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=FINISHED_JOBS_KEPT_DAYS,
        failed_min_age_days=FAILED_JOBS_KEPT_DAYS,
        verbosity=0,
    )


@job()
def forget_ended_sessions() -> None:
    call_command("clearsessions", verbosity=0)


@job()
def return_lost_jobs() -> None:
    jobs.return_lost_jobs()


schedule(forget_old_events, every=timedelta(hours=1))
schedule(forget_finished_jobs, every=timedelta(days=1))
schedule(forget_ended_sessions, every=timedelta(days=1))
schedule(return_lost_jobs, every=timedelta(minutes=5))
