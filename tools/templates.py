"""Every template compiles, and none holds script or style of its own: the site's content policy would block it.

python -m tools.templates
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/ortsdialog"

FORBIDDEN = {
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"""<[a-z][^<>]*\sstyle\s*=""", re.IGNORECASE),
    "a script without src": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*[\"']application/)", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"""<[a-z][^<>]*\son[a-z]+\s*=""", re.IGNORECASE),
    "a javascript: address": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
    "another host": re.compile(
        r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE
    ),
}
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
# A tag inside an attribute may hold signs that look like the end of an element.
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def inline_code(text: str) -> Iterator[tuple[int, str]]:
    """Line and kind of everything that the content policy would block."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group(0))

    plain = TEMPLATE_TAG.sub(blank, COMMENT.sub(blank, text))
    for kind, pattern in FORBIDDEN.items():
        for match in pattern.finditer(plain):
            yield plain.count("\n", 0, match.start()) + 1, kind


def templates(root: Path = PACKAGE) -> Iterator[tuple[str, Path]]:
    """The name by which Django loads a template, and its file."""
    for folder in sorted(root.rglob("templates")):
        if folder.is_dir() and "static" not in folder.parts:
            for path in sorted(folder.rglob("*")):
                if path.suffix in {".html", ".txt", ".svg"}:
                    yield path.relative_to(folder).as_posix(), path


def main() -> int:
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    faults = []
    for name, path in templates():
        shown = path.relative_to(ROOT)
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            faults.append(f"{shown}: {error}")
        faults += [f"{shown}:{line}: {kind}" for line, kind in inline_code(path.read_text(encoding="utf-8"))]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
