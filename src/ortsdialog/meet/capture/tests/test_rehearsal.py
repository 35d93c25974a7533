"""A rehearsal: the whole evening for practice, and nothing left of it in any table of the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.capture.actions import (
    forget_practice,
    highlight_on_wall,
    offer_table,
    pause_wall,
    quieten_wall,
    step_wall,
    take_over_table,
)
from ortsdialog.meet.capture.models import Device, HostHandover, PaperCard, Wall
from ortsdialog.meet.capture.rules import HANDOVER_LINK
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.contributions.actions import (
    add_source,
    add_version,
    approve_statement,
    edit_statement,
    forget_rehearsal,
    hold_statement,
    return_to_queue,
    submit_statement,
)
from ortsdialog.meet.contributions.choices import Channel
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.contributions.rules import HOST_LINK
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.contributions.tests.test_pictures import media, photo  # noqa: F401
from ortsdialog.meet.gatherings import actions
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.tests.factories import make_gathering

CANARY = "Kanarienvogel nur zur Probe"
# Django's own numbering and what belongs to a browser's session, not to the town.
NOT_OURS = {"sessions.Session", "usersessions.UserSession"}


def everything() -> dict[str, list[str]]:
    """All rows of all tables, as text."""
    dump: dict[str, list[str]] = {}
    with across_places(reason=Reason.SITE_MAINTENANCE):
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy or not model._meta.managed or model._meta.label in NOT_OURS:
                continue
            rows = getattr(model, "everything", model._base_manager).order_by("pk")
            dump[model._meta.label] = [serializers.serialize("json", [row]) for row in rows]
    return dump


@pytest.fixture
def coming(dialogue: Any) -> Gathering:
    """Altdorf's next event, announced."""
    return make_gathering(dialogue, rounds=2, state=GatheringState.PUBLISHED, slug="generalprobe")


@pytest.fixture
def wall_of_coming(coming: Gathering) -> Wall:
    with open_place(coming.place_id):
        return Wall.objects.create(place_id=coming.place_id, gathering=coming, number=1, code="ACDEFGHJKM")


def _table(gathering: Gathering, number: int = 1) -> Table:
    return Table.objects.select_related("gathering__process", "gathering__place", "place").get(
        gathering=gathering, number=number
    )


def practise(gathering: Gathering, coordinator: Actor) -> list[Statement]:
    """A whole evening in little. Call with the place open."""
    actions.start_round(actor=coordinator, gathering=gathering)
    actions.extend_round(actor=coordinator, gathering=gathering, minutes=5)
    actions.send_announcement(actor=coordinator, gathering=gathering, text=CANARY)
    table = _table(gathering)
    host = Actor.by_link(HOST_LINK, table.pk, label="Tessa")
    said = [
        submit_statement(
            actor=actor, statement_id=uuid.uuid4(), table=table, text=f"{CANARY} {number}", language="de", **more
        ).statement
        for number, (actor, more) in enumerate(
            [(Actor.guest(), {}), (host, {"channel": Channel.HOST, "said_by_count": 3}), (Actor.guest(), {})]
        )
    ]
    approve_statement(actor=host, statement=said[0])
    return_to_queue(actor=host, statement=said[0])
    approve_statement(actor=host, statement=said[0])
    hold(coordinator, said[1])
    edit_statement(
        actor=host,
        statement=said[0],
        based_on=1,
        text=f"{CANARY} neu",
        language="de",
        said_by_count=2,
        interpreted=False,
    )
    add_version(actor=host, statement=said[0], language="en", text=f"{CANARY} en", state=State.CHECKED)
    statement = Statement.everything.get(pk=said[0].pk)
    Report.objects.create(place_id=gathering.place_id, statement=statement, code="R-1", reason="other", words=CANARY)
    add_source(actor=coordinator, gathering=gathering, table=table, sent=photo())
    Device.objects.create(place_id=gathering.place_id, gathering=gathering, table=table, key="geraet")
    for wall in Wall.objects.select_related("gathering").filter(gathering=gathering):
        pause_wall(actor=coordinator, wall=wall)
        step_wall(actor=coordinator, wall=wall, by=2)
        highlight_on_wall(actor=coordinator, wall=wall, statement=statement)
        quieten_wall(actor=coordinator, wall=wall, quiet=True)
    handover, _token = offer_table(actor=host, table=table)
    take_over_table(actor=Actor.by_link(HANDOVER_LINK, handover.pk), handover=handover)
    return said


