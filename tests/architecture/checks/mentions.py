"""Coverage by list: every action, rule, view and command is named in a test of its context."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.urls import Resolver404, resolve

from tests.architecture.house import Source, called, sources

# Stand-ins for what a test puts into an address with an f-string.
STAND_INS = ("1", "a", "7d444840-9dc0-11d1-b245-5ffdce74fad2")


@dataclass
class Tests:
    """What a set of tests mentions: words of code, and texts."""

    words: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, found: Iterable[Source]) -> Tests:
        tests = cls()
        for source in found:
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Name):
                    tests.words.add(node.id)
                elif isinstance(node, ast.Attribute):
                    tests.words.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    tests.texts.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    tests.texts.update(_read(node))
        return tests

    def views(self) -> set[str]:
        """Names of the views that the texts lead to: by name, or by address."""
        named = {text for text in self.texts if re.fullmatch(r"[a-z_]+:[a-z0-9-]+", text)}
        for text in self.texts:
            address = text.partition("?")[0].partition("#")[0]
            if address.startswith("/") and "\n" not in address:
                try:
                    named.add(resolve(address).view_name)
                except Resolver404:
                    continue
        return named


def _read(node: ast.JoinedStr) -> set[str]:
    return {
        "".join(part.value if isinstance(part, ast.Constant) else stand_in for part in node.values) for stand_in in STAND_INS
    }


def predicates(source: Source) -> set[str]:
    """Names of the predicates that a rules.py writes itself."""
    return {
        node.name
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and any("predicate" in ast.unparse(d) for d in node.decorator_list)
    }


def codes_in_use(found: Iterable[Source]) -> set[str]:
    """Rights that an action requires or a door asks for: the tests of those cover them."""
    codes = set()
    for source in found:
        for node in ast.walk(source.tree):
            if called(node) in {"require", "allowed", "desk"} and isinstance(node, ast.Call):
                codes |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
    return codes


def commands(folder: Path) -> dict[str, Path]:
    """Own management commands by name."""
    return {
        path.stem: path
        for path in sorted(folder.rglob("management/commands/*.py"))
        if not path.stem.startswith("_")
    }


def tests_of(folder: Path) -> Tests:
    return Tests.of(source for source in sources(folder, tests=True) if "tests" in source.path.parts)


def unmentioned(names: Iterable[str], mentioned: set[str], *, where: str, what: str) -> list[str]:
    return [f"{where}: no test names the {what} {name}." for name in sorted(set(names) - mentioned)]
