"""What a tree of Python tells: ways round the seal and the import contracts, and texts that cannot be translated."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from tests.architecture.house import Source, called

# Hand-written SQL knows no place. Each file that needs it, with the reason.
MAY_WRITE_SQL = {
    "kernel/checks.py": "asks the database for its settings",
}
SQL_CALLS = {"cursor", "raw", "extra", "RawSQL", "executescript"}
GETTEXT = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
           "npgettext", "npgettext_lazy", "_"}  # fmt: skip


def models_by_name(found: Iterable[Source]) -> list[str]:
    """`apps.get_model("…")` is an import that no contract sees. Only migrations need it."""
    return [
        f"{source.name}:{node.lineno}: import the model instead of get_model(…)."
        for source in found
        for node in ast.walk(source.tree)
        if called(node) in {"get_model", "get_models"}
    ]


def hand_written_sql(found: Iterable[Source]) -> list[str]:
    return [
        f"{source.name}:{node.lineno}: {called(node)}() runs SQL that knows no place. Use the ORM, "
        "or list the file in tests/architecture/checks/sources.py with the reason."
        for source in found
        if source.name not in MAY_WRITE_SQL
        for node in ast.walk(source.tree)
        if called(node) in SQL_CALLS
    ]


def texts_put_together(found: Iterable[Source]) -> list[str]:
    """A text for gettext is one literal: an f-string or a sum would never be found in a catalogue."""
    return [
        f"{source.name}:{node.lineno}: the text for {called(node)}() has to be one literal with %(name)s in it."
        for source in found
        for node in ast.walk(source.tree)
        if called(node) in GETTEXT and isinstance(node, ast.Call)
        for text in node.args
        if isinstance(text, ast.JoinedStr | ast.BinOp) or (called(text) == "format" and isinstance(text, ast.Call))
    ]


def uses_across_places(found: Iterable[Source]) -> Counter[str]:
    """How often each reason opens all towns. A use without a plain reason counts as "?"."""
    counted: Counter[str] = Counter()
    for source in found:
        for node in ast.walk(source.tree):
            if called(node) == "across_places" and isinstance(node, ast.Call):
                reasons = [word.value for word in node.keywords if word.arg == "reason"]
                plain = reasons and isinstance(reasons[0], ast.Attribute) and ast.unparse(reasons[0].value) == "Reason"
                counted[reasons[0].attr if plain and isinstance(reasons[0], ast.Attribute) else "?"] += 1
    return counted


def seal_opened_by_hand(found: Iterable[Source]) -> list[str]:
    """Whoever reaches into the seal's own variable, or builds an unsealed query, leaves no reason behind."""
    inner = {"_open", "SealedQuery", "EVERYWHERE", "_base_manager", "_raw_delete"}
    complaints = []
    for source in found:
        if source.name == "kernel/tenancy.py":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "ortsdialog.kernel.tenancy":
                names = {alias.name for alias in node.names} & inner
            elif isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "_raw_delete"}:
                names = {node.attr}
            else:
                continue
            complaints += [
                f"{source.name}:{node.lineno}: {name} belongs to kernel/tenancy.py." for name in sorted(names)
            ]
    return complaints