def hold(actor: Actor, statement: Statement) -> None:
    hold_statement(actor=actor, statement=statement, why="names")


def rehearse(gathering: Gathering, coordinator: Actor) -> None:
    with open_place(gathering.place_id):
        actions.begin_rehearsal(actor=coordinator, gathering=gathering)
        practise(gathering, coordinator)
        actions.end_rehearsal(actor=coordinator, gathering=gathering)


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    changed = {}
    for label in after:
        new = [row for row in after[label] if row not in before[label]]
        gone = [row for row in before[label] if row not in after[label]]
        if new or gone:
            changed[label] = new + gone
    return changed


@pytest.mark.django_db(transaction=True)
def test_rehearsal_leaves_nothing_in_any_table_but_two_entries_of_the_log(
    coming: Gathering,
    wall_of_coming: Wall,
    as_alma: Actor,
    media: Path,  # noqa: F811
) -> None:
    before = everything()
    rehearse(coming, as_alma)
    changed = differences(before, everything())
    # The one live event calls screens that are still open to look again; it names the event, nothing else.
    assert sorted(changed) == ["kernel.AuditEntry", "kernel.LiveEvent"]
    assert len(changed["kernel.LiveEvent"]) == 1
    with open_place(coming.place_id):
        codes = list(AuditEntry.objects.order_by("id").values_list("code", "object_id"))
    assert codes == [("gatherings.begin_rehearsal", str(coming.pk)), ("gatherings.end_rehearsal", str(coming.pk))]
    assert CANARY not in str(everything())
    # The folder of the photo is there, the photo is not.
    assert [path for path in (media / "sources").rglob("*") if path.is_file()] == []
    assert (media / "sources").is_dir()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forgetful", [forget_rehearsal, forget_practice])
def test_rehearsal_without_one_of_its_cleaners_is_found_out(
    coming: Gathering, wall_of_coming: Wall, as_alma: Actor, forgetful: Callable[..., Any]
) -> None:
    """The test above bites: with one listener cut off, something is left."""
    from ortsdialog.meet.gatherings.signals import rehearsal_ended

    before, listeners = everything(), rehearsal_ended.receivers[:]
    word = "contributions" if forgetful is forget_rehearsal else "capture"
    rehearsal_ended.receivers = [entry for entry in listeners if not str(entry[0][0]).startswith(word)]
    rehearsal_ended.sender_receivers_cache.clear()
    try:
        rehearse(coming, as_alma)
    finally:
        rehearsal_ended.receivers = listeners
        rehearsal_ended.sender_receivers_cache.clear()
    left = set(differences(before, everything())) - {"kernel.AuditEntry", "kernel.LiveEvent"}
    assert left


def test_rehearsal_of_one_event_touches_no_other(
    in_altdorf: Any, evening: Gathering, table: Table, coming: Gathering, as_alma: Actor
) -> None:
    kept = make_statement(table)
    Device.objects.create(place_id=evening.place_id, gathering=evening, table=table, key="anderes")
    rehearse(coming, as_alma)
    assert list(Statement.everything.all()) == [kept]
    assert Device.objects.get().key == "anderes"


def test_paper_card_of_a_rehearsal_can_be_used_again(in_altdorf: Any, coming: Gathering, as_alma: Actor) -> None:
    table = _table(coming)
    card = PaperCard.objects.create(
        place_id=coming.place_id, gathering=coming, table=table, code="K1", receipt_code="7K4D-9XQM-2HPA"
    )
    actions.begin_rehearsal(actor=as_alma, gathering=coming)
    table = _table(coming)
    card.statement = submit_statement(
        actor=as_alma,
        statement_id=uuid.uuid4(),
        table=table,
        text=CANARY,
        language="de",
        channel=Channel.PAPER,
        receipt_code=card.receipt_code,
    ).statement
    card.save()
    actions.end_rehearsal(actor=as_alma, gathering=coming)
    card.refresh_from_db()
    assert card.statement is None
    assert not Statement.everything.filter(receipt_code=card.receipt_code).exists()


# ---- While it lasts -------------------------------------------------------------------------------------


@pytest.fixture
def practised(coming: Gathering, wall_of_coming: Wall, as_alma: Actor) -> Gathering:
    """Altdorf's event in the middle of its rehearsal."""
    with open_place(coming.place_id):
        actions.begin_rehearsal(actor=as_alma, gathering=coming)
        practise(coming, as_alma)
        # As in the evening itself, with everything on the wall again.
        Wall.objects.update(steps_back=0, stepped_at=None, paused_at=None, is_quiet=False, highlighted=None)
        return Gathering.objects.select_related("process", "place").get(pk=coming.pk)


