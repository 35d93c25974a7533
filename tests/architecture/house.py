"""The drawing of the house, as the checks use it: floors, contexts, walls, and where files lie."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/ortsdialog"
DOCS = ROOT / "docs"

# From the cellar up: imports and foreign keys follow time. The demonstration stands on the roof.
FLOORS = ("kernel", "ground", "prepare", "meet", "deliver", "learn", "show", "demo")
# All contexts of the drawing, also those that are not built yet.
CONTEXTS: dict[str, str] = {
    "kernel": "kernel",
    **dict.fromkeys(("places", "accounts", "process"), "ground"),
    **dict.fromkeys(("selfcheck", "mapping"), "prepare"),
    **dict.fromkeys(("gatherings", "participants", "contributions", "capture"), "meet"),
    **dict.fromkeys(("plan", "recommendations", "funding"), "deliver"),
    **dict.fromkeys(("evaluation", "network"), "learn"),
    **dict.fromkeys(("site", "opendata"), "show"),
    "protection": "shelter",
    "demo": "demo",
}
# Within a floor: whom a context may look back at.
BEHIND: dict[str, set[str]] = {
    "accounts": {"places"},
    "process": {"accounts", "places"},
    "contributions": {"gatherings"},
    "participants": {"gatherings"},
    "capture": {"contributions", "gatherings"},
    "recommendations": {"plan"},
    "funding": {"plan"},
}
# What was said is never joined with who said it.
WALLS = ({"contributions", "participants"}, {"capture", "participants"})
SHELTER = "protection"


def may_refer(context: str, target: str) -> bool:
    """Whether a row of `context` may point at a row of `target`."""
    if context == target:
        return True
    if {context, target} in WALLS or target == SHELTER:
        return False
    floor, below = CONTEXTS[context], CONTEXTS[target]
    if context == SHELTER:
        return below in {"ground", "kernel"}
    if floor == below:
        return target in BEHIND.get(context, set())
    return FLOORS.index(below) < FLOORS.index(floor)


def house_models() -> list[type[models.Model]]:
    """All models of the house, those included that Django makes for many-to-many relations."""
    found = apps.get_models(include_auto_created=True)
    return [
        model for model in found if model._meta.app_config and model._meta.app_config.name.startswith("ortsdialog.")
    ]


@dataclass(frozen=True)
class Source:
    """One file of Python: where it lies, what it says, and its tree."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """The path as people write it: "meet/capture/actions.py"."""
        return self.path.relative_to(SOURCE).as_posix() if self.path.is_relative_to(SOURCE) else self.path.as_posix()

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path, self.text)


@cache
def _parsed(path: Path, text: str) -> ast.Module:
    return ast.parse(text, str(path))


def sources(folder: Path = SOURCE, *, tests: bool = False, migrations: bool = False) -> Iterator[Source]:
    """The Python files below a folder; tests and migrations only when asked for."""
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder).parts
        if ("tests" in inside and not tests) or ("migrations" in inside and not migrations) or ".venv" in inside:
            continue
        yield Source(path, path.read_text(encoding="utf-8"))


def contexts(source: Path = SOURCE) -> Iterator[Path]:
    """The folders of the contexts that exist."""
    for floor in (*FLOORS, "shelter"):
        if floor in {"kernel", "demo"}:
            continue
        for path in sorted((source / floor).glob("*/__init__.py")):
            yield path.parent


def called(node: ast.AST) -> str:
    """The last name of what a call calls: "get_model" for `apps.get_model(…)`; "" for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def agreed(complaints: Iterable[str]) -> None:
    """Fail with every complaint on a line of its own."""
    lines = list(complaints)
    if lines:
        pytest.fail("\n".join(["", *lines]), pytrace=False)
