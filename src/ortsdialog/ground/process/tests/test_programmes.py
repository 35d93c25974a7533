"""Programmes as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ortsdialog.ground.process.models import BlockTemplate, Programme
from ortsdialog.ground.process.programmes import (
    ProgrammeFileWrong,
    load_programme,
    load_programmes,
    load_programmes_file,
    programmes_of_the_house,
    read_texts,
)
from ortsdialog.ground.process.tests.content import programme_document
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.tenancy import Reason, across_places

pytestmark = pytest.mark.django_db


def audit_count() -> int:
    with across_places(reason=Reason.SITE_MAINTENANCE):
        return AuditEntry.objects.filter(code="process.load_programme").count()


def test_load_programme_stores_rules_blocks_tasks_and_the_state_of_translations() -> None:
    (loaded,) = load_programmes(programme_document())
    programme = Programme.objects.get(slug="probe")
    assert (loaded.created, loaded.changed) == (True, True)
    assert programme.min_days_before_invitation == 21
    assert programme.rules["grant_min_eur_cents"] == 300000
    assert programme.grant_text.original_text == "3.000 Euro"
    assert not programme.note
    assert programme.title.state_of("en") == State.CHECKED
    assert programme.title.state_of("ar") == State.MACHINE
    first, second = programme.block_templates.all()
    assert (first.number, first.key, first.town_share.original_text) == (1, "clarify", "Räume")
    assert [task["key"] for task in first.tasks] == ["talks", "goal"]
    assert MultilingualText.from_json(first.tasks[0]["title"]).in_language("en").text == "Hold talks"
    assert second.tasks == []


def test_load_programme_again_changes_nothing() -> None:
    load_programmes(programme_document())
    ids = list(BlockTemplate.objects.values_list("pk", flat=True))
    (again,) = load_programmes(programme_document())
    assert (again.created, again.changed) == (False, False)
    assert list(BlockTemplate.objects.values_list("pk", flat=True)) == ids
    assert audit_count() == 1


def test_load_programme_updates_what_changed_and_drops_blocks_that_are_gone() -> None:
    load_programmes(programme_document())
    document = programme_document(title={"de": "Neuer Name"})
    document["programmes"][0]["blocks"].pop()
    document["programmes"][0]["blocks"][0]["tasks"].pop()
    programme = load_programme(document["programmes"][0])
    assert programme.title.original_text == "Neuer Name"
    assert [len(block.tasks) for block in programme.block_templates.all()] == [1]
    assert audit_count() == 2


def test_load_programme_without_waiting_time_has_none() -> None:
    programme = load_programme(programme_document(rules={"min_days_before_invitation": None})["programmes"][0])
    assert programme.min_days_before_invitation == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": {"en": "No German"}}, "no German version"),
        ({"state": "sleeping"}, "sleeping"),
        ({"blocks": [{"number": 1, "key": "a"}]}, "'title' is missing"),
        ({"blocks": [{"number": 1, "key": "a", "title": {"de": "A"}}] * 2}, "stands twice"),
        ({"blocks": None}, "Programme “probe”"),
    ],
)
def test_wrong_programme_is_refused_with_its_name_and_changes_nothing(changes: dict, words: str) -> None:
    document = programme_document()
    document["programmes"].append({**document["programmes"][0], "slug": "probe", **changes})
    with pytest.raises(ProgrammeFileWrong, match=words):
        load_programmes(document)
    assert Programme.objects.count() == 0


def test_document_without_programmes_is_refused() -> None:
    with pytest.raises(ProgrammeFileWrong):
        load_programmes({"programme": []})


def test_text_without_a_state_counts_as_machine_made() -> None:
    assert read_texts({"de": "Ja", "fr": "Oui"}, {}).state_of("fr") == State.MACHINE


def test_command_loads_a_file_and_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "programmes.json"
    path.write_text(json.dumps(programme_document()), encoding="utf-8")
    call_command("load_programmes", path)
    call_command("load_programmes", path)
    assert capsys.readouterr().out.splitlines() == ["probe: neu", "probe: unverändert"]


def test_command_without_a_file_loads_what_comes_with_the_house(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_programmes")
    assert capsys.readouterr().out.splitlines() == ["kommunale-fluechtlingsdialoge: neu", "weltoffene-kommune: neu"]


def test_command_names_the_problem_of_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "programmes.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="Nichts wurde geändert"):
        call_command("load_programmes", path)
    with pytest.raises(ProgrammeFileWrong):
        load_programmes_file(tmp_path / "missing.json")


def test_the_programmes_that_come_with_the_house_load() -> None:
    loaded = load_programmes(programmes_of_the_house())
    blocks = {entry.programme.slug: entry.programme.block_templates.count() for entry in loaded}
    assert blocks == {"kommunale-fluechtlingsdialoge": 6, "weltoffene-kommune": 3}
