"""The catalogues of translations, without GNU gettext.

    python -m tools.catalogues update     bring the catalogues up to date with the sources
    python -m tools.catalogues extract    the same
    python -m tools.catalogues compile    write the .mo files that Django reads
    python -m tools.catalogues check      fail if a catalogue is old, incomplete or breaks a placeholder

Message ids are English. English still has a catalogue, in which every message is its own translation: where an
active language has none, Django falls back to the site's default language, and an English page would be German.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

import hatch_build

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/ortsdialog")
LOCALE = PACKAGE / "locale"

# Folder of the catalogue, and the language whose plural rules it follows.
CATALOGUES = {"de": "de", "de_LS": "de", "en": "en", "ar": "ar"}
SOURCE_LANGUAGE = "en"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# Only staff see these; staff work in German or English. A message that occurs elsewhere as well is for everybody.
FOR_STAFF = (
    "*/web/desk*.py",
    "*/gatherings/actions/*",
    "*/gatherings/queries.py",
    "*/gatherings/web/evening*.py",
    "*/gatherings/web/running.py",
    "*/gatherings/web/forms.py",
    "*/capture/web/control*.py",
    "*/capture/web/paper.py",
    "*/capture/web/wall_remote.py",
    "*/capture/templatetags/evening.py",
    "*/contributions/web/languages.py",
    "*/contributions/web/queue*.py",
    "*/contributions/web/forms.py",
    "*/workplaces.py",
    "*/templates/*/desk/*",
    "*/templates/layouts/desk.html",
    "*/templates/accounts/*",
    "*/templates/allauth/*",
    "*/templates/mfa/*",
    "*/templates/account/*",
    "*/templates/usersessions/*",
    "*/ground/accounts/*",
    "*/privacy.py",
    "*/conditions.py",
    "*/rules.py",
    "*/management/commands/*",
    "*/admin.py",
    "*/checks.py",
)
# Whoever sits at a table should understand these at once.
IN_PLAIN_GERMAN = ("*/templates/capture/*", "*/templates/contributions/receipt*", "*receipt*.html")

NOT_SOURCES = ("*/tests/*", "*/migrations/*", "*/static/*", "*/locale/*")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
# A dynamic attribute of a component is not a template tag, so its text would never reach a catalogue.
HIDDEN_IN_ATTRIBUTE = re.compile(r"""\s:[\w-]+=(?:"[^"]*\b_\(|'[^']*\b_\()""")

HEADER = """\
# Ortsdialog: {name}
# Message ids are English. `make translations` keeps this file in step with the sources.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
HEADINGS = {"de": "German", "de_LS": "plain German; what is missing is taken from German", "ar": "Arabic"}
HEADINGS[SOURCE_LANGUAGE] = "English, every message its own translation"

Key = tuple[str | None, str]


@dataclass
class Found:
    """One message of the sources."""

    context: str | None
    singular: str
    plural: str | None
    paths: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural is not None else self.singular


class SourceError(Exception):
    """A source whose messages cannot be read."""


# ---- Reading the sources ------------------------------------------------------------------------


