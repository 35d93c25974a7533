"""Writes docs/permissions.md: which role holds which right, as a table that a council can read.

python -m tools.permissions_matrix            renew the document
python -m tools.permissions_matrix --check    fail if the document is not what the code says

The crosses come from the rules themselves: each predicate is asked for each role, with an object of the
role's own town (or programme), in the state in which the rule is most generous.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ortsdialog.kernel.access import Actor

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/permissions.md"
HELD = "●"

CONTEXTS = {
    "places": "Gemeinde und ihre Angaben",
    "accounts": "Zugänge und Rollen",
    "process": "Dialogprozess",
    "gatherings": "Veranstaltungen",
    "contributions": "Beiträge",
    "capture": "Tischseite und Wand",
    "plan": "Masterplan und Maßnahmen",
    "site": "Öffentliche Seiten",
}

# Roles in a place, as the desk names them; the short form stands at the head of a column.
IN_PLACE = {
    "coordinator": ("K", "Koordination"),
    "note_taker": ("T", "Gastgeber:in oder Protokoll"),
    "adviser": ("B", "Prozessbegleitung"),
    "accompanying_member": ("P", "Mitglied der Begleitgruppe"),
    "evaluator": ("E", "Evaluation"),
    "place_admin": ("A", "Administration der Kommune"),
}
IN_PROGRAMME = {
    "programme_staff": ("L", "Programmteam"),
    "advisory_board": ("R", "Beirat"),
}
IN_INSTALLATION = {"system_admin": ("S", "Administration der Installation")}
# Without an account: whoever is there, or holds a card or a letter.
WITHOUT_ACCOUNT = {
    "guest": ("G", "Gast, ohne Zugang"),
    "table_host": ("TK", "Wer die Karte der Gastgeberin oder des Gastgebers hat (nur für diesen Tisch)"),
    "table_handover": ("ÜL", "Wer einen Link zur Übergabe eines Tisches hat (einmal, für zehn Minuten)"),
    "measure_owner": ("VL", "Wer als verantwortliche Stelle gefragt ist und den Link hat (nur für diese Anfrage)"),
    "invitation": ("EL", "Wer einen Einladungslink hat (nur für diese Einladung)"),
    "self": ("SE", "Jede Person für den eigenen Zugang"),
}

RIGHTS = {
    "places.edit_profile": "Angaben der Gemeinde bearbeiten: Kontakt, Sprachen, Impressum",
    "places.import_register": "das amtliche Gemeindeverzeichnis einlesen",
    "places.join_place": "eine Gemeinde aufnehmen",
    "accounts.see_desk": "den Schreibtisch der Gemeinde sehen",
    "accounts.invite_staff": "die Seite „Personen“ sehen und von dort einladen",
    "accounts.give_role": "eine Rolle vergeben (nie eine höhere als die eigene)",
    "accounts.withdraw_role": "eine Rolle entziehen (nie eine höhere als die eigene)",
    "accounts.accept_invitation": "eine Einladung annehmen",
    "accounts.edit_self": "den eigenen Zugang ändern, sich überall abmelden",
    "accounts.disable_account": "einen Zugang sperren oder wieder öffnen",
    "accounts.reset_second_factor": "einen verlorenen zweiten Faktor entfernen",
    "process.see_process": "einen veröffentlichten Dialogprozess sehen",
    "process.see_draft": "Entwürfe eines Dialogprozesses sehen",
    "process.create_process": "einen Dialogprozess anlegen",
    "process.edit_process": "Dialogprozess, Bausteine und Aufgaben bearbeiten",
    "process.publish_process": "Absicht und Dialogprozess veröffentlichen",
    "process.close_process": "einen Dialogprozess abschließen",
    "process.see_programme": "die Übersicht eines Programms über alle Gemeinden sehen",
    "gatherings.see_gathering": "Veranstaltungen in Vorbereitung sehen",
    "gatherings.edit_gathering": "Veranstaltungen anlegen und bearbeiten",
    "gatherings.publish_gathering": "eine Veranstaltung ankündigen",
    "gatherings.run_gathering": "eine Veranstaltung eröffnen, Runden starten, schließen",
    "gatherings.enter_count": "die Zahl der Gäste eintragen",
    "gatherings.print_signs": "Tischschilder und Karten für Gastgeber drucken",
    "contributions.submit_statement": "einen Beitrag abgeben (solange die Veranstaltung läuft)",
    "contributions.write_for_guests": "aufschreiben, was andere gesagt haben",
    "contributions.see_unapproved": "Beiträge sehen, die warten oder zurückgehalten sind",
    "contributions.see_statements": "alle Beiträge sehen, auch nicht freigegebene",
    "contributions.moderate_statement": "Beiträge freigeben oder zurückhalten",
    "contributions.switch_translation": "für eine Veranstaltung die maschinelle Übersetzung ein- und ausschalten",
    "contributions.report_statement": "einen öffentlichen Beitrag melden",
    "contributions.decide_report": "über Meldungen entscheiden",
    "contributions.sort_statements": "Beiträge sortieren und zu Clustern bündeln",
    "contributions.edit_statement": "Beiträge umformulieren; jede Fassung bleibt erhalten",
    "contributions.see_sources": "Fotos von Pinnwänden und Tischdecken sehen",
    "contributions.add_source": "ein Foto hinzufügen",
    "contributions.delete_source": "ein Foto löschen, von dem nichts abgeschrieben ist",
    "contributions.forget_pictures": "die Fotos eines beendeten Dialogs löschen (macht das Haus selbst)",
    "capture.print_paper_cards": "Papierkarten drucken",
    "capture.set_up_wall": "eine Wand einrichten",
    "capture.note_device": "ein Gerät am Tisch als anwesend melden, ohne Namen",
    "capture.run_wall": "eine Wand bedienen: anhalten, blättern, hervorheben, Ruhe",
    "capture.hand_over_table": "einen Tisch an ein anderes Gerät übergeben",
    "capture.take_over_table": "einen Tisch mit dem Übergabe-Link übernehmen",
    "plan.see_plan": "den Masterplan in Arbeit sehen",
    "plan.edit_plan": "Zukunftsbild, Handlungsfelder und Ziele bearbeiten",
    "plan.publish_plan": "den Masterplan veröffentlichen oder zurückziehen",
    "plan.edit_measure": "Maßnahmen anlegen, bearbeiten, ihren Stand ändern",
    "plan.ask_owner": "Verantwortliche anfragen",
    "plan.answer_request": "als angefragte Stelle zusagen oder ablehnen",
    "plan.record_answer": "eine mündliche Antwort eintragen",
    "plan.forget_owner_emails": "E-Mail-Adressen der Angefragten löschen (macht das Haus selbst)",
}

PLACE, PROGRAMME, OBJECT = 1, "programm", 17


class Probe:
    """An object of the role's own town that answers what any rule may ask of it."""

    pk = OBJECT
    place_id = PLACE
    programme = PROGRAMME
    slug = PROGRAMME
    table_id = OBJECT
    host_key = "key"
    is_public = True
    takes_statements = True
    is_archived = False
    rehearsal = False

    def __init__(self, role: str = "coordinator") -> None:
        self.role = role

    @property
    def gathering(self) -> Probe:
        return self

    @property
    def process(self) -> Probe:
        return self


