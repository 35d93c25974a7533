"""What people can read is complete: glossary, rights, settings, commands, checks, personal data."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from ortsdialog.config import SETTINGS
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.kernel import access
from ortsdialog.kernel.privacy import PersonalData
from tests.architecture.checks.mentions import commands
from tests.architecture.checks.words import (
    NOT_PERSONAL,
    columns_without_owner,
    missing_from,
    personal_columns,
    wrong_owner_entries,
)
from tests.architecture.house import DOCS, SOURCE, agreed, contexts, house_models, sources
from tools import permissions_matrix

OPERATORS = "docs/operators/*.md"


def _operators() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOCS / "operators").glob("*.md")))


# ---- Glossary -----------------------------------------------------------------------------------


def test_glossary_has_every_model() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    names = [model.__name__ for model in house_models() if not model._meta.auto_created]
    agreed(missing_from(text, names, where="docs/glossary.md", what="add the German word and its meaning."))


def test_missing_word_is_caught() -> None:
    found = missing_from("| Maßnahme | `Measure` |", ["Measure", "Meas"], where="docs/glossary.md", what="add it.")
    assert found == ["Meas is missing in docs/glossary.md: add it."]


# ---- Rights -------------------------------------------------------------------------------------


def test_every_right_is_declared_by_one_context_under_its_own_name() -> None:
    declared: dict[str, str] = {}
    for context in contexts():
        if not (context / "rules.py").exists():
            continue
        rules = import_module(f"ortsdialog.{context.parent.name}.{context.name}.rules")
        for code in getattr(rules, "PERMISSIONS", {}):
            assert code.startswith(f"{context.name}."), f"{code} belongs to another context than {context.name}."
            assert declared.setdefault(code, context.name) == context.name
            assert access.declared_by(code) == context.name
    assert declared.keys() == access.permissions().keys()


def test_right_declared_twice_is_caught() -> None:
    code = next(iter(access.permissions()))
    with pytest.raises(ValueError, match="is declared by"):
        access.declare({code: lambda actor, obj: True}, context="somebody else")


def test_rights_are_named_context_verb_noun() -> None:
    assert [code for code in access.permissions() if not re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)+", code)] == []


def test_matrix_of_rights_has_words_for_everything() -> None:
    agreed(permissions_matrix.undescribed())


def test_matrix_of_rights_is_up_to_date() -> None:
    assert permissions_matrix.main(["--check"]) == 0, "Renew it: python -m tools.permissions_matrix"
    text = (DOCS / "permissions.md").read_text(encoding="utf-8")
    agreed(missing_from(text, access.permissions(), where="docs/permissions.md", what="renew the document."))


def test_outdated_matrix_is_caught(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that opens for one role more changes the document; a right without words stops it."""
    more = {**access.permissions(), "plan.publish_plan": lambda actor, obj: actor.has_role("evaluator", place_id=1)}
    monkeypatch.setattr(access, "_permissions", more)
    assert permissions_matrix.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    monkeypatch.setattr(access, "_permissions", {**more, "plan.burn_plan": lambda actor, obj: True})
    assert permissions_matrix.main(["--check"]) == 1
    assert "plan.burn_plan" in capsys.readouterr().err


def test_matrix_tells_who_holds_what() -> None:
    held = permissions_matrix.matrix()
    assert held["plan.publish_plan"] == {"K", "A"}
    assert held["plan.answer_request"] == {"VL"}
    assert held["accounts.disable_account"] == {"S"}
    assert "G" in held["contributions.submit_statement"]


def test_matrix_calls_roles_as_the_pages_do() -> None:
    with (SOURCE / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        german = read_po(file, locale="de")
    columns = {**permissions_matrix.IN_PLACE, **permissions_matrix.IN_PROGRAMME, **permissions_matrix.IN_INSTALLATION}
    message_ids = {role.value: role.label._args[0] for role in Role}
    named = {role: name for role, (_, name) in columns.items()}
    assert named == {role: german[message_ids[role]].string for role in named}


# ---- What operators look up ---------------------------------------------------------------------


def test_every_setting_is_explained() -> None:
    names = [setting.variable for setting in SETTINGS]
    agreed(missing_from(_operators(), names, where=OPERATORS, what="python -m tools.settings_table"))


def test_every_command_is_explained() -> None:
    text = re.sub(r"`ortsdialog ([a-z_]+)[^`\n]*`", r"`\1`", _operators())
    names = commands(SOURCE)
    agreed(missing_from(text, names, where=OPERATORS, what="say what `ortsdialog <command>` does, and when."))


def _check_ids() -> set[str]:
    return {found for source in sources() for found in re.findall(r"\bortsdialog\.[EWIC]\d{3}\b", source.text)}


def test_every_check_is_explained() -> None:
    assert len(_check_ids()) >= 4
    agreed(missing_from(_operators(), _check_ids(), where=OPERATORS, what="say what is wrong and what to do."))


# ---- Personal data ------------------------------------------------------------------------------


def _listed() -> list[tuple[str, Any]]:
    entries: list[tuple[str, Any]] = []
    for folder in (SOURCE / "kernel", *contexts()):
        name = f"ortsdialog.{'.'.join(folder.relative_to(SOURCE).parts)}.privacy"
        if (folder / "privacy.py").exists():
            entries += [(folder.name, entry) for entry in getattr(import_module(name), "PERSONAL_DATA", [])]
    return entries


def test_personal_data_has_an_owner() -> None:
    agreed(columns_without_owner(house_models(), [entry for _, entry in _listed()]))


def test_owner_files_tell_of_what_exists() -> None:
    agreed(wrong_owner_entries(apps.get_models(), _listed()))


def test_listed_exceptions_exist() -> None:
    columns = {f"{model._meta.label}.{field.name}" for model in house_models() for field in model._meta.local_fields}
    assert [name for name in NOT_PERSONAL if name not in columns] == []


def _entry(model: str, *fields: str, why: str = "x") -> PersonalData:
    return PersonalData(model=model, fields=fields, why=why, kept_for="x", export="x", destroy="x")


@isolate_apps()
def test_personal_column_without_owner_is_caught() -> None:
    class Guest(models.Model):
        email = models.EmailField()
        contact_phone = models.CharField(max_length=9)
        name = models.CharField(max_length=9)
        renamed_at = models.DateTimeField()

        class Meta:
            app_label = "gatherings"

    assert {name for _, name in personal_columns([Guest])} == {"email", "contact_phone", "name"}
    assert len(columns_without_owner([Guest], [])) == 3
    (complaint,) = columns_without_owner([Guest], [_entry("gatherings.Guest", "email", "name")])
    assert complaint.startswith("gatherings.Guest.contact_phone")
    assert len(wrong_owner_entries([Guest], [("gatherings", _entry("gatherings.Guest", "surname"))])) == 1
    assert len(wrong_owner_entries([Guest], [("plan", _entry("gatherings.Guest", "name"))])) == 1
    assert len(wrong_owner_entries([Guest], [("gatherings", _entry("gatherings.Guest", "name", why=" "))])) == 1
    assert wrong_owner_entries([Guest], [("gatherings", _entry("gatherings.Guest", "name"))]) == []
