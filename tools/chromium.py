"""Finds a Chromium for the browser tests, or installs one.

python -m tools.chromium      find or install; one clear sentence if there is none to be had
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "ORTSDIALOG_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(Exception):
    """There is no browser, and none could be installed."""


def answers(path: str) -> bool:
    """Whether the program runs. Some systems ship a command that only tells how to install the browser."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    named = os.environ.get(VARIABLE)
    if named:
        if not answers(named):
            raise NoChromium(f"{VARIABLE} names {named}, which is no browser that starts.")
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path and answers(path):
            return path
    own = playwrights_own()
    return own if own and answers(own) else None


def install() -> None:
    """By the system's packages if we may, else by Playwright. What they print is shown: it takes minutes."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("==> Installing Chromium with apt-get (once)", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            if subprocess.run([*quiet, *words], env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
                break
        if find():
            return
    print("==> Installing Chromium with Playwright (once)", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    try:
        if find() is None:
            install()
        path = find()
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 1
    if path is None:
        print(
            "The browser tests need Chromium, and it could be neither found nor installed: "
            f"install Chromium or Chrome, or name its program in {VARIABLE}.",
            file=sys.stderr,
        )
        return 1
    print(f"==> Browser for the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
