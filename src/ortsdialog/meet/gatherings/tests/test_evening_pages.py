"""The coordinator's buttons and pages for the evening: what they do, and whom they do not exist for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import queries
from ortsdialog.meet.gatherings.choices import GatheringState, Moderation
from ortsdialog.meet.gatherings.models import Announcement, Gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering


@pytest.fixture
def at_desk(sign_in: Any, alma: User) -> Client:
    return sign_in(alma)


@pytest.fixture
def evening(dialogue: Process) -> Gathering:
    return make_gathering(dialogue, rounds=2)


def url(name: str, gathering: Gathering, place: str = "altdorf") -> str:
    return reverse(f"gatherings:{name}", kwargs={"place": place, "pk": gathering.pk})


def stored(gathering: Gathering) -> Gathering:
    with open_place(gathering.place_id):
        return Gathering.objects.select_related("current_round").get(pk=gathering.pk)


def test_clock_and_break_by_button_lead_back_where_one_was(at_desk: Client, evening: Gathering) -> None:
    begun_round = stored(evening).current_round
    assert begun_round is not None
    answer = at_desk.post(url("desk-clock", evening), {"minutes": "5", "next": "/schreibtisch/altdorf/"})
    assert (answer.status_code, answer["Location"]) == (302, "/schreibtisch/altdorf/")
    after = stored(evening).current_round
    assert after is not None
    # The first round began an hour ago and lasts 35 minutes: five more count from now.
    assert queries.minutes_left(after) in (4, 5)
    answer = at_desk.post(url("desk-break", evening), {"next": "https://anderswo.example/"})
    assert answer["Location"] == url("desk-show", evening)
    assert stored(evening).current_round is None


@pytest.mark.parametrize("minutes", ["", "viel", "-", "99999", "--5", "²"])
def test_clock_with_nonsense_changes_nothing(at_desk: Client, evening: Gathering, minutes: str) -> None:
    at_desk.post(url("desk-clock", evening), {"minutes": minutes})
    after = stored(evening).current_round
    assert after is not None
    assert after.extra_minutes == 0


def test_announcement_page_sends_and_withdraws(at_desk: Client, evening: Gathering) -> None:
    page = at_desk.get(url("desk-announce", evening))
    assert page.status_code == 200
    assert 'name="text_ar"' in page.content.decode()
    refused = at_desk.post(url("desk-announce", evening), {"text": "", "text_ar": "البوفيه مفتوح"})
    assert refused.status_code == 422
    assert "البوفيه مفتوح" in refused.content.decode()
    at_desk.post(url("desk-announce", evening), {"text": "Das Buffet ist eröffnet.", "text_ar": "البوفيه مفتوح"})
    with open_place(evening.place_id):
        said = Announcement.objects.get()
    assert said.text.text_in("ar") == "البوفيه مفتوح"
    at_desk.post(reverse("gatherings:desk-withdraw", kwargs={"place": "altdorf", "pk": said.pk}))
    with open_place(evening.place_id):
        assert Announcement.objects.get().withdrawn_at is not None


def test_an_announcement_without_arabic_says_so(at_desk: Client, evening: Gathering) -> None:
    def said(**fields: str) -> list[str]:
        answer = at_desk.post(
            url("desk-announce", evening), {"text": "Das Buffet ist eröffnet.", **fields}, follow=True
        )
        return [str(message) for message in answer.context["messages"]]

    assert any("Noch nicht übersetzt: Arabisch" in words for words in said())
    assert not any("übersetzt" in words for words in said(text_ar="البوفيه مفتوح"))


def test_announcement_for_a_finished_event_is_explained(at_desk: Client, dialogue: Process) -> None:
    over = make_gathering(dialogue, slug="aus", state=GatheringState.CLOSED)
    assert at_desk.post(url("desk-announce", over), {"text": "Danke"}).status_code == 422


def test_moderation_page_explains_and_stores(at_desk: Client, evening: Gathering) -> None:
    page = at_desk.get(url("desk-moderation", evening))
    assert page.content.decode().count('type="radio"') == 3
    assert at_desk.post(url("desk-moderation", evening), {"moderation": "immer"}).status_code == 422
    assert at_desk.post(url("desk-moderation", evening), {"moderation": "new_devices"}).status_code == 302
    assert stored(evening).moderation == Moderation.NEW_DEVICES


def test_moderation_of_a_finished_event_stays(at_desk: Client, dialogue: Process) -> None:
    over = make_gathering(dialogue, slug="aus", state=GatheringState.CLOSED)
    assert at_desk.post(url("desk-moderation", over), {"moderation": "post"}).status_code == 200
    assert stored(over).moderation == Moderation.PRE


def test_rehearsal_page_begins_and_ends(at_desk: Client, dialogue: Process) -> None:
    coming = make_gathering(dialogue, slug="bald", state=GatheringState.PUBLISHED)
    assert 'value="begin"' in at_desk.get(url("desk-rehearsal", coming)).content.decode()
    answer = at_desk.post(url("desk-rehearsal", coming), {"deed": "begin"})
    assert answer["Location"] == reverse("capture:desk-evening", kwargs={"place": "altdorf", "pk": coming.pk})
    assert stored(coming).is_rehearsing
    assert 'value="end"' in at_desk.get(url("desk-rehearsal", coming)).content.decode()
    shown = at_desk.get(url("desk-show", coming)).content.decode()
    assert url("desk-rehearsal", coming) in shown
    assert f'action="{url("desk-start", coming)}"' not in shown
    at_desk.post(url("desk-rehearsal", coming), {"deed": "end"})
    assert not stored(coming).is_rehearsing


def test_rehearsal_page_of_a_running_event_offers_none(at_desk: Client, evening: Gathering) -> None:
    assert 'value="begin"' not in at_desk.get(url("desk-rehearsal", evening)).content.decode()
    assert at_desk.post(url("desk-rehearsal", evening), {"deed": "begin"})["Location"] == url("desk-show", evening)
    assert not stored(evening).is_rehearsing


PAGES = ["desk-break", "desk-clock", "desk-announce", "desk-rehearsal", "desk-moderation"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["nils", "kim"])
def test_pages_of_the_evening_do_not_exist_for_others(
    sign_in: Any, evening: Gathering, name: str, who: str, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.post(url(name, evening), {"minutes": "5", "text": "x", "moderation": "post"}).status_code == 404
    assert client.post(url(name, evening, place="neustadt")).status_code == 404


def test_withdrawing_another_towns_announcement_is_404(sign_in: Any, nils: User, evening: Gathering) -> None:
    with open_place(evening.place_id):
        said = Announcement.objects.create(place_id=evening.place_id, gathering=evening, text=evening.title)
    for place in ("altdorf", "neustadt"):
        path = reverse("gatherings:desk-withdraw", kwargs={"place": place, "pk": said.pk})
        assert sign_in(nils).post(path).status_code == 404
