"""The shapes that reading settings gives: the configuration, or the problems that forbid it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ortsdialog.config.databases import SQLITE

# Lies in the data folder of a demonstration, and nowhere else.
DEMO_MARK = "ortsdialog-demo"


@dataclass(frozen=True)
class Problem:
    """A setting that stops the start: its name, why, and what to do."""

    name: str
    reason: str
    remedy: str


class SettingsRefused(Exception):
    """The settings do not allow a start. `problems` holds all of them, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.name} {problem.reason}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mail:
    """How mail leaves. Field by field what Django's EMAIL_ settings want."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False


@dataclass(frozen=True)
class Config:
    data_dir: Path
    secret_key: str = field(repr=False)
    # An entry of Django's DATABASES. Not in the repr: it may hold a password.
    database: dict[str, Any] = field(repr=False)
    # Without a slash at the end.
    base_url: str
    allowed_hosts: tuple[str, ...]
    https: bool
    # The operator said explicitly that this site runs without https.
    https_waived: bool
    trusted_proxies: int
    mail: Mail
    # False where nobody said whether mail leaves this site: fine for a command, not for serving.
    mail_decided: bool
    mail_from: str
    # Name and address of who runs the site, one line each; may be empty.
    operator: str
    bind: str
    port: int
    workers: int
    statements_per_device: int
    time_zone: str
    # A LibreTranslate server without a slash at the end; empty: no machine translation.
    translation_url: str
    translation_key: str = field(repr=False)
    demo: bool
    debug: bool

    @property
    def on_sqlite(self) -> bool:
        return bool(self.database["ENGINE"] == SQLITE)