def sources(root: Path) -> Iterator[Path]:
    for path in sorted((root / PACKAGE).rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in {".py", ".html", ".txt"} or any(fnmatch(name, pattern) for pattern in NOT_SOURCES):
            continue
        yield path


def as_python(path: Path, text: str) -> str:
    """A template's messages as calls, one might say a Python file with everything else blanked out."""
    from django.utils.translation.template import templatize

    hidden = HIDDEN_IN_ATTRIBUTE.search(text)
    if hidden:
        raise SourceError(
            f'{path}: _() in a dynamic attribute is not translated; write attribute="{{% translate … %}}"'
        )
    # Indentation means nothing in a template, but something to the reader of Python.
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


def messages_of(path: Path, text: str) -> Iterator[tuple[str | None, str, str | None, list[str]]]:
    code = text if path.suffix == ".py" else as_python(path, text)
    stream = io.BytesIO(code.encode("utf-8"))
    calls = extract_python(stream, KEYWORDS.keys(), ["Translators:"], {"encoding": "utf-8"})
    for _line, function, arguments, comments in calls:
        words = list(arguments) if isinstance(arguments, list | tuple) else [arguments]
        spec = KEYWORDS[function or "_"]
        context = None
        if spec is None:
            picked = words[:1]
        else:
            context = next((words[int(one[0]) - 1] for one in spec if isinstance(one, tuple)), None)
            picked = [words[one - 1] for one in spec if isinstance(one, int)]
        if picked and isinstance(picked[0], str) and picked[0]:
            plural = picked[1] if len(picked) > 1 else None
            yield context, picked[0], plural, list(comments)


def extract(root: Path = ROOT) -> dict[Key, Found]:
    """Every message of the sources, by context and singular."""
    found: dict[Key, Found] = {}
    for path in sources(root):
        try:
            for context, singular, plural, comments in messages_of(path, path.read_text(encoding="utf-8")):
                one = found.setdefault((context, singular), Found(context, singular, plural))
                one.plural = one.plural or plural
                one.paths.add(path.relative_to(root).as_posix())
                one.comments += [comment for comment in comments if comment not in one.comments]
        except SyntaxError as error:
            raise SourceError(f"{path}: {error}") from error
    return found


# ---- Writing the catalogues ---------------------------------------------------------------------


def catalogue_path(name: str, root: Path = ROOT) -> Path:
    return root / LOCALE / name / "LC_MESSAGES" / "django.po"


def read(name: str, root: Path = ROOT) -> Catalog:
    path = catalogue_path(name, root)
    if not path.exists():
        return Catalog(locale=CATALOGUES[name])
    with path.open("rb") as file:
        return read_po(file, locale=CATALOGUES[name], ignore_obsolete=True)


def renewed(name: str, found: dict[Key, Found], old: Catalog) -> Catalog:
    """The catalogue as it should be: the messages of the sources, with the translations there are."""
    new = Catalog(locale=CATALOGUES[name])
    for one in found.values():
        before = old.get(one.singular, one.context)
        new.add(
            one.id,
            string=translation(name, one, before, new.num_plurals),
            locations=[(path, 0) for path in sorted(one.paths)],
            flags={"fuzzy"} if before is not None and before.fuzzy and name != SOURCE_LANGUAGE else set(),
            auto_comments=one.comments,
            user_comments=before.user_comments if before is not None else (),
            context=one.context,
        )
    return new


def translation(name: str, one: Found, before: Message | None, forms: int) -> str | tuple[str, ...]:
    empty: str | tuple[str, ...] = ("",) * forms if one.plural is not None else ""
    if name == SOURCE_LANGUAGE:
        return one.id
    if before is None:
        return empty
    kept: str | tuple[str, ...] = before.string if isinstance(before.string, str) else tuple(before.string)
    # A message that gained or lost its plural is translated anew.
    return (
        kept
        if isinstance(kept, str) == isinstance(empty, str) and (isinstance(kept, str) or len(kept) == forms)
        else empty
    )


def as_text(name: str, catalogue: Catalog) -> str:
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    head = HEADER.format(name=HEADINGS[name], language=name, plural=catalogue.plural_forms)
    return head + stream.getvalue().decode("utf-8").strip() + "\n"


def update(root: Path = ROOT) -> None:
    found = extract(root)
    for name in CATALOGUES:
        path = catalogue_path(name, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = renewed(name, found, read(name, root))
        text = as_text(name, catalogue)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        missing = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{name}: {len(found)} messages, {missing} without a translation")


def compile_all(root: Path = ROOT) -> None:
    for path in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        hatch_build.compile_catalogue(path)


# ---- Checking -----------------------------------------------------------------------------------


def is_translated(message: Message) -> bool:
    strings = (message.string,) if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings) and not message.fuzzy


def must_be_translated(name: str, paths: Iterable[str]) -> bool:
    if name == "ar":
        return not all(any(fnmatch(path, pattern) for pattern in FOR_STAFF) for path in paths)
    if name == "de_LS":
        for_guests = [path for path in paths if not any(fnmatch(path, pattern) for pattern in FOR_STAFF)]
        return any(fnmatch(path, pattern) for path in for_guests for pattern in IN_PLAIN_GERMAN)
    return True


def placeholders(text: str) -> set[str]:
    # A doubled percent sign is a percent sign.
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def placeholder_fault(message: Message) -> str | None:
    singular, plural = (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])
    wanted = placeholders(singular) | placeholders(plural or "")
    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    for string in filter(None, strings):
        has = placeholders(string)
        # "one guest" need not repeat the number; a single form must use all that the message offers.
        if has - wanted or (plural is None and wanted - has):
            return f"placeholders {sorted(wanted)} became {sorted(has)}"
    return None


def faults(root: Path = ROOT) -> list[str]:
    found = extract(root)
    problems: list[str] = []
    for name in CATALOGUES:
        path = catalogue_path(name, root)
        shown = path.relative_to(root).as_posix()
        catalogue = read(name, root)
        if not path.exists() or path.read_text(encoding="utf-8") != as_text(name, renewed(name, found, catalogue)):
            problems.append(f"{shown}: not up to date with the sources; run `make translations`")
        for message in catalogue:
            if not message.id:
                continue
            text = message.id if isinstance(message.id, str) else message.id[0]
            paths = [where for where, _ in message.locations]
            if must_be_translated(name, paths) and not is_translated(message):
                state = "unconfirmed (fuzzy)" if message.fuzzy else "not translated"
                problems.append(f"{shown}: {state}: {text!r} ({', '.join(paths)})")
            fault = placeholder_fault(message)
            if fault:
                problems.append(f"{shown}: {text!r}: {fault}")
    return problems


def check(root: Path = ROOT) -> int:
    problems = faults(root)
    for problem in problems[:60]:
        print(problem, file=sys.stderr)
    if len(problems) > 60:
        print(f"… and {len(problems) - 60} more", file=sys.stderr)
    return 1 if problems else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.catalogues", description="Keeps the catalogues of translations.")
    parser.add_argument("action", choices=("extract", "update", "compile", "check"))
    action = parser.parse_args(arguments).action
    try:
        if action == "check":
            return check()
        if action == "compile":
            compile_all()
        else:
            update()
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
