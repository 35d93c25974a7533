"""Compiles the translations when the package is built or installed, so that nobody needs GNU gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = "src/ortsdialog/locale"


def compile_catalogue(source: Path) -> Path:
    """Write the .mo file beside a .po file."""
    with source.open("rb") as file:
        catalogue = read_po(file, ignore_obsolete=True)
    for message in [message for message in catalogue if message.id]:
        strings = (message.string,) if isinstance(message.string, str) else message.string
        # Babel would write the English text for a plural without translation, and so hide the fallback language.
        if not all(strings):
            catalogue.delete(message.id, message.context)
    target = source.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, catalogue)
    return target


class TranslationsHook(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs; the .mo files are kept out of git and put into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in sorted(Path(self.root, LOCALE).glob("*/LC_MESSAGES/*.po")):
            target = compile_catalogue(source)
            build_data["artifacts"].append(str(target.relative_to(self.root)))
