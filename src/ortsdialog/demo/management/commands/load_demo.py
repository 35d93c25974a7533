"""`ortsdialog load_demo`: programmes, documented dialogues, the invented town. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ortsdialog.demo.documented import load_documented_dialogues, load_programmes
from ortsdialog.demo.follow_up import load_plan
from ortsdialog.demo.hall import load_hall
from ortsdialog.demo.lindenbronn import load_gatherings, load_process, load_profile, load_town
from ortsdialog.demo.people import PROGRAMME, load_people
from ortsdialog.demo.talk import load_clusters, load_statements
from ortsdialog.kernel.tenancy import open_place


class Command(BaseCommand):
    help = "Load the demonstration. What is there already is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            programmes = load_programmes()
            documented = load_documented_dialogues(programmes[PROGRAMME])
            place, is_new = load_town()
            load_people(place)
            if is_new:
                with open_place(place):
                    load_profile(place)
                    process = load_process(place, programmes[PROGRAMME])
                    clusters = load_clusters(process)
                    gatherings = load_gatherings(process)
                    statements = load_statements(gatherings, clusters)
                    load_hall(gatherings)
                    measures = load_plan(process, clusters)
                self.say(
                    f"Lindenbronn: {len(clusters)} clusters, {statements} statements, {measures} measures.", options
                )
        self.say(f"{len(programmes)} programmes, {documented} documented dialogues.", options)

    def say(self, words: str, options: dict[str, Any]) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(words)
