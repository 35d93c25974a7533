"""`ortsdialog add_place AGS|NAME --coordinator EMAIL`: a town joins, and its first coordinator gets a link."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation

from ortsdialog.ground.accounts.actions import invite_person
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.places.actions import CannotJoin, join_place
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.queries import find_places, suggested_slug
from ortsdialog.kernel.access import Actor

MOST_SHOWN = 10


class Command(BaseCommand):
    help = "Nimmt eine Gemeinde oder einen Kreis auf und gibt den Link für die erste Koordination aus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "place", metavar="AGS|NAME", help="amtlicher Schlüssel oder Name, wie im Gemeindeverzeichnis"
        )
        parser.add_argument("--slug", default="", help="Teil der Adresse, zum Beispiel neustadt (sonst aus dem Namen)")
        parser.add_argument("--coordinator", metavar="E-MAIL", default="", help="wer den Dialog koordiniert")
        parser.add_argument("--name", default="", help="Name dieser Person")

    def handle(self, *args: Any, place: str, slug: str, coordinator: str, name: str, **options: Any) -> None:
        if coordinator:
            try:
                validate_email(coordinator)
            except ValidationError as error:
                raise CommandError(f"„{coordinator}“ ist keine E-Mail-Adresse.") from error
        found = self._find(place)
        actor = Actor.system("add_place")
        with translation.override("de"), transaction.atomic():
            if found.slug and not slug:
                self.stdout.write(f"{found.full_name} nimmt schon teil: /orte/{found.slug}/")
            else:
                try:
                    join_place(actor=actor, place=found, slug=slug or suggested_slug(found))
                except CannotJoin as refusal:
                    raise CommandError(str(refusal)) from refusal
                self.stdout.write(f"{found.full_name} nimmt jetzt teil: /orte/{found.slug}/")
            if not coordinator:
                self.stdout.write("Noch niemand ist eingeladen: den Befehl mit --coordinator E-MAIL wiederholen.")
                return
            invited = invite_person(actor=actor, email=coordinator, name=name, role=Role.COORDINATOR, place=found)
        self.stdout.write(f"Link für {coordinator}. Er gilt einmal und 14 Tage:")
        self.stdout.write(f"  {invited.url}")

    def _find(self, text: str) -> Place:
        found = list(find_places(text)[: MOST_SHOWN + 1])
        exact = [place for place in found if text.casefold() in (place.name.casefold(), place.full_name.casefold())]
        municipalities = [place for place in exact or found if place.level == Level.MUNICIPALITY]
        candidates = municipalities or exact or found
        if not candidates:
            hint = (
                "" if Place.objects.exclude(ars="").exists()
                else " Das Gemeindeverzeichnis ist noch nicht eingelesen: ortsdialog import_places DATEI"
            )  # fmt: skip
            raise CommandError(f"„{text}“ steht nicht im Verzeichnis.{hint}")
        if len(candidates) > 1:
            lines = "\n".join(f"  {place.ags}  {place.full_name}" for place in candidates[:MOST_SHOWN])
            raise CommandError(f"„{text}“ gibt es mehrmals. Bitte den Schlüssel (AGS) angeben:\n{lines}")
        return candidates[0]