class ProgrammeProbe(Probe):
    """The same where no place is concerned: a programme, or a role in it."""

    place_id = None  # type: ignore[assignment]


def _columns() -> dict[str, tuple[str, str, list[tuple[Actor, list[Any]]]]]:
    """Short form, meaning, and the actors with the objects to ask about, by role."""
    from ortsdialog.kernel.access import Actor, Grant

    def person(*grants: Grant, user_id: int = 1) -> Actor:
        return Actor(kind="person", label="", user_id=user_id, grants=frozenset(grants), second_factor=True)

    # A right to give roles depends on the role: a table tells whether there is one that may be given.
    in_place = [Probe(), Probe("place_admin")]
    columns = {
        role: (short, name, [(person(Grant(role, place_id=PLACE)), in_place)])
        for role, (short, name) in IN_PLACE.items()
    }
    columns |= {
        role: (short, name, [(person(Grant(role, programme=PROGRAMME)), [ProgrammeProbe()])])
        for role, (short, name) in IN_PROGRAMME.items()
    }
    # These two work for a programme as well.
    for role in ("adviser", "evaluator"):
        columns[role][2].append((person(Grant(role, programme=PROGRAMME)), [ProgrammeProbe()]))
    columns |= {
        role: (short, name, [(person(Grant(role)), [*in_place, ProgrammeProbe()])])
        for role, (short, name) in IN_INSTALLATION.items()
    }
    actors = {"guest": Actor.guest(), "self": person(user_id=OBJECT)}
    columns |= {
        kind: (short, name, [(actors.get(kind) or Actor.by_link(kind, OBJECT), in_place)])
        for kind, (short, name) in WITHOUT_ACCOUNT.items()
    }
    return columns


