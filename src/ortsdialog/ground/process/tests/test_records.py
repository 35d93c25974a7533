"""Documented dialogues."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pytest

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import DialogueRecord, Process, Programme
from ortsdialog.ground.process.records import load_dialogue_record
from ortsdialog.ground.process.tests.content import record_entry
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_altdorf(altdorf: Place):
    with open_place(altdorf):
        yield altdorf


def test_record_becomes_a_finished_public_process_without_inventions(open_altdorf: Place, programme: Programme) -> None:
    process = load_dialogue_record(open_altdorf, programme, record_entry())
    assert (process.slug, process.state, process.is_public) == ("fluechtlingsdialog", ProcessState.CLOSED, True)
    assert (process.starts_on, process.ends_on) == (date(2016, 11, 17), date(2016, 11, 29))
    assert not process.goal
    assert not process.promise
    assert process.blocks.count() == 0
    record = process.record
    assert (record.participants_min, record.participants_max, record.participants_note) == (40, None, "")
    assert (record.topics, record.groups_reached, record.occasion) == ([], ["Einheimische"], "")


@pytest.mark.parametrize("level", ["announced_only", "named_only"])
def test_record_of_a_dialogue_that_nobody_saw_does_not_claim_that_it_took_place(
    open_altdorf: Place, programme: Programme, level: str
) -> None:
    process = load_dialogue_record(open_altdorf, programme, record_entry(evidence_level=level, events=[]))
    assert process.state == ProcessState.NOT_KNOWN
    assert (process.starts_on, process.ends_on) == (None, None)
    assert process.is_archived


def test_record_again_changes_nothing(open_altdorf: Place, programme: Programme) -> None:
    first = load_dialogue_record(open_altdorf, programme, record_entry())
    again = load_dialogue_record(open_altdorf, programme, record_entry())
    assert again.pk == first.pk
    assert AuditEntry.objects.filter(code="process.load_record").count() == 1


def test_record_with_news_is_updated_under_the_same_address(open_altdorf: Place, programme: Programme) -> None:
    load_dialogue_record(open_altdorf, programme, record_entry())
    load_dialogue_record(open_altdorf, programme, record_entry(display_title="Neuer Titel", participants_max=60))
    process = Process.objects.get()
    assert (str(process.title), process.slug) == ("Neuer Titel", "fluechtlingsdialog")
    assert DialogueRecord.objects.get().participants_max == 60


def test_second_dialogue_with_the_same_title_gets_its_own_address(open_altdorf: Place, programme: Programme) -> None:
    load_dialogue_record(open_altdorf, programme, record_entry())
    second = load_dialogue_record(open_altdorf, programme, record_entry(id="KFD-100"))
    assert second.slug == "fluechtlingsdialog-2"


def test_all_documented_dialogues_of_the_house_load(open_altdorf: Place, programme: Programme) -> None:
    text = (files("ortsdialog") / "demo" / "content" / "dialogues.json").read_text(encoding="utf-8")
    entries = json.loads(text)["dialogues"]
    for entry in entries:
        load_dialogue_record(open_altdorf, programme, entry)
    assert len(entries) == 45
    assert DialogueRecord.objects.count() == 45
    states = Process.objects.values_list("state", flat=True)
    assert sorted(set(states)) == [ProcessState.CLOSED, ProcessState.NOT_KNOWN]
