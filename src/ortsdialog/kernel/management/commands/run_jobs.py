"""`ortsdialog run_jobs`: the worker that does what was put off, and starts by the clock what is due."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from ortsdialog.kernel.jobs import start_due_jobs

log = logging.getLogger("ortsdialog.jobs")

POLL_SECONDS = 0.5
CLOCK_SECONDS = 5.0

# What passes by itself: locked, restarted, disk full, network gone.
TROUBLE = (OperationalError, InterfaceError)
# Pauses between looks at a database in trouble grow from the first to the longest, until a worker ran well for a while.
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 30.0
RAN_WELL = 60.0


class JobWorker(Worker):
    """Told to stop, it finishes the job at hand. Told twice, it stops at once, and the job is put back."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if not self.running:
            raise SystemExit(1)
        # Nothing is torn down here: the signal may come between claiming a job and running it.
        self.running = False


class Command(BaseCommand):
    help = "Erledigt Aufgaben im Hintergrund und startet, was nach der Uhr fällig ist. Läuft bis zum Abbruch."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="erledigen, was jetzt ansteht, und aufhören")

    def handle(self, *, once: bool = False, **options: Any) -> None:
        autodiscover_modules("tasks")
        # It reports every stop as if that were a fault; what matters is the failed job.
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
        # It reports every look at a database that is away; once is enough, and said below.
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        worker = JobWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=POLL_SECONDS,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=uuid4().hex,
        )
        if once:
            start_due_jobs()
            worker.run()
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, worker.shutdown)
        stop = threading.Event()
        clock = threading.Thread(target=keep_time, args=[stop], name="schedule", daemon=True)
        clock.start()
        try:
            run_through_trouble(worker)
        finally:
            stop.set()
            clock.join(timeout=CLOCK_SECONDS)
            connections.close_all()


def run_through_trouble(worker: JobWorker) -> None:
    """Work until told to stop. Trouble of the database is waited out."""
    pause = FIRST_PAUSE
    while worker.running:
        begun = time.monotonic()
        try:
            worker.run()
        except TROUBLE as error:
            log.error("The database does not answer, jobs wait: %s", error)
            if time.monotonic() - begun > RAN_WELL:
                pause = FIRST_PAUSE
            pause = wait_for_database(worker, pause)


def wait_for_database(worker: JobWorker, pause: float) -> float:
    """Look again and again until the database answers; returns how long to pause before the next look."""
    while worker.running:
        connections.close_all()
        rest(worker, pause)
        pause = min(pause * 2, LONGEST_PAUSE)
        try:
            # As the worker does: with the right to write.
            with exclusive_transaction():
                DBTaskResult.objects.ready().exists()
        except TROUBLE:
            continue
        log.warning("The database answers again, jobs go on.")
        break
    return pause


def rest(worker: JobWorker, seconds: float) -> None:
    until = time.monotonic() + seconds
    while worker.running and time.monotonic() < until:
        time.sleep(0.2)


def keep_time(stop: threading.Event) -> None:
    """Start due jobs again and again. A failure is logged once, until they start again."""
    failing = False
    while not stop.is_set():
        try:
            start_due_jobs()
            failing = False
        except Exception as error:
            if not failing:
                # Where the database is away, it matters what it says, not where we were.
                where = None if isinstance(error, TROUBLE) else error
                said = "Scheduled jobs could not be started; tried again every %s s: %s"
                log.error(said, CLOCK_SECONDS, error, exc_info=where)
            failing = True
        finally:
            connections.close_all()
        stop.wait(CLOCK_SECONDS)