def matrix() -> dict[str, set[str]]:
    """The short forms that hold each right."""
    from ortsdialog.kernel.access import allowed, permissions

    return {
        code: {
            short
            for short, _, cases in _columns().values()
            if any(allowed(actor, code, obj) for actor, objects in cases for obj in objects)
        }
        for code in permissions()
    }


def undescribed() -> list[str]:
    """Rights, roles and contexts that this file has no words for, and words for what does not exist."""
    from ortsdialog.ground.accounts.choices import Role
    from ortsdialog.kernel.access import permissions

    codes = set(permissions())
    complaints = [f"RIGHTS has no words for {code}" for code in sorted(codes - set(RIGHTS))]
    complaints += [f"RIGHTS has words for {code}, which no context declares" for code in sorted(set(RIGHTS) - codes)]
    named = {*IN_PLACE, *IN_PROGRAMME, *IN_INSTALLATION}
    complaints += [f"no column for the role {role}" for role in sorted(set(Role.values) ^ named)]
    contexts = {code.partition(".")[0] for code in codes}
    return complaints + [f"CONTEXTS has no words for {context}" for context in sorted(contexts - set(CONTEXTS))]


def document() -> str:
    held = matrix()
    # Everybody may do what a guest may do.
    everybody = {short for short, _, _ in _columns().values()}
    columns = _columns()
    lines = [
        "# Wer darf was",
        "",
        "<!-- Aus den Regeln des Programms erzeugt: python -m tools.permissions_matrix -->",
        "",
        "Diese Tabelle entsteht aus den Regeln, nach denen das Programm entscheidet; ein Test hält beide gleich.",
        "Eine Rolle gilt nur in der Gemeinde oder in dem Programm, für das sie vergeben ist. In einer anderen Gemeinde",
        "gibt es für sie nichts zu sehen: Die Seite antwortet, als gäbe es sie nicht.",
        "Prozessbegleitung und Evaluation können für eine Gemeinde oder für ein Programm vergeben sein; ein Punkt gilt",
        "dort, wo die Rolle vergeben ist. Öffentliche Seiten dürfen alle sehen; sie stehen nicht in der Tabelle.",
        "Wer eine Rolle hat, meldet sich mit Passwort und zweitem Faktor oder mit einem Passkey an.",
        "",
        "## Wer gemeint ist",
        "",
        "| Kürzel | Rolle |",
        "|---|---|",
        *(f"| {short} | {name} |" for short, name, _ in columns.values()),
    ]
    for context, title in CONTEXTS.items():
        codes = [code for code in RIGHTS if code.startswith(f"{context}.") and code in held]
        if not codes:
            continue
        shorts = [short for short, _, _ in columns.values()]
        lines += ["", f"## {title}", "", f"| Recht | {' | '.join(shorts)} | Code |", f"|---|{':-:|' * len(shorts)}---|"]
        for code in codes:
            holders = everybody if "G" in held[code] else held[code]
            crosses = " | ".join(HELD if short in holders else " " for short in shorts)
            lines.append(f"| {RIGHTS[code]} | {crosses} | `{code}` |")
    return "\n".join(lines) + "\n"


def set_up_django() -> None:
    """The rules need no site: what it would take to start one is made up, and no database is opened."""
    import django
    from django.apps import apps

    if not apps.ready:
        from tools.check import settings

        os.environ.update(settings(tempfile.gettempdir()))
        django.setup()


def main(arguments: list[str]) -> int:
    set_up_django()
    complaints = undescribed()
    if complaints:
        print("tools/permissions_matrix.py:", *complaints, sep="\n  ", file=sys.stderr)
        return 1
    text = document()
    if "--check" in arguments:
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            print("docs/permissions.md is out of date: python -m tools.permissions_matrix", file=sys.stderr)
            return 1
        return 0
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
