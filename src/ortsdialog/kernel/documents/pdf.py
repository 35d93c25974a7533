"""Rendering with typst, in a folder of its own that is gone afterwards."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

from ortsdialog.kernel.documents.coverage import only_printable
from ortsdialog.kernel.language import MultilingualText, Version, html_lang, language_direction

_HERE = Path(__file__).resolve().parent
FONTS = _HERE / "fonts"
_SHARED = _HERE / "document.typ"
# Tagged, with language, title and alternative texts, or no document at all: typst checks it.
STANDARD: Final = "ua-1"


class DocumentFailed(RuntimeError):
    """A template could not be rendered. A mistake in the template or in what it was given."""


def render_pdf(
    template: Path | str,
    data: Mapping[str, Any],
    *,
    language: str,
    title: str,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Render a template to PDF.

    `data` may hold what JSON holds, dates, and texts in several languages or versions of them, which arrive
    as {"text", "lang", "dir"} in the document's language. A character that no font of the house has is
    printed as a box. `images` are files that the template may show
    under "/images/<name>"; it has to give each an alternative text.
    """
    template = Path(template)
    with tempfile.TemporaryDirectory(prefix="ortsdialog-document-") as folder:
        root = Path(folder)
        shutil.copyfile(template, root / "main.typ")
        shutil.copyfile(_SHARED, root / "document.typ")
        (root / "images").mkdir()
        for name, content in (images or {}).items():
            if Path(name).name != name:
                raise ValueError(f"{name!r} is not a plain file name.")
            (root / "images" / name).write_bytes(content)
        document = {
            "data": _plain(data, language),
            "language": html_lang(language),
            "direction": language_direction(language),
            "title": only_printable(title, FONTS),
        }
        (root / "data.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        try:
            # No packages: nothing is fetched from anywhere.
            return typst.compile(
                root / "main.typ",
                root=root,
                font_paths=[FONTS],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=[STANDARD],
                package_path=root / "none",
                package_cache_path=root / "none",
            )
        except typst.TypstError as problem:
            raise DocumentFailed(f"{template.name}: {problem.message} {' '.join(problem.hints)}".strip()) from problem


def _plain(value: Any, language: str) -> Any:
    """The value in JSON's words."""
    if isinstance(value, MultilingualText):
        value = value.in_language(language)
    if isinstance(value, Version):
        return {"text": only_printable(value.text, FONTS), "lang": html_lang(value.language), "dir": value.direction}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry, language) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry, language) for entry in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return only_printable(str(value), FONTS)
