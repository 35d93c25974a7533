"""How much one device may hand in. Never by address: a whole hall stands behind one.

A bucket a device, kept by each process of the site: it holds `STATEMENTS_PER_DEVICE` (30) and is full again after
two minutes. Whoever writes a card takes longer than a refill. A device that shows no cookie shares the bucket of its
table, which is as large as a table full of such devices. An empty bucket refuses nothing for good: the sender keeps
the statement and tries again.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from ortsdialog.meet.gatherings.codes import read_table_code

FULL_AFTER_SECONDS = 120.0
WITHOUT_COOKIE = 20
HOST = 10
# More than any hall has devices; the one that was quiet longest is forgotten first.
BUCKETS_AT_MOST = 20_000


@dataclass
class Buckets:
    """Token buckets by name, each with room for `burst` statements."""

    burst: int
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str, *, size: int = 1, now: float | None = None) -> int:
        """0 if one more may come; else after how many seconds. `size`: how many devices share the bucket."""
        now = time.monotonic() if now is None else now
        burst = self.burst * size
        refill = FULL_AFTER_SECONDS / burst
        level, then = self._levels.pop(name, (burst, now))
        level = min(burst, level + (now - then) / refill)
        if level < 1:
            self._levels[name] = (level, now)
            return max(1, round((1 - level) * refill))
        self._levels[name] = (level - 1, now)
        while len(self._levels) > BUCKETS_AT_MOST:
            self._levels.popitem(last=False)
        return 0

    def clear(self) -> None:
        self._levels.clear()


def wait_for_device(buckets: Buckets, device_mark: str, table_code: str) -> int:
    """0 if this device may hand in one more statement; else after how many seconds."""
    if device_mark:
        return buckets.take(f"device:{device_mark}")
    # However the code was typed: each spelling must not open a bucket of its own.
    return buckets.take(f"table:{read_table_code(table_code)}", size=WITHOUT_COOKIE)


def wait_for_host(buckets: Buckets, host_mark: str) -> int:
    """The same for a host, who writes for a whole table."""
    return buckets.take(f"host:{host_mark}", size=HOST)
