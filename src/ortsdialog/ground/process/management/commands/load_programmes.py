"""ortsdialog load_programmes [FILE]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ortsdialog.ground.process.programmes import (
    ProgrammeFileWrong,
    load_programmes,
    load_programmes_file,
    programmes_of_the_house,
)


class Command(BaseCommand):
    help = "Lädt Programme mit ihren Bausteinen, die mitgelieferten oder die einer Datei. Zweimal ändert nichts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="eine JSON-Datei; ohne sie die mitgelieferten Programme")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                if options["file"] is None:
                    loaded = load_programmes(programmes_of_the_house())
                else:
                    loaded = load_programmes_file(options["file"])
        except ProgrammeFileWrong as problem:
            raise CommandError(f"Nichts wurde geändert. {problem}") from problem
        for entry in loaded:
            word = "neu" if entry.created else "geändert" if entry.changed else "unverändert"
            self.stdout.write(f"{entry.programme.slug}: {word}")
