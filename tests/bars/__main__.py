"""All bars of reliability and speed at full size, one after the other: `make bars`.

    python -m tests.bars                 all, on SQLite and on PostgreSQL, with their negative controls
    python -m tests.bars kill wall       only those whose command has one of the words

Each prints one JSON line. They need the machine for themselves, for about two hours.
"""

from __future__ import annotations

import subprocess
import sys
import time

from tests.bars.offline_sequences import CONTROLS

BOTH = (["--database", "sqlite"], ["--database", "postgres"])
BARS: list[tuple[str, list[str]]] = [
    *(("tests.bars.kill_loop", words) for words in BOTH),
    ("tests.bars.kill_loop", ["--control"]),
    ("tests.bars.power_cut", []),
    ("tests.bars.power_cut", ["--control"]),
    ("tests.bars.disk_full", []),
    ("tests.bars.disk_full", ["--control"]),
    *(("benchmarks.hall_load", words) for words in BOTH),
    ("benchmarks.hall_load", ["--control"]),
    *(("tests.bars.two_moderators", words) for words in BOTH),
    ("tests.bars.two_moderators", ["--last-writer-wins", "--interleavings", "200"]),
    *(("tests.bars.offline_sequences", words) for words in BOTH),
    *(("tests.bars.offline_sequences", ["--sequences", "12", "--control", name]) for name in CONTROLS),
    ("tests.bars.first_visit", []),
    ("tests.bars.first_visit", ["--control"]),
    *(("benchmarks.moderation_flood", words) for words in BOTH),
    ("benchmarks.moderation_flood", ["--fifo"]),
]


def main(words: list[str]) -> int:
    failed = []
    for module, options in BARS:
        name = " ".join([module, *options])
        if words and not any(word in name for word in words):
            continue
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-m", module, *options], check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - begun:.0f} s)", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print("\nBars that were missed: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