def test_live_pages_show_the_rehearsal_and_say_so(
    sign_in: Any, alma: Any, practised: Gathering, wall_of_coming: Wall, phone: Client
) -> None:
    with open_place(practised.place_id):
        table = _table(practised)
    host = Client()
    host.get(f"/t/{table.code}/gastgeber/{table.host_key}/")
    control = reverse("capture:desk-evening", kwargs={"place": "altdorf", "pk": practised.pk})
    pages = {
        "wall": phone.get(reverse("capture:wall", kwargs={"code": wall_of_coming.code})),
        "table": phone.get(reverse("capture:table", kwargs={"code": table.code})),
        "host": host.get(reverse("capture:host-table", kwargs={"code": table.code})),
        "control": sign_in(alma).get(control),
    }
    marked = ('class="rehearsal"', 'class="wall-rehearsal"')
    silent = [name for name, page in pages.items() if not any(mark in page.content.decode() for mark in marked)]
    assert silent == []
    assert f"{CANARY} neu" in text_of(pages["wall"])
    assert CANARY in text_of(pages["host"])


def _pages_of_the_town(practised: Gathering) -> list[str]:
    place, process = {"place": "altdorf"}, {"place": "altdorf", "process": practised.process.slug}
    return [
        reverse("site:home"),
        reverse("site:place", kwargs=place),
        reverse("site:process", kwargs=process),
        reverse("site:statements", kwargs=process),
        practised.get_absolute_url(),
        reverse("site:desk-place", kwargs=place),
        reverse("process:desk-show", kwargs={**place, "pk": practised.process_id}),
        reverse("gatherings:desk-list", kwargs=place),
        reverse("gatherings:desk-show", kwargs={**place, "pk": practised.pk}),
        reverse("contributions:desk-list", kwargs=place),
        reverse("contributions:desk-sort", kwargs=process),
        reverse("contributions:desk-clusters", kwargs=process),
        reverse("plan:desk-plan", kwargs=process),
    ]


def test_words_of_a_rehearsal_stand_on_no_page_but_the_live_ones(sign_in: Any, alma: Any, practised: Gathering) -> None:
    client = sign_in(alma)
    for path in _pages_of_the_town(practised):
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        assert CANARY not in page.content.decode(), path
    with open_place(practised.place_id):
        # The negative control: the same words, meant, are found.
        Statement.everything.update(rehearsal=False)
    found = [path for path in _pages_of_the_town(practised) if CANARY in client.get(path, follow=True).content.decode()]
    assert len(found) > 3


def test_statement_of_a_rehearsal_has_no_page_at_the_desk(sign_in: Any, alma: Any, practised: Gathering) -> None:
    with open_place(practised.place_id):
        handle = Statement.everything.filter(rehearsal=True).first().handle
    path = reverse("contributions:desk-statement", kwargs={"place": "altdorf", "handle": handle})
    assert sign_in(alma).get(path).status_code == 404


def test_receipt_of_a_rehearsal_leads_to_a_page_that_explains(
    practised: Gathering, as_alma: Actor, phone: Client
) -> None:
    with open_place(practised.place_id):
        code = Statement.everything.filter(rehearsal=True).first().receipt_code
    path = reverse("site:receipt", kwargs={"code": code})
    page = phone.get(path, {"sprache": "en"})
    assert page.status_code == 404
    assert "A code from a rehearsal leads nowhere" in text_of(page)
    assert CANARY not in page.content.decode()
    with open_place(practised.place_id):
        actions.end_rehearsal(actor=as_alma, gathering=practised)
    assert phone.get(path, {"sprache": "en"}).content == page.content


def test_statement_that_comes_after_the_end_of_the_rehearsal_is_refused(practised: Gathering, as_alma: Actor) -> None:
    from ortsdialog.kernel.access import NotAllowed

    with open_place(practised.place_id):
        late = _table(practised)
        actions.end_rehearsal(actor=as_alma, gathering=practised)
        with pytest.raises(NotAllowed):
            submit_statement(actor=Actor.guest(), statement_id=uuid.uuid4(), table=late, text=CANARY, language="de")
        assert HostHandover.objects.count() == 0
