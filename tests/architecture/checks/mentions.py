"""Coverage by list: every action, rule, view and command is named in a test of its context."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.urls import Resolver404, resolve

from tests.architecture.checks.views import Address
from tests.architecture.house import Source, called, sources

# Stand-ins for what a test puts into an address while it runs.
STAND_INS = ("1", "a", "7d444840-9dc0-11d1-b245-5ffdce74fad2")
# Parts of a text: what is written, and None for what only the running test knows.
Parts = tuple[str | None, ...]


@dataclass
class Mentions:
    """What a set of tests mentions: words of code, and texts."""

    words: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    # Texts that begin with something unknown, as f"{page_of(wall)}karten/": what stands behind it.
    tails: set[Parts] = field(default_factory=set)

    @classmethod
    def of(cls, found: Iterable[Source]) -> Mentions:
        mentions = cls()
        for source in found:
            constants = {
                target.id: node.value
                for node in source.tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Name):
                    mentions.words.add(node.id)
                elif isinstance(node, ast.Attribute):
                    mentions.words.add(node.attr)
                elif isinstance(node, ast.alias):
                    mentions.words.add(node.name)
                elif isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                    mentions._add(_parts(node, constants))
        return mentions

    def _add(self, parts: Parts) -> None:
        self.texts.update("".join(stand_in if part is None else part for part in parts) for stand_in in STAND_INS)
        if len(parts) > 1 and parts[0] is None:
            self.tails.add(parts[1:])

    def views(self, known: Iterable[Address], *, context: str = "") -> set[str]:
        """Names of the views that the texts lead to: by name, or by address.

        In the tests of a context its name may be left out, as in f"plan:{name}".
        """
        found = set()
        tails = [re.compile("/" + "".join("[^/]+" if part is None else re.escape(part) for part in t).lstrip("/") + "$")
                 for t in self.tails if len("".join(part or "" for part in t).strip("/")) > 2]  # fmt: skip
        for address in known:
            sample = "/" + re.sub(r"<[^>]*>", "1", address.route)
            short = address.name.removeprefix(f"{context}:")
            if {address.name, short} & self.texts or any(tail.search(sample) for tail in tails):
                found.add(address.name)
        for text in self.texts:
            path = text.partition("?")[0].partition("#")[0]
            if path.startswith("/") and "\n" not in path:
                with contextlib.suppress(Resolver404):
                    found.add(resolve(path).view_name)
        return found


def _parts(node: ast.AST, constants: dict[str, ast.expr], depth: int = 5) -> Parts:
    """The text that an expression makes, as far as it can be told without running it."""
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else (None,)
    if isinstance(node, ast.FormattedValue):
        return _parts(node.value, constants, depth)
    if isinstance(node, ast.JoinedStr):
        return tuple(part for value in node.values for part in _parts(value, constants, depth))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _parts(node.left, constants, depth) + _parts(node.right, constants, depth)
    if isinstance(node, ast.Name) and node.id in constants and depth:
        return _parts(constants[node.id], constants, depth - 1)
    return (None,)


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
                codes |= {
                    arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return codes


def commands(folder: Path) -> dict[str, Path]:
    """Own management commands by name."""
    return {
        path.stem: path for path in sorted(folder.rglob("management/commands/*.py")) if not path.stem.startswith("_")
    }


def mentions_in(folder: Path) -> Mentions:
    return Mentions.of(source for source in sources(folder, tests=True) if "tests" in source.path.parts)


def unmentioned(names: Iterable[str], mentioned: set[str], *, where: str, what: str) -> list[str]:
    return [f"{where}: no test names the {what} {name}." for name in sorted(set(names) - mentioned)]
