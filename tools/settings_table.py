"""Writes the operators' table of settings from the settings themselves.

python -m tools.settings_table    renew the table in docs/operators/einstellungen.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from ortsdialog.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/operators/einstellungen.md"
TEMPLATE = ROOT / ".env.example"
BEGIN = "<!-- Tabelle: aus dem Programm erzeugt mit `python -m tools.settings_table` -->\n"
END = "<!-- Ende der Tabelle -->\n"


def table() -> str:
    lines = ["| Einstellung | Bedeutung | Vorgabe | Beispiel |", "|---|---|---|---|"]
    for setting in SETTINGS:
        example = setting.example if " " in setting.example else f"`{setting.example}`"
        lines.append(f"| `{setting.variable}` | {setting.meaning} | {setting.default} | {example} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        print(f"{DOCUMENT} has lost the marks between which the table stands.", file=sys.stderr)
        return 1
    DOCUMENT.write_text(before + BEGIN + "\n" + table() + "\n" + END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
