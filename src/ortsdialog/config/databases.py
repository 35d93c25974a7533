"""A database address as Django's settings want it, with the options that keep acknowledged data."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote

# Django's own, with turns for those who write (kernel/sqlite).
SQLITE = "ortsdialog.kernel.sqlite"
# Django's own, with a pool that does not hand out dead connections one after the other (kernel/postgres).
POSTGRES = "ortsdialog.kernel.postgres"
# WAL + IMMEDIATE: readers and the one writer do not lock each other out. FULL: what was acknowledged survives a
# power cut (under NORMAL it may not).
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
}


def sqlite(data_dir: Path, name: str) -> dict[str, Any]:
    return {
        "ENGINE": SQLITE,
        "NAME": str(data_dir / name),
        "OPTIONS": dict(SQLITE_OPTIONS),
        "ATOMIC_REQUESTS": False,
    }


def postgres(parts: SplitResult, name: str) -> dict[str, Any]:
    """`parts` is a postgres:// address. A host given as an option (a socket folder) wins over the one in front."""
    options: dict[str, Any] = {key: found[-1] for key, found in parse_qs(parts.query).items()}
    host = options.pop("host", "") or parts.hostname or ""
    # Every thread of an ASGI server would open a connection of its own; the pool bounds them. After an outage it
    # gives up its own, ever rarer tries soon: the next request then tries at once.
    options["pool"] = {"min_size": 1, "max_size": 16, "timeout": 20, "reconnect_timeout": 20}
    return {
        "ENGINE": POSTGRES,
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        # The pool's own look at a connection pauses after each dead one; ours does not (kernel/postgres).
        "CONN_HEALTH_CHECKS": False,
    }
