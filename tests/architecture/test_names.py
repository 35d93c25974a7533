"""Know one context, know all; and each check seen failing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.checks.names import (
    FURTHER,
    LISTED,
    empty_names,
    long_modules,
    missing_docstring,
    unknown_files,
    unnamed_migrations,
)
from tests.architecture.checks.templates import inline_code, templates
from tests.architecture.house import ROOT, SOURCE, Source, agreed, contexts, sources

HERE = SOURCE / "meet/capture"


def _file(text: str, path: str = "actions.py") -> list[Source]:
    return [Source(HERE / path, text)]


def _name(context: Path) -> str:
    return context.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("context", list(contexts()), ids=_name)
def test_context_says_what_it_is_responsible_for(context: Path) -> None:
    assert (
        missing_docstring(Source(context / "__init__.py", (context / "__init__.py").read_text(encoding="utf-8"))) == []
    )


def test_context_that_does_not_say_it_is_caught() -> None:
    (responsible,) = _file("")
    assert len(missing_docstring(responsible)) == 2
    assert len(missing_docstring(_file('"""Capture.\n\nResponsible for: x."""')[0])) == 1
    assert missing_docstring(_file('"""Responsible for: x.\nNot responsible for: y."""')[0]) == []


@pytest.mark.parametrize("context", list(contexts()), ids=_name)
def test_context_has_the_files_of_every_context(context: Path) -> None:
    agreed(unknown_files(context, _name(context)))


def test_unknown_file_is_caught(tmp_path: Path) -> None:
    for name in ("actions.py", "queries", "drawer.py", "attic", "register.py"):
        (tmp_path / name).mkdir() if "." not in name else (tmp_path / name).touch()
    found = unknown_files(tmp_path, "ground/places")
    assert [complaint.partition(":")[0] for complaint in found] == ["ground/places/attic", "ground/places/drawer.py"]


def test_listed_files_exist_and_have_reasons() -> None:
    gone = [name for name in FURTHER if not ((SOURCE / f"{name}.py").exists() or (SOURCE / name).is_dir())]
    assert gone == [], "Take these off the list in tests/architecture/checks/names.py."
    assert all(FURTHER.values())
    assert all(LISTED.values())


def _own_files() -> list[Source]:
    return [
        *sources(SOURCE, tests=True),
        *sources(ROOT / "tests", tests=True),
        *sources(ROOT / "tools", tests=True),
    ]


def test_names_say_something() -> None:
    agreed(empty_names(_own_files()))


@pytest.mark.parametrize("path", ["utils.py", "helpers.py", "services/statements.py", "data.py", "base.py"])
def test_module_with_an_empty_name_is_caught(path: str) -> None:
    assert len(empty_names(_file("", path))) == 1


@pytest.mark.parametrize("name", ["StatementManager", "MailService", "EventHandler", "TableInfo", "Base", "FormHelper"])
def test_class_with_an_empty_name_is_caught(name: str) -> None:
    assert len(empty_names(_file(f"class {name}: ..."))) == 1


def test_terms_of_the_framework_are_allowed() -> None:
    text = "class PlaceManager(models.Manager.from_queryset(Q)): ...\nclass UserManager(BaseUserManager[User]): ...\n"
    assert empty_names(_file(text)) == []
    assert empty_names(_file("class Statement: ...\nclass Information: ...\nclass Database: ...")) == []


def test_modules_are_short() -> None:
    agreed(long_modules(_own_files()))


def test_long_module_is_caught() -> None:
    assert long_modules(_file("x = 1\n" * 400)) == []
    assert len(long_modules(_file("x = 1\n" * 401))) == 1


# ---- Migrations ---------------------------------------------------------------------------------


def _migrations() -> list[Path]:
    return sorted(SOURCE.rglob("migrations/*.py"))


def test_migrations_are_named() -> None:
    agreed(unnamed_migrations(_migrations()))


@pytest.mark.parametrize(
    "name",
    ["0002_auto_20240501_1200.py", "0003_alter_statement_text_alter_statement_kind_and_many_more_fields.py"],
)
def test_unnamed_migration_is_caught(name: str) -> None:
    assert len(unnamed_migrations([HERE / "migrations" / name])) == 1
    assert unnamed_migrations([HERE / "migrations/0007_measure_responsible_office.py"]) == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=output, stderr=output)
    except SystemExit:
        pytest.fail(f"Models have changed: makemigrations -n <what>\n{output.getvalue()}")


@pytest.mark.django_db
def test_missing_migration_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same call on a model that has one column more than its migrations."""
    from ortsdialog.meet.capture.models import Wall

    with isolate_apps():
        column = models.IntegerField(default=0)
        column.set_attributes_from_name("forgotten")
        column.model = Wall
    monkeypatch.setattr(Wall._meta, "local_fields", [*Wall._meta.local_fields, column])
    with pytest.raises(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# ---- Templates ----------------------------------------------------------------------------------


def test_pages_hold_neither_script_nor_style() -> None:
    found = list(templates(SOURCE))
    assert len(found) > 20
    agreed(inline_code(found))


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ('<p style="color: red">', "style attribute"),
        ("<p class='a'\n  style='x'>", "style attribute"),
        ("<style>p {}</style>", "style element"),
        ('<button onclick="go()">', "event attribute"),
        ("<body {% if a > b %}class='a'{% endif %} onload=go>", "event attribute"),
        ("<script>go()</script>", "script without src"),
        ('<script type="module">go()</script>', "script without src"),
        ('<a href="javascript:go()">', "javascript: address"),
    ],
)
def test_code_in_a_page_is_caught(markup: str, kind: str) -> None:
    (complaint,) = inline_code([("page.html", f"\n{markup}")])
    assert complaint.startswith("page.html:")
    assert kind in complaint


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="module" src="{% static "js/wall.js" %}"></script>',
        "{# <p style='x'> #}{% comment %}<style>{% endcomment %}",
        '<p class="style" data-on="x" aria-label="on click">style=</p>',
        '{% say text lines=True %}<c-way :way="way" />',
    ],
)
def test_plain_markup_is_not_caught(markup: str) -> None:
    assert inline_code([("page.html", markup)]) == []
