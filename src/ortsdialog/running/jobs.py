"""The job worker: runs what was put off, and starts by the clock what is due.

python -m ortsdialog.running.jobs
"""

from __future__ import annotations

import logging
import os
import threading
from uuid import uuid4

import django

log = logging.getLogger("ortsdialog.jobs")

# The shortest rhythm that a scheduled job can keep.
CLOCK_SECONDS = 20.0


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortsdialog.settings")
    django.setup()
    from django_tasks_db.management.commands.db_worker import Worker

    # It tells of every stop as if that were a fault; what matters is the failed job.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid4().hex,
    )
    worker.configure_signals()
    # A daemon: it holds nothing that would have to be finished.
    threading.Thread(target=keep_time, name="schedule", daemon=True).start()
    worker.run()


def keep_time(stop: threading.Event | None = None) -> None:
    """Enqueue due jobs again and again. A failure is logged and the clock goes on."""
    from django.db import close_old_connections

    from ortsdialog.kernel.jobs import start_due_jobs

    stop = stop or threading.Event()
    while not stop.is_set():
        close_old_connections()
        try:
            start_due_jobs()
        except Exception:  # the clock must outlive whatever one round runs into
            log.exception("Scheduled jobs could not be started; next try in %s s.", CLOCK_SECONDS)
        finally:
            close_old_connections()
        stop.wait(CLOCK_SECONDS)


if __name__ == "__main__":
    main()
