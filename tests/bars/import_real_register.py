"""The real register has to come in completely, quickly, and twice without a change.

Run by hand or by a nightly job, with the file that Destatis publishes (it is not part of the repository):

    python tests/bars/import_real_register.py GV100AD_301123.txt.xz

Uses a database of its own in a temporary folder. Prints one JSON line; the exit code says whether the bar
is passed. The counts belong to the state of 30.11.2023; of another state only the time and the second run count.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 20
STATE = "2023-11-30"
COUNTS = {10: 16, 20: 29, 30: 12, 40: 400, 50: 4597, 60: 10981}


def main(file: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "ortsdialog.settings",
            "ORTSDIALOG_DATA_DIR": folder,
            "ORTSDIALOG_DATABASE_URL": "sqlite:///bar.sqlite3",
            "ORTSDIALOG_DEMO": "on",
            "ORTSDIALOG_SECRET_KEY": "only-for-this-bar-" * 4,
        }
        result = measure(file)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["passed"] else 1


def measure(file: Path) -> dict[str, object]:
    # Django reads its settings when it is imported.
    import django
    from django.core.management import call_command

    django.setup()
    from ortsdialog.ground.places.models import Place
    from ortsdialog.ground.places.register import import_register

    call_command("migrate", verbosity=0)
    begun = time.monotonic()
    first = import_register(file)
    seconds = round(time.monotonic() - begun, 1)
    counts = {int(level): Place.objects.filter(level=level).count() for level in COUNTS}
    begun = time.monotonic()
    second = import_register(file)
    again_seconds = round(time.monotonic() - begun, 1)
    state = first.register.as_of_on.isoformat()
    complete = counts == COUNTS if state == STATE else True
    return {
        "bar": "import_real_register",
        "passed": complete and seconds < SECONDS and not second.has_changes,
        "seconds": seconds,
        "limit_seconds": SECONDS,
        "again_seconds": again_seconds,
        "again_changed": second.has_changes,
        "state": state,
        "encoding": first.register.encoding,
        "counts": counts,
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
