"""Versions of an event's texts, and the languages that are interpreted at its tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import Archived
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.language.versions import OriginalChanged, StoredText, Wording
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.queries import texts_of_gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering
from ortsdialog.meet.gatherings.tests.test_web import sheet_of


@pytest.fixture
def evening(dialogue: Process) -> Gathering:
    return make_gathering(dialogue, state=GatheringState.PUBLISHED, rounds=2)


@pytest.fixture
def at_desk(sign_in: Any, alma: User) -> Client:
    return sign_in(alma)


def page(name: str, gathering: Gathering) -> str:
    return reverse(f"gatherings:{name}", kwargs={"place": "altdorf", "pk": gathering.pk})


def texts(gathering: Gathering) -> list[StoredText]:
    with open_place(gathering.place):
        return texts_of_gathering(gathering)


def wordings(gathering: Gathering, text: str = "نص") -> dict[str, Wording]:
    return {stored.key: Wording(text, True, digest(stored.text.original_text)) for stored in texts(gathering)}


# ---- Versions -----------------------------------------------------------------------------------


def test_texts_of_an_event_are_its_own_its_questions_and_themes(
    evening: Gathering, django_assert_num_queries: Any
) -> None:
    with open_place(evening.place), django_assert_num_queries(2):
        found = texts_of_gathering(evening)
    assert [stored.text.original_text for stored in found] == [
        "Auftakt",
        "Was läuft gut?",
        "Was muss verbessert werden?",
        "Wohnen",
        "Arbeit",
    ]


@pytest.mark.parametrize("state", [GatheringState.PUBLISHED, GatheringState.CLOSED])
def test_translate_gathering_stores_versions_also_after_the_event(
    dialogue: Process, as_alma: Actor, state: str
) -> None:
    gathering = make_gathering(dialogue, state=state)
    with open_place(gathering.place):
        words = wordings(gathering)
        assert actions.translate_gathering(actor=as_alma, gathering=gathering, language="ar", wordings=words) == 4
        assert gathering.questions.get().text.in_language("ar").text == "نص"
        assert gathering.tables.get(number=2).theme.state_of("ar") == State.CHECKED
        assert actions.translate_gathering(actor=as_alma, gathering=gathering, language="ar", wordings=words) == 0
        assert AuditEntry.objects.filter(code="gatherings.translate_gathering").count() == 1


def test_translate_gathering_is_refused_for_observers_other_towns_and_archives(
    evening: Gathering, as_alma: Actor, as_kim: Actor, as_nils: Actor
) -> None:
    with open_place(evening.place):
        for actor in (as_kim, as_nils):
            with pytest.raises(NotAllowed):
                actions.translate_gathering(actor=actor, gathering=evening, language="ar", wordings={})
        evening.process.state = ProcessState.CLOSED
        with pytest.raises(Archived):
            actions.translate_gathering(actor=as_alma, gathering=evening, language="ar", wordings={})


def test_translate_gathering_with_a_question_rewritten_meanwhile_stores_nothing(
    evening: Gathering, as_alma: Actor
) -> None:
    words = wordings(evening)
    with open_place(evening.place):
        evening.questions.filter(number=2).update(text=MultilingualText.written("Ganz anders?"))
        with pytest.raises(OriginalChanged):
            actions.translate_gathering(actor=as_alma, gathering=evening, language="ar", wordings=words)
        evening.refresh_from_db()
    assert evening.title.state_of("ar") is None


def sent(gathering: Gathering, text: str = "نص") -> dict[str, str]:
    data: dict[str, str] = {}
    for key, wording in wordings(gathering, text).items():
        data |= {f"{key}-words": wording.text, f"{key}-checked": "on", f"{key}-of": wording.of}
    return data


def test_page_of_versions_speaks_the_events_languages_and_stores_them(at_desk: Client, evening: Gathering) -> None:
    with open_place(evening.place):
        Gathering.objects.filter(pk=evening.pk).update(languages=["de", "tr"])
    url = f"{page('desk-languages', evening)}?in=tr"
    opened = at_desk.get(url)
    assert [each.language for each in opened.context["languages"]] == ["tr", "de-ls"]
    assert "Was läuft gut?" in opened.content.decode()
    assert at_desk.post(url, sent(evening, "Metin"))["Location"] == url
    shown = at_desk.get(page("desk-show", evening)).context["languages"]
    assert [(each.language, each.done, each.of) for each in shown] == [("tr", 5, 5), ("de-ls", 0, 5)]


def test_original_that_changes_while_it_is_saved_is_said(
    at_desk: Client, evening: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: Any) -> int:
        raise OriginalChanged(f"gathering-{evening.pk}-title")

    monkeypatch.setattr(actions, "translate_gathering", too_late)
    answer = at_desk.post(f"{page('desk-languages', evening)}?in=ar", sent(evening))
    assert answer.status_code == 422
    assert "نص" in answer.content.decode()


def test_page_of_versions_of_an_archive_leads_back(at_desk: Client, evening: Gathering) -> None:
    with open_place(evening.place):
        Process.objects.filter(pk=evening.process_id).update(state=ProcessState.CLOSED)
    assert at_desk.get(page("desk-languages", evening))["Location"] == page("desk-show", evening)


@pytest.mark.parametrize("tables", [1, 3])
def test_page_of_versions_asks_a_fixed_number_of_questions(
    at_desk: Client, dialogue: Process, neustadt: Place, tables: int, django_assert_num_queries: Any
) -> None:
    gathering = make_gathering(dialogue, tables=tables, rounds=tables)
    with django_assert_num_queries(10):
        at_desk.get(f"{page('desk-languages', gathering)}?in=ar")


# ---- Interpreters -------------------------------------------------------------------------------


def first_table(gathering: Gathering) -> Table:
    with open_place(gathering.place):
        return gathering.tables.get(number=1)


def test_boxes_stand_for_the_events_languages_and_for_what_is_ticked(at_desk: Client, evening: Gathering) -> None:
    with open_place(evening.place):
        evening.tables.filter(number=1).update(interpreter_languages=["uk"])
    html = at_desk.get(page("desk-edit", evening)).content.decode()
    boxes = [part.partition(">")[0] for part in html.split('name="tables-0-interpreter_languages"')[1:]]
    assert [('value="ar"' in box, "checked" in box) for box in boxes] == [(True, False), (False, True)]
    assert html.count('name="tables-1-interpreter_languages"') == 1


def test_edit_of_the_event_stores_and_keeps_interpreters(at_desk: Client, evening: Gathering) -> None:
    data = sheet_of(evening, **{"languages": ["de", "ar"], "tables-0-interpreter_languages": ["ar"]})
    assert at_desk.post(page("desk-edit", evening), data).status_code == 302
    assert first_table(evening).interpreter_languages == ["ar"]
    shown = at_desk.get(page("desk-show", evening)).context["tables"]
    assert [len(interpreted) for _table, interpreted in shown] == [1, 0]


def test_more_rows_keep_the_ticked_interpreters(at_desk: Client, evening: Gathering) -> None:
    data = sheet_of(
        evening, **{"languages": ["de", "ar"], "tables-0-interpreter_languages": ["ar"], "more_tables": "1"}
    )
    html = at_desk.post(page("desk-edit", evening), data).content.decode()
    box = html.partition('name="tables-0-interpreter_languages"')[2].partition(">")[0]
    assert "checked" in box
