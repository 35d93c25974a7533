"""The command `ortsdialog`: the demo, the server, and every Django command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ortsdialog.config import SettingsRefused, load
from ortsdialog.config.refusal import explain, unsafe_settings
from ortsdialog.running import demo, site
from ortsdialog.running.stops import CannotStart

USAGE = """\
Ortsdialog. Bürgerdialoge einer Gemeinde, vom ersten Gespräch bis zur umgesetzten Maßnahme.

  ortsdialog demo          Vorführung mit erfundener Stadt starten (--port, --reset)
  ortsdialog serve         Webserver und Aufgaben starten
  ortsdialog migrate       Datenbank anlegen oder auf den Stand dieser Version bringen
  ortsdialog new_key       einen neuen geheimen Schlüssel ausgeben
  ortsdialog help          alle weiteren Befehle
  ortsdialog help BEFEHL   Hilfe zu einem Befehl

Einstellungen: docs/operators/einstellungen.md"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code; 2 and 75 mean: not started, and the reason was printed.

    After 75 trying again later may help, after 2 it does not.
    """
    # Statements, password hashes and session keys are nobody else's: what is made from here on is ours alone.
    os.umask(0o077)
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortsdialog.settings")
    command, rest = (words[0], words[1:]) if words else ("", [])
    try:
        if command in {"", "-h", "--help"}:
            print(USAGE)
            return 0
        if command == "new_key":
            print(new_key())
            return 0
        if command == "demo":
            return run_demo(rest)
        if command == "serve":
            return run_serve(rest)
        load()
        return run_django(words)
    except SettingsRefused as refusal:
        print(explain(refusal.problems), file=sys.stderr)
        return 2
    except CannotStart as reason:
        print(f"Ortsdialog startet nicht. {reason}", file=sys.stderr)
        return reason.code
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def new_key() -> str:
    from django.core.management.utils import get_random_secret_key

    return get_random_secret_key() + get_random_secret_key()


def run_demo(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ortsdialog demo", description="Startet die Vorführung im Vordergrund.")
    parser.add_argument("--port", type=int, help="Port des Webservers (sonst 8000 oder der nächste freie)")
    parser.add_argument("--bind", help="Adresse, an der der Webserver lauscht (sonst 127.0.0.1)")
    parser.add_argument("--data-dir", type=Path, help="Ordner der Vorführung (sonst ORTSDIALOG_DATA_DIR oder ./.demo)")
    parser.add_argument("--reset", action="store_true", help="alles Bisherige der Vorführung löschen und neu beginnen")
    options = parser.parse_args(words)
    return demo.run(port=options.port, bind=options.bind, data_dir=options.data_dir, reset=options.reset)


def run_serve(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ortsdialog serve", description="Startet Webserver und Aufgaben.")
    parser.parse_args(words)
    config = load()
    problems = unsafe_settings(config)
    if problems:
        raise SettingsRefused(problems)
    return site.serve(config)


def run_django(words: Sequence[str]) -> int:
    """Hand the words to Django. It exits by itself on errors; its codes are kept."""
    from django.core.management import ManagementUtility

    ManagementUtility(["ortsdialog", *words]).execute()
    return 0


if __name__ == "__main__":
    sys.exit(main())
