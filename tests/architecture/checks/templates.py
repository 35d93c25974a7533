"""No script and no style inside a page: the content policy would not run it, and somebody would loosen the policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

INLINE = {
    "style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}
# What is no markup of the page: comments, and tags of the template language (they may hold < and >).
ASIDE = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def inline_code(pages: Iterable[tuple[str, str]]) -> list[str]:
    complaints = []
    for name, text in pages:
        markup = ASIDE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
        for kind, pattern in INLINE.items():
            complaints += [
                f"{name}:{markup.count(chr(10), 0, match.start()) + 1}: {kind}. Put it into static/css or static/js."
                for match in pattern.finditer(markup)
            ]
    return complaints


def templates(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.html")):
        if "templates" in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
