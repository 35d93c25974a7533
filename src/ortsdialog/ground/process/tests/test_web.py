"""Pages of a process: one happy path each, and the refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process import actions
from ortsdialog.ground.process.choices import BlockState, ProcessState
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.language import State, digest
from ortsdialog.kernel.language.versions import OriginalChanged
from ortsdialog.kernel.tenancy import open_place

TEXTS = {"goal": "Zuhören.", "promise": "Der Rat antwortet.", "intention": "Thementische."}


@pytest.fixture
def draft(altdorf: Place, programme: Programme, as_alma: Actor) -> Process:
    with open_place(altdorf):
        return actions.create_process(
            actor=as_alma, place=altdorf, programme=programme, title="Altdorf spricht", **TEXTS
        )


@pytest.fixture
def at_desk(sign_in: Any, alma: User) -> Client:
    return sign_in(alma)


def block_of(process: Process) -> BuildingBlock:
    with open_place(process.place):
        return process.blocks.get(number=1)


def task_of(process: Process) -> BlockTask:
    with open_place(process.place):
        return block_of(process).tasks.get()


def stored(process: Process) -> Process:
    with open_place(process.place):
        return Process.objects.select_related("place").get(pk=process.pk)


def desk_url(name: str, pk: int, place: str = "altdorf") -> str:
    return reverse(f"process:{name}", kwargs={"place": place, "pk": pk})


def page_urls(process: Process) -> dict[str, str]:
    with open_place(process.place):
        block = process.blocks.get(number=1)
        task = block.tasks.get()
    names = ("desk-show", "desk-edit", "desk-languages", "desk-publish-intention", "desk-publish", "desk-close")
    return {
        **{name: desk_url(name, process.pk) for name in names},
        **{
            name: desk_url(name, block.pk)
            for name in ("desk-block", "desk-block-state", "desk-task-add", "desk-due-dates")
        },
        "desk-task-finish": desk_url("desk-task-finish", task.pk),
        "desk-task-reopen": desk_url("desk-task-reopen", task.pk),
        "desk-list": reverse("process:desk-list", kwargs={"place": "altdorf"}),
        "desk-create": reverse("process:desk-create", kwargs={"place": "altdorf"}),
    }


NAMES = [
    "desk-list",
    "desk-create",
    "desk-show",
    "desk-edit",
    "desk-languages",
    "desk-publish-intention",
    "desk-publish",
    "desk-close",
    "desk-block",
    "desk-block-state",
    "desk-task-add",
    "desk-due-dates",
    "desk-task-finish",
    "desk-task-reopen",
]
POST_ONLY = {"desk-block-state", "desk-task-add", "desk-due-dates", "desk-task-finish", "desk-task-reopen"}


def knock(client: Client, name: str, url: str) -> Any:
    return client.post(url) if name in POST_ONLY else client.get(url)


@pytest.mark.parametrize("name", NAMES)
def test_desk_page_without_sign_in_leads_to_the_door(client: Client, draft: Process, name: str) -> None:
    answer = knock(client, name, page_urls(draft)[name])
    assert answer.status_code == 302
    assert "/konto/" in answer["Location"]


@pytest.mark.parametrize("name", NAMES)
def test_desk_page_of_another_town_does_not_exist(sign_in: Any, nils: User, draft: Process, name: str) -> None:
    assert knock(sign_in(nils), name, page_urls(draft)[name]).status_code == 404


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"desk-list", "desk-show", "desk-block"}])
def test_observer_changes_nothing(sign_in: Any, kim: User, draft: Process, name: str) -> None:
    assert knock(sign_in(kim), name, page_urls(draft)[name]).status_code == 404


@pytest.mark.parametrize("name", ["desk-list", "desk-show", "desk-block"])
def test_observer_sees_without_buttons(sign_in: Any, kim: User, draft: Process, name: str) -> None:
    answer = sign_in(kim).get(page_urls(draft)[name])
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main


def test_block_of_another_town_does_not_exist_under_the_own_address(
    at_desk: Client, neustadt: Place, programme: Programme, as_nils: Actor, altdorf: Place
) -> None:
    with open_place(neustadt):
        foreign = actions.create_process(actor=as_nils, place=neustadt, programme=programme, title="Geheim")
    assert at_desk.get(desk_url("desk-show", foreign.pk)).status_code == 404
    assert at_desk.get(desk_url("desk-block", block_of(foreign).pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_the_towns_dialogues_in_a_fixed_number_of_queries(
    at_desk: Client, altdorf: Place, dialogue: Process, programme: Programme, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count):
        make_process(altdorf, programme, title=f"Nummer {number}", slug=f"nummer-{number}")
    with django_assert_num_queries(6):
        answer = at_desk.get(reverse("process:desk-list", kwargs={"place": "altdorf"}))
    assert answer.status_code == 200
    assert "Altdorf spricht" in answer.content.decode()
    assert "Neustadt-Geheimnis" not in answer.content.decode()


def test_empty_list_says_how_to_begin(at_desk: Client) -> None:
    answer = at_desk.get(reverse("process:desk-list", kwargs={"place": "altdorf"}))
    assert reverse("process:desk-create", kwargs={"place": "altdorf"}) in answer.content.decode()


def test_create_leads_to_the_new_dialogue(at_desk: Client, altdorf: Place, programme: Programme) -> None:
    url = reverse("process:desk-create", kwargs={"place": "altdorf"})
    answer = at_desk.post(url, {"programme": programme.pk, "title": "Neu", "goal": "", "promise": ""}, follow=True)
    assert answer.status_code == 200
    with open_place(altdorf):
        process = Process.objects.get()
        assert process.blocks.count() == 6
    assert answer.redirect_chain[-1][0] == desk_url("desk-show", process.pk)


def test_create_without_title_keeps_what_was_typed(at_desk: Client, programme: Programme) -> None:
    url = reverse("process:desk-create", kwargs={"place": "altdorf"})
    answer = at_desk.post(url, {"programme": programme.pk, "title": "", "goal": "Mein Ziel"})
    assert answer.status_code == 422
    assert "Mein Ziel" in answer.content.decode()


def test_create_without_any_programme_says_what_to_do(at_desk: Client) -> None:
    page = at_desk.get(reverse("process:desk-create", kwargs={"place": "altdorf"}))
    assert page.status_code == 200
    assert "load_programmes" in page.content.decode()
    assert 'name="programme"' not in page.content.decode()


def test_show_says_what_is_missing_and_what_comes_next(at_desk: Client, altdorf: Place, programme: Programme) -> None:
    bare = make_process(altdorf, programme, goal="", promise="")
    answer = at_desk.get(desk_url("desk-show", bare.pk))
    assert len(answer.context["missing"]) == 2
    assert len(answer.context["next_steps"]) >= 3
    assert desk_url("desk-edit", bare.pk) in answer.content.decode()


def test_edit_stores_texts_dates_and_group(at_desk: Client, draft: Process) -> None:
    data = {
        **TEXTS,
        "title": "Neuer Titel",
        "starts_on": "2026-05-01",
        "ends_on": "2026-12-01",
        "accompanying_group": "Bauamt: Leitung\n\nSportverein",
    }
    answer = at_desk.post(desk_url("desk-edit", draft.pk), data)
    assert answer.status_code == 302
    process = stored(draft)
    assert str(process.title) == "Neuer Titel"
    assert process.accompanying_group == [{"name": "Bauamt", "role": "Leitung"}, {"name": "Sportverein", "role": ""}]
    shown = at_desk.get(desk_url("desk-edit", draft.pk)).content.decode()
    assert "Bauamt: Leitung\nSportverein" in shown
    assert 'value="2026-05-01"' in shown


def test_edit_with_the_end_before_the_beginning_is_explained(at_desk: Client, draft: Process) -> None:
    data = {**TEXTS, "title": "X", "starts_on": "2026-05-02", "ends_on": "2026-05-01"}
    answer = at_desk.post(desk_url("desk-edit", draft.pk), data)
    assert answer.status_code == 422
    assert "ends_on" in answer.context["form"].errors


def test_edit_of_a_public_dialogue_without_goal_is_explained(at_desk: Client, draft: Process, as_alma: Actor) -> None:
    with open_place(draft.place):
        actions.publish_process(actor=as_alma, process=draft)
    answer = at_desk.post(desk_url("desk-edit", draft.pk), {**TEXTS, "title": "X", "goal": ""})
    assert answer.status_code == 422
    assert stored(draft).goal.original_text == "Zuhören."


def version_data(process: Process, **words: str) -> dict[str, str]:
    """What the page of versions sends for these texts, ticked as checked."""
    data: dict[str, str] = {}
    for name, text in words.items():
        key = f"process-{process.pk}-{name}"
        original = digest(getattr(process, name).original_text)
        data |= {f"{key}-words": text, f"{key}-checked": "on", f"{key}-of": original}
    return data


def test_languages_are_stored_beside_the_original(at_desk: Client, draft: Process) -> None:
    url = f"{desk_url('desk-languages', draft.pk)}?in=ar"
    page = at_desk.get(url).content.decode()
    assert "Zuhören." in page
    answer = at_desk.post(url, version_data(draft, title="ألتدورف تتكلم", goal=""))
    assert answer["Location"] == url
    process = stored(draft)
    assert process.title.in_language("ar").text == "ألتدورف تتكلم"
    assert process.title.state_of("ar") == State.CHECKED
    assert process.goal.state_of("ar") is None
    shown = at_desk.get(desk_url("desk-show", draft.pk))
    assert [(each.language, each.done, each.of) for each in shown.context["languages"]] == [
        ("en", 0, 4),
        ("ar", 1, 4),
        ("uk", 0, 4),
        ("de-ls", 0, 4),
    ]


def test_version_of_an_original_that_has_changed_is_not_stored(at_desk: Client, draft: Process) -> None:
    url = f"{desk_url('desk-languages', draft.pk)}?in=ar"
    data = version_data(draft, title="ألتدورف تتكلم")
    at_desk.post(desk_url("desk-edit", draft.pk), {**TEXTS, "title": "Ganz anders"})
    answer = at_desk.post(url, data)
    assert answer.status_code == 422
    assert "ألتدورف تتكلم" in answer.content.decode()
    assert stored(draft).title.state_of("ar") is None


def test_original_that_changes_while_it_is_saved_is_said(
    at_desk: Client, draft: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: Any) -> int:
        raise OriginalChanged(f"process-{draft.pk}-title")

    monkeypatch.setattr(actions, "translate_process", too_late)
    answer = at_desk.post(f"{desk_url('desk-languages', draft.pk)}?in=ar", version_data(draft, title="نص"))
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 1


def test_languages_of_a_finished_dialogue_stay(at_desk: Client, draft: Process) -> None:
    at_desk.post(desk_url("desk-publish", draft.pk))
    at_desk.post(desk_url("desk-close", draft.pk))
    assert at_desk.get(desk_url("desk-languages", draft.pk)).status_code == 302


def test_publish_without_goal_says_why_not(at_desk: Client, altdorf: Place, programme: Programme) -> None:
    bare = make_process(altdorf, programme, goal="", promise="")
    assert at_desk.get(desk_url("desk-publish", bare.pk)).status_code == 200
    answer = at_desk.post(desk_url("desk-publish", bare.pk))
    assert answer.status_code == 422
    assert len(answer.context["refused"]) == 2
    assert not stored(bare).is_public


def test_publish_intention_then_dialogue(at_desk: Client, client: Client, draft: Process) -> None:
    notice = reverse("process:notice", kwargs={"place": "altdorf", "process": draft.slug})
    assert Client().get(notice).status_code == 404
    assert at_desk.post(desk_url("desk-publish-intention", draft.pk)).status_code == 302
    assert at_desk.post(desk_url("desk-publish", draft.pk)).status_code == 302
    process = stored(draft)
    assert process.is_public
    assert process.intention_published_on == timezone.localdate()
    page = Client().get(notice)
    assert page.status_code == 200
    for text in ("Altdorf spricht", *TEXTS.values()):
        assert text in page.content.decode()


def test_notice_is_cheap(draft: Process, as_alma: Actor, django_assert_num_queries: Any) -> None:
    with open_place(draft.place):
        actions.publish_intention(actor=as_alma, process=draft)
    with django_assert_num_queries(2):
        answer = Client().get(reverse("process:notice", kwargs={"place": "altdorf", "process": draft.slug}))
    assert answer.status_code == 200


def test_notice_of_another_town_does_not_exist_here(dialogue: Process, neustadt: Place) -> None:
    with open_place(neustadt):
        Process.objects.filter(slug="dialog").update(slug="fremd")
    assert Client().get("/orte/neustadt/dialoge/fremd/vorhaben/").status_code == 200
    assert Client().get("/orte/altdorf/dialoge/fremd/vorhaben/").status_code == 404


def test_close_makes_an_archive(at_desk: Client, draft: Process) -> None:
    at_desk.post(desk_url("desk-publish", draft.pk))
    assert at_desk.get(desk_url("desk-close", draft.pk)).status_code == 200
    assert at_desk.post(desk_url("desk-close", draft.pk), {"reason": "fertig"}).status_code == 302
    assert stored(draft).state == ProcessState.CLOSED
    page = at_desk.get(desk_url("desk-show", draft.pk))
    assert page.status_code == 200
    assert not page.context["may_edit"]
    assert at_desk.get(desk_url("desk-edit", draft.pk)).status_code == 302
    assert at_desk.post(desk_url("desk-close", draft.pk)).status_code == 422


def test_block_page_stores_dates_state_tasks_and_due_dates(at_desk: Client, draft: Process) -> None:
    block, task = block_of(draft), task_of(draft)
    assert at_desk.get(desk_url("desk-block", block.pk)).status_code == 200
    at_desk.post(desk_url("desk-block", block.pk), {"starts_on": "2026-05-01", "ends_on": "", "note": "Gut"})
    at_desk.post(desk_url("desk-block-state", block.pk), {"state": "running"})
    at_desk.post(desk_url("desk-block-state", block.pk), {"state": "nonsense"})
    at_desk.post(desk_url("desk-task-add", block.pk), {"title": "Saal buchen", "due_on": ""})
    at_desk.post(desk_url("desk-due-dates", block.pk), {f"due_{task.pk}": "2026-06-01"})
    at_desk.post(desk_url("desk-task-finish", task.pk))
    with open_place(draft.place):
        block.refresh_from_db()
        task.refresh_from_db()
        assert (block.state, str(block.note), block.starts_on.isoformat()) == (BlockState.RUNNING, "Gut", "2026-05-01")
        assert task.due_on.isoformat() == "2026-06-01"
        assert task.done_at is not None
        assert [str(each.title) for each in block.tasks.all()] == ["Eine Aufgabe", "Saal buchen"]
    at_desk.post(desk_url("desk-task-reopen", task.pk))
    with open_place(draft.place):
        task.refresh_from_db()
    assert task.done_at is None


def test_block_page_explains_mistakes(at_desk: Client, draft: Process) -> None:
    block, task = block_of(draft), task_of(draft)
    wrong_order = {"starts_on": "2026-05-02", "ends_on": "2026-05-01", "note": ""}
    assert at_desk.post(desk_url("desk-block", block.pk), wrong_order).status_code == 422
    assert at_desk.post(desk_url("desk-task-add", block.pk), {"title": ""}).status_code == 422
    assert at_desk.post(desk_url("desk-due-dates", block.pk), {f"due_{task.pk}": "bald"}).status_code == 422


def test_observer_cannot_store_a_block(sign_in: Any, kim: User, draft: Process) -> None:
    block = block_of(draft)
    assert sign_in(kim).post(desk_url("desk-block", block.pk), {"note": "x"}).status_code == 404


def test_task_of_a_finished_dialogue_stays(at_desk: Client, draft: Process) -> None:
    task = task_of(draft)
    at_desk.post(desk_url("desk-publish", draft.pk))
    at_desk.post(desk_url("desk-close", draft.pk))
    answer = at_desk.post(desk_url("desk-task-finish", task.pk), follow=True)
    assert answer.status_code == 200
    with open_place(draft.place):
        task.refresh_from_db()
    assert task.done_at is None
