"""`ortsdialog serve` as an operator runs it, on either database."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.sites import Site

STOP_SECONDS = 10


def test_a_fresh_site_answers_on_the_front_page(empty_site: Site) -> None:
    answer = empty_site.get("/")
    assert answer.status == 200
    assert "<html" in answer.text


def test_a_strange_host_name_is_refused(empty_site: Site) -> None:
    assert empty_site.get("/", Host="evil.example").status == 400


def test_static_files_are_served_with_a_lasting_name(empty_site: Site) -> None:
    page = empty_site.get("/").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = empty_site.get(sheet)
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]


def test_a_second_serve_in_the_same_folder_is_refused(empty_site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ortsdialog", "serve"],
        env=empty_site.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"läuft schon ein Ortsdialog ({empty_site.url}" in done.stderr


def test_it_stops_quickly_and_starts_again(empty_site: Site) -> None:
    begun = time.monotonic()
    empty_site.stop()
    assert time.monotonic() - begun < STOP_SECONDS
    empty_site.start()
    assert empty_site.get("/").status == 200
