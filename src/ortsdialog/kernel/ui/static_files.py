"""How the site's own files are named and served: by their content, and the design system without what no page uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.template.utils import get_app_template_dirs
from whitenoise.storage import CompressedManifestStaticFilesStorage

KERN = re.compile(r"vendored/kern/kern\.(min|rtl)\.css")
_CLASS = re.compile(r"\.(kern-[a-zA-Z0-9_-]+)")
_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_WORD = re.compile(r"kern-[a-zA-Z0-9_-]+")


class NamedByContent(CompressedManifestStaticFilesStorage):
    """A script that is imported under its plain name would be asked for anew every minute, and missing offline.

    Of KERN's style sheet only the classes that stand in our own sources or in a plug-in's templates are served: the
    whole is a third of what a phone in the hall may load.
    """

    support_js_module_import_aggregation = True
    # A script gets its name after those that it imports; the longest chain decides how often all are looked through.
    max_post_process_passes = 10

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        if not dry_run:
            used = words_in_use()
            for name in filter(KERN.fullmatch, paths):
                storage, path = paths[name]
                with storage.open(path) as whole:
                    style = whole.read().decode()
                self.delete(name)
                self.save(name, ContentFile(without_unused(style, used).encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def words_in_use() -> set[str]:
    """Every word of the sources that could be a class of KERN, or the beginning of one that is put together."""
    found: set[str] = set()
    for path in _sources():
        found.update(_WORD.findall(path.read_text(encoding="utf-8")))
    return found


def _sources() -> Iterator[Path]:
    package = Path(settings.PACKAGE)
    vendored = package / "static" / "vendored"
    for ending in ("html", "py", "css", "js"):
        yield from (path for path in package.rglob(f"*.{ending}") if vendored not in path.parents)
    for folder in get_app_template_dirs("templates"):
        if package not in Path(folder).parents:
            yield from Path(folder).rglob("*.html")


def without_unused(style: str, used: set[str]) -> str:
    """The style sheet without the rules whose selectors all name a class that is not in use."""
    beginnings = tuple(word for word in used if word.endswith(("-", "_")) and word != "kern-")

    def in_use(selector: str) -> bool:
        # What stands in brackets is a choice or an exception: it decides nothing.
        outside = _BRACKETS.sub("", selector)
        return all(name in used or name.startswith(beginnings) for name in _CLASS.findall(outside))

    kept = []
    for head, body in _rules(style):
        if head.startswith(("@media", "@supports", "@layer", "@container")):
            inner = without_unused(body, used)
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif body is None:
            kept.append(head)
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            selectors = [selector for selector in _split(head) if in_use(selector)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _rules(style: str) -> Iterator[tuple[str, Any]]:
    """(selector, body) of each rule on this level; the body is None for a statement such as @charset."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    depth, begun, head = 0, 0, ""
    quote = ""
    for position, letter in enumerate(style):
        if quote:
            quote = "" if letter == quote and style[position - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            if depth == 0:
                head, begun = style[begun:position].strip(), position + 1
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield head, style[begun:position]
                begun = position + 1
        elif letter == ";" and depth == 0:
            yield style[begun : position + 1].strip(), None
            begun = position + 1


def _split(selectors: str) -> list[str]:
    """A list of selectors at its own commas, not at those inside :is(…)."""
    parts, depth, begun = [], 0, 0
    for position, letter in enumerate(selectors):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(selectors[begun:position].strip())
            begun = position + 1
    return [*parts, selectors[begun:].strip()]
