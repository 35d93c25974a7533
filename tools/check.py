"""All checks but the tests, one after the other, every one of them even if an earlier one fails.

python -m tools.check           all
python -m tools.check types     only those whose name contains a word
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
SOURCES = ("src", "tests", "benchmarks", "tools", "hatch_build.py", "conftest.py")

CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "--quiet", *SOURCES],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", *SOURCES],
    "templates: lint": [str(BIN / "djlint"), "--lint", "--quiet", "src"],
    "templates: format": [str(BIN / "djlint"), "--check", "--quiet", "src"],
    "templates: compile, no inline code": [PYTHON, "-m", "tools.templates"],
    "types": [str(BIN / "mypy")],
    "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "system checks": [PYTHON, "-m", "ortsdialog", "check", "--fail-level", "WARNING"],
    "migrations": [PYTHON, "-m", "ortsdialog", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "tools.catalogues", "check"],
    "vendored files": [PYTHON, "-m", "tools.vendor", "--check"],
}


def settings(folder: str) -> dict[str, str]:
    """The least that commands of the site need, whatever this shell has set."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ORTSDIALOG_")}
    return own | {
        "ORTSDIALOG_ENV_FILE": "",
        "ORTSDIALOG_DATA_DIR": folder,
        "ORTSDIALOG_SECRET_KEY": "checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ORTSDIALOG_BASE_URL": "https://ortsdialog.test",
        "ORTSDIALOG_MAIL_URL": "none",
        "DJANGO_SETTINGS_MODULE": "ortsdialog.settings",
    }


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    failed = []
    with tempfile.TemporaryDirectory(prefix="ortsdialog-check-") as folder:
        environment = settings(folder)
        for name, command in CHECKS.items():
            if words and not any(word in name for word in words):
                continue
            begun = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            print(
                f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - begun:.1f} s)",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print((done.stdout + done.stderr).rstrip(), flush=True)
    if failed:
        print(f"\nChecks that failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
