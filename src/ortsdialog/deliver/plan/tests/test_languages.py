"""Versions of the plan's texts, and the plan on the dialogue's desk page."""

from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.deliver.plan import actions
from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import Goal, MasterPlan, Measure
from ortsdialog.deliver.plan.queries import texts_of_plan
from ortsdialog.deliver.plan.tests.factories import make_field, make_measure
from ortsdialog.deliver.plan.workplaces import describe_plan
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.language.versions import OriginalChanged, Wording
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions.models import Cluster

pytestmark = pytest.mark.django_db

PAGE = "/schreibtisch/altdorf/plan/dialog/sprachen/?in=ar"


@pytest.fixture
def written(plan: MasterPlan, topic: Cluster) -> MasterPlan:
    """A plan with a vision, a field, a goal and a measure."""
    field = make_field(plan)
    with open_place(plan.place):
        MasterPlan.objects.filter(pk=plan.pk).update(vision=MultilingualText.written("Wir wohnen gut."))
        Goal.objects.create(place_id=plan.place_id, field=field, title=MultilingualText.written("Eigene Wohnung"))
    make_measure(plan, topic)
    plan.vision = MultilingualText.written("Wir wohnen gut.")
    return plan


def wordings(plan: MasterPlan) -> dict[str, Wording]:
    with open_place(plan.place):
        return {s.key: Wording("نص", True, digest(s.text.original_text)) for s in texts_of_plan(plan)}


@pytest.mark.parametrize("count", [1, 3])
def test_texts_of_a_plan_are_vision_fields_goals_and_measures(
    written: MasterPlan, topic: Cluster, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(2, count + 1):
        make_measure(written, topic, number=number)
    with open_place(written.place), django_assert_num_queries(3):
        found = texts_of_plan(written)
    kinds = [(stored.row._meta.model_name, stored.field) for stored in found]
    assert kinds[:3] == [("masterplan", "vision"), ("fieldofaction", "title"), ("goal", "title")]
    assert kinds.count(("measure", "title")) == count


def test_translate_plan_stores_checked_versions_and_one_entry(
    in_altdorf: Any, written: MasterPlan, as_alma: Actor
) -> None:
    words = wordings(written)
    assert actions.translate_plan(actor=as_alma, plan=written, language="ar", wordings=words) == len(words)
    assert Measure.objects.get().title.state_of("ar") == State.CHECKED
    assert MasterPlan.objects.get().vision.text_in("ar") == "نص"
    assert actions.translate_plan(actor=as_alma, plan=written, language="ar", wordings=words) == 0
    assert AuditEntry.objects.filter(code="plan.translate_plan").count() == 1


def test_translate_plan_is_refused_for_observers_and_other_towns(
    in_altdorf: Any, written: MasterPlan, as_kim: Actor, as_nils: Actor
) -> None:
    for actor in (as_kim, as_nils):
        with pytest.raises(NotAllowed):
            actions.translate_plan(actor=actor, plan=written, language="ar", wordings={})


def sent(plan: MasterPlan) -> dict[str, str]:
    data: dict[str, str] = {}
    for key, wording in wordings(plan).items():
        data |= {f"{key}-words": wording.text, f"{key}-checked": "on", f"{key}-of": wording.of}
    return data


def test_page_of_versions_stores_them(sign_in: Any, alma: User, written: MasterPlan) -> None:
    desk = sign_in(alma)
    assert "Wir wohnen gut." in desk.get(PAGE).content.decode()
    assert desk.post(PAGE, sent(written))["Location"] == PAGE
    shown = desk.get("/schreibtisch/altdorf/plan/dialog/").context["languages"]
    assert [(each.language, each.done == each.of) for each in shown][:2] == [("en", False), ("ar", True)]


def test_original_that_changes_while_it_is_saved_is_said(
    sign_in: Any, alma: User, written: MasterPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: Any) -> int:
        raise OriginalChanged(f"masterplan-{written.pk}-vision")

    monkeypatch.setattr(actions, "translate_plan", too_late)
    assert sign_in(alma).post(PAGE, sent(written)).status_code == 422


def test_page_of_versions_exists_for_coordinators_of_the_town_with_a_plan(
    client: Any, sign_in: Any, alma: User, kim: User, nils: User, dialogue: Process
) -> None:
    assert client.get(PAGE).status_code == 302
    assert [sign_in(person).get(PAGE).status_code for person in (kim, nils, alma)] == [404, 404, 404]


# ---- On the dialogue's desk page ------------------------------------------------------------------


def test_dialogue_without_a_plan_leads_to_its_page(dialogue: Process) -> None:
    with open_place(dialogue.place):
        (line,) = describe_plan(dialogue)
    assert line.url == "/schreibtisch/altdorf/plan/dialog/"


@pytest.mark.parametrize("count", [1, 3])
def test_plan_tells_how_many_measures_lack_an_owner_in_one_query(
    plan: MasterPlan, topic: Cluster, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        make_measure(plan, topic, number=number)
    make_measure(plan, topic, number=9, state=MeasureState.DONE)
    with open_place(plan.place):
        dialogue = Process.objects.select_related("place").get()
        with django_assert_num_queries(1):
            lines = describe_plan(dialogue)
    assert str(count + 1) in str(lines[0].text)
    assert [line.permission for line in lines] == ["", "plan.ask_owner"]
