"""One change, one function: keyword-only, actor first; the right, the transaction and the audit entry inside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.house import SOURCE, Source, called, sources

# Actions of another shape, each with the reason.
OTHER_SHAPES: dict[str, str] = {
    "meet/contributions/actions/rehearsal.py:forget_rehearsal": "part of end_rehearsal, which leaves the one entry",
    "meet/capture/actions/rehearsal.py:forget_practice": "part of end_rehearsal, which leaves the one entry",
    "meet/capture/actions/devices.py:note_signs_of_life": "thousands an evening, deleted soon after: no audit entry",
    **{
        f"meet/contributions/actions/queue.py:{name}": "who looks at a card changes nothing about it, and is no deed"
        for name in ("claim_next", "take_up", "renew_claim", "pass_over", "release_claims")
    },
}


def sources_of_actions(context: Path) -> list[Source]:
    if (context / "actions.py").exists():
        return [Source(context / "actions.py", (context / "actions.py").read_text(encoding="utf-8"))]
    return list(sources(context / "actions")) if (context / "actions").is_dir() else []


def _functions(found: Iterable[Source]) -> Iterator[tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for source in found:
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield source, node


def _exported(found: Iterable[Source]) -> set[str] | None:
    """The names in `__all__` of a package of actions; None for a plain module."""
    for source in found:
        if source.path.name == "__init__.py":
            for node in source.tree.body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                    return set(ast.literal_eval(node.value))
    return None


def public_actions(found: list[Source]) -> list[tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    exported = _exported(found)
    return [
        (source, node)
        for source, node in _functions(found)
        if (node.name in exported if exported is not None else not node.name.startswith("_"))
    ]


def wrong_actions(found: list[Source]) -> list[str]:
    """Complaints about the actions of one context."""
    # Which functions reach `require` and `recorded`, directly or through another function of the context.
    reached = {node.name: {called(inner) for inner in ast.walk(node)} for _, node in _functions(found)}
    for _ in reached:
        for name, calls in reached.items():
            reached[name] = calls.union(*(reached[other] for other in calls if other in reached))
    complaints = []
    for source, node in public_actions(found):
        where = f"{source.name}:{node.lineno}: {node.name}"
        if f"{source.name}:{node.name}" in OTHER_SHAPES:
            continue
        arguments = node.args
        keywords = [argument.arg for argument in arguments.kwonlyargs]
        if arguments.args or arguments.posonlyargs or arguments.vararg:
            complaints.append(f"{where} takes arguments by position; begin with *, actor.")
        if keywords[:1] != ["actor"]:
            complaints.append(f"{where}: the first argument is who acts: *, actor: Actor.")
        if "require" not in reached[node.name]:
            complaints.append(f"{where} asks for no right: require(actor, 'context.right', object).")
        if not reached[node.name] & {"recorded", "note_entry", "note_entries"}:
            complaints.append(f"{where} leaves no trace: with recorded(…).")
    return complaints


def listed_but_gone() -> list[str]:
    return [name for name in OTHER_SHAPES if not (SOURCE / name.partition(":")[0]).exists()]
