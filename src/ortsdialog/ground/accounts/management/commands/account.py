"""`ortsdialog account EMAIL disable|enable|reset-second-factor`: what an operator does when somebody calls."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ortsdialog.ground.accounts.actions import LastOne, disable_account, enable_account, reset_second_factor
from ortsdialog.ground.accounts.models import User
from ortsdialog.kernel.access import Actor

# What is said afterwards, by what was asked for.
DONE = {
    "disable": "Das Konto ist geschlossen, alle Anmeldungen sind beendet.",
    "enable": "Das Konto ist wieder offen.",
    "reset-second-factor": "Der zweite Faktor ist entfernt. Beim nächsten Anmelden wird ein neuer eingerichtet.",
}


class Command(BaseCommand):
    help = "Schließt oder öffnet ein Konto oder entfernt einen verlorenen zweiten Faktor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("what", choices=sorted(DONE), help="was geschehen soll")
        parser.add_argument("--reason", required=True, metavar="GRUND", help="steht im Protokoll")

    def handle(self, *args: Any, email: str, what: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Ein Konto mit der Adresse {email} gibt es nicht.")
        actor = Actor.system("account")
        act = {"disable": disable_account, "enable": enable_account, "reset-second-factor": reset_second_factor}[what]
        with translation.override("de"):
            try:
                act(actor=actor, user=user, reason=reason)
            except LastOne as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(DONE[what])
