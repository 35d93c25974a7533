"""What the operator decides: typed settings from the environment or from a file.

    from ortsdialog.config import config

`config` is read on first use, so that importing this package costs nothing and needs no settings. A wrong or
missing setting stops the start with its name, the reason and what to do. Messages are German: they are read by
the people who run a site, before any translation is loaded.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ortsdialog.config.reading import read
from ortsdialog.config.refusal import explain
from ortsdialog.config.sources import ENV_FILE, gather
from ortsdialog.config.table import NAMES, PREFIX, SETTINGS, Setting
from ortsdialog.config.values import Config, Mail, Problem, SettingsRefused

__all__ = [
    "ENV_FILE",
    "NAMES",
    "PREFIX",
    "SETTINGS",
    "Config",
    "Mail",
    "Problem",
    "Setting",
    "SettingsRefused",
    "config",
    "load",
]

if TYPE_CHECKING:
    config: Config


def load() -> Config:
    """Read this process's settings, or raise SettingsRefused."""
    return read(gather(os.environ))


def __getattr__(name: str) -> Any:
    if name != "config":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = load()
    except SettingsRefused as refusal:
        print(explain(refusal.problems), file=sys.stderr)
        raise SystemExit(2) from None
    globals()["config"] = value
    return value
