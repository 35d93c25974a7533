"""`ortsdialog create_admin EMAIL`: a link with which the first administrator makes her account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from ortsdialog.ground.accounts.actions import invite_person
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.kernel.access import Actor


class Command(BaseCommand):
    help = "Legt eine Einladung für die Administration der Installation an und gibt den Link aus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--name", default="", help="Name der Person")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"„{email}“ ist keine E-Mail-Adresse.") from error
        invited = invite_person(actor=Actor.system("create_admin"), email=email, name=name, role=Role.SYSTEM_ADMIN)
        self.stdout.write("Mit diesem Link wird das Konto angelegt. Er gilt einmal und 14 Tage:")
        self.stdout.write(f"  {invited.url}")
