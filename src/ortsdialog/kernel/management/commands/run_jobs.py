"""`ortsdialog run_jobs`: the worker that does what was put off, and starts by the clock what is due."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.management.commands.db_worker import Worker

from ortsdialog.kernel.jobs import start_due_jobs

log = logging.getLogger("ortsdialog.jobs")

POLL_SECONDS = 0.5
CLOCK_SECONDS = 5.0


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
            worker.run()
        finally:
            stop.set()
            clock.join(timeout=CLOCK_SECONDS)
            connections.close_all()


def keep_time(stop: threading.Event) -> None:
    """Start due jobs again and again. A failure is logged and the clock goes on."""
    while not stop.is_set():
        try:
            start_due_jobs()
        except Exception:
            log.exception("Scheduled jobs could not be started; next try in %s s.", CLOCK_SECONDS)
        finally:
            connections.close_all()
        stop.wait(CLOCK_SECONDS)
