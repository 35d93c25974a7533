"""What a site does when a part of it, or the database under it, is gone for a moment."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.sites import Site, server_address


def job_worker(site: Site) -> int | None:
    """The process that does the jobs of this site."""
    assert site.process is not None
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = status.read_text(encoding="utf-8").split("PPid:")[1].split()[0]
            words = (status.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == str(site.process.pid) and b"run_jobs" in words:
            return int(status.parent.name)
    return None


def is_up(site: Site) -> bool:
    return site.process is not None and site.process.poll() is None and site.get("/").status == 200


def test_a_killed_job_worker_comes_back_and_pages_answer_meanwhile(empty_site: Site) -> None:
    killed = job_worker(empty_site)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while job_worker(empty_site) in {None, killed} and time.monotonic() < deadline:
        assert is_up(empty_site)
        time.sleep(0.2)
    assert job_worker(empty_site) not in {None, killed}
    assert is_up(empty_site)


@pytest.mark.one_database("postgres", reason="SQLite has no connections that could be cut")
def test_cut_connections_cost_no_page_and_no_worker(empty_site: Site) -> None:
    import psycopg

    # Both web processes hold connections now.
    assert {empty_site.get("/").status for _ in range(8)} == {200}
    before = job_worker(empty_site)
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        (count,) = connection.execute(cut, [urlsplit(empty_site.database_url).path[1:]]).fetchone() or (0,)
    assert count >= 2
    assert [empty_site.get("/").status for _ in range(12)] == [200] * 12
    time.sleep(3)
    assert job_worker(empty_site) == before
