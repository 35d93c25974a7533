"""Know one context, know all: the same file names everywhere, short files, and names that say something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.house import Source

LONGEST = 400
# The files of a context. Each may become a package of the same name when it grows.
KNOWN = {
    *("__init__", "apps", "signals", "choices", "models", "rules", "queries", "actions", "receivers", "tasks"),
    *("documents", "privacy", "open_data", "workplaces"),
    *("web", "templates", "migrations", "tests", "management", "templatetags", "static"),
}
# Further files, each with what it holds that has no place in the others.
FURTHER = {
    "ground/places/register": "writes the official register into the database",
    "ground/places/register_file": "reads the official file, without a database",
    "ground/accounts/allauth_words": "sentences of allauth that the house says in its own words",
    "ground/accounts/second_factor": "encrypts the secrets of authenticator apps",
    "ground/accounts/sign_in": "the house's adapters for allauth",
    "ground/process/content": "the programmes that come with the house",
    "ground/process/conditions": "what is missing before a process can be published",
    "ground/process/programmes": "reads programmes from their file",
    "ground/process/records": "reads documented dialogues from their file",
    "ground/process/refusals": "why an action cannot be done; raised by actions of several contexts",
    "ground/process/slugs": "free addresses for a title",
    "meet/gatherings/codes": "random codes on paper",
    "meet/gatherings/conditions": "what is missing before a gathering can be published",
    "meet/gatherings/drafts": "tables and rounds before they are stored",
    "meet/gatherings/formats": "templates of the formats",
    "meet/gatherings/links": "addresses on paper, with their QR codes",
    "meet/gatherings/panels": "what floors above show on an event's page",
    "meet/gatherings/seating": "which table follows which in the next round",
    "meet/capture/evening": "what the control room sees: signs of life, counts by table and language",
    "meet/capture/intake": "stores what the inbox has taken, a batch in one transaction",
    "meet/capture/limits": "how much one device may hand in",
    "meet/capture/screens": "what a wall shows just now",
    "meet/capture/seats": "tables by their code, kept at hand for some seconds",
    "meet/capture/signs": "gathers signs of life for a second and writes them together",
    "meet/capture/refusals": "why a table is not handed over, or a card not keyed in",
    "meet/capture/codes": "codes of paper cards: made, read, guessed at",
    "meet/contributions/hints": "what a statement seems to hold: names, numbers, threats",
    "meet/contributions/provenance": "how a statement came to be, in words",
    "meet/contributions/pictures": "photos: looked at, drawn anew, stored, swept up",
    "meet/contributions/receipts": "receipt codes: made, written and read",
    "meet/contributions/refusals": "why a statement is not accepted",
    "meet/contributions/rewording": "the form of an edit, shared by the desk and the hosts' pages",
    "meet/contributions/reporting": "why a statement is not shown, and what was reported",
    "meet/contributions/turns": "in which order the queue serves what waits",
    "meet/contributions/words": "what a statement may contain",
}
# Names that could hold anything. As a whole name, or as the last word of a class.
EMPTY = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers", "handler", "handlers",
         "processor", "processors", "service", "services", "data", "info"}  # fmt: skip
# Django looks for these by their names.
LISTED_FILES = {"kernel/sqlite/base.py", "kernel/postgres/base.py"}
LISTED = {
    "PersonalData": "the term of the law (Art. 4 GDPR)",
}


def unknown_files(context: Path, name: str) -> list[str]:
    """Files of a context that have no place in the common order."""
    complaints = []
    for path in sorted(context.iterdir()):
        stem = path.stem if path.suffix == ".py" else path.name
        if stem == "__pycache__" or stem in KNOWN or (path.suffix not in {".py", ""}) or f"{name}/{stem}" in FURTHER:
            continue
        complaints.append(
            f"{name}/{path.name}: not among the files of a context (actions.py, queries.py, rules.py …). Move its "
            "content there, or list it in tests/architecture/checks/names.py with what it holds."
        )
    return complaints


def missing_docstring(source: Source) -> list[str]:
    """A context says in five lines what it is responsible for, and what not."""
    text = ast.get_docstring(source.tree) or ""
    wanted = [word for word in ("Responsible for:", "Not responsible for:") if word not in text]
    return [f"{source.name}: the docstring has to say “{word}”." for word in wanted]


def empty_names(found: Iterable[Source]) -> list[str]:
    complaints = []
    for source in found:
        words = {source.path.stem, source.path.parent.name}
        if source.name not in LISTED_FILES:
            complaints += [
                f"{source.name}: {word!r} says nothing about what is inside." for word in sorted(words & EMPTY)
            ]
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.ClassDef) or node.name in LISTED:
                continue
            last = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", node.name)[-1].lower()
            # A manager of Django's kind is called so; its base shows which kind.
            framework = any(re.search(rf"{last}\b", ast.unparse(base), re.IGNORECASE) for base in node.bases)
            if last in EMPTY and not framework:
                complaints.append(f"{source.name}:{node.lineno}: class {node.name}: name it after what it is for.")
    return complaints


def long_modules(found: Iterable[Source]) -> list[str]:
    return [
        f"{source.name}: {lines} lines; split it by noun at about {LONGEST}."
        for source in found
        if (lines := source.text.count("\n")) > LONGEST
    ]


def unnamed_migrations(found: Iterable[Path]) -> list[str]:
    return [
        f"{path.parent.parent.name}/{path.name}: say what it does: makemigrations -n <what>."
        for path in found
        if re.match(r"\d{4}_", path.name)
        and re.search(r"_auto_|^\d{4}_(alter|add|remove|rename|delete)_\w{45,}", path.stem)
    ]
