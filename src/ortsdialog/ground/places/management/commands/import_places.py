"""`ortsdialog import_places FILE`: bring the official register of municipalities up to date."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.register import ImportReport, RegisterRefused, import_register
from ortsdialog.ground.places.register_file import RegisterBroken

# The register's own words; the interface's translations are for residents.
NAMES = {
    Level.LAND: "Länder",
    Level.DISTRICT: "Regierungsbezirke",
    Level.REGION: "Regionen",
    Level.COUNTY: "Kreise",
    Level.ASSOCIATION: "Gemeindeverbände",
    Level.MUNICIPALITY: "Gemeinden",
}


class Command(BaseCommand):
    help = (
        "Liest das amtliche Gemeindeverzeichnis (GV100AD, Statistisches Bundesamt) ein: .txt, .zip oder .xz. "
        "Eine Datei mit einem Fehler ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", help="GV100AD….txt, auch gepackt")
        parser.add_argument(
            "--close-many", action="store_true", help="auch dann, wenn ungewöhnlich viele Einträge wegfallen"
        )

    def handle(self, *args: Any, file: Path, close_many: bool, **options: Any) -> None:
        begun = time.monotonic()
        try:
            report = import_register(file, close_many=close_many, progress=self._progress)
        except RegisterBroken as broken:
            faults = "\n  ".join(broken.faults)
            raise CommandError(
                f"Die Datei kann nicht eingelesen werden, es wurde nichts geändert.\n  {faults}"
            ) from broken
        except RegisterRefused as refused:
            raise CommandError(str(refused)) from refused
        self._tell(report, time.monotonic() - begun)

    def _progress(self, words: str) -> None:
        self.stdout.write(f"  {words}")
        self.stdout.flush()

    def _tell(self, report: ImportReport, seconds: float) -> None:
        write = self.stdout.write
        write("")
        write(f"  {'':<18}{'Datei':>8}{'neu':>8}{'geändert':>10}{'zu':>6}{'gleich':>8}")
        for counts in report.levels:
            write(
                f"  {NAMES[counts.level]:<18}{counts.in_file:>8}{counts.created:>8}{counts.updated:>10}"
                f"{counts.closed:>6}{counts.unchanged:>8}"
            )
        write("")
        for name in report.closed_participants:
            write(f"  Achtung: {name} nimmt teil, steht aber nicht mehr im Verzeichnis.")
        write("  Fertig." if report.has_changes else "  Fertig. Alles war schon auf diesem Stand.")
        write(f"  {seconds:.1f} s. Quelle: © Statistisches Bundesamt (Destatis), dl-de/by-2-0.")
