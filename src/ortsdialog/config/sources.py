"""Where settings come from: the environment, and a file of NAME=value lines. The environment wins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ortsdialog.config.table import PREFIX
from ortsdialog.config.values import Problem, SettingsRefused

ENV_FILE = "ORTSDIALOG_ENV_FILE"
DEFAULT_ENV_FILE = "ortsdialog.env"


def gather(environment: Mapping[str, str]) -> dict[str, str]:
    """All ORTSDIALOG_ values of the environment, on top of those of the settings file.

    The file is the one named by ORTSDIALOG_ENV_FILE, else ./ortsdialog.env if there is one. An empty
    ORTSDIALOG_ENV_FILE means: no file.
    """
    named = environment.get(ENV_FILE)
    values: dict[str, str] = {}
    if named:
        values = read_file(Path(named).expanduser())
    elif named is None and Path(DEFAULT_ENV_FILE).is_file():
        values = read_file(Path(DEFAULT_ENV_FILE))
    return values | {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def read_file(path: Path) -> dict[str, str]:
    """NAME=value lines. Empty lines and lines starting with # say nothing; quotes around a value are dropped."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "kein Text in UTF-8"
        raise SettingsRefused(
            [Problem(ENV_FILE, f"nennt {path}, die Datei lässt sich nicht lesen ({reason}).", "Prüfen Sie den Pfad.")]
        ) from None
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        name, equals, value = content.partition("=")
        name, value = name.strip(), value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        # The line itself is not shown: it may hold a password.
        if not equals or not name.startswith(PREFIX):
            problems.append(
                Problem(
                    f"{path}, Zeile {number},",
                    f"ist keine Zeile der Form {PREFIX}NAME=Wert.",
                    "Berichtigen oder entfernen Sie die Zeile.",
                )
            )
        elif name in values:
            problems.append(
                Problem(name, f"steht zweimal in {path} (wieder in Zeile {number}).", "Lassen Sie eine Zeile stehen.")
            )
        values[name] = value
    if problems:
        raise SettingsRefused(problems)
    return values
