"""The clock, breaks, announcements, the choice of moderation and the rehearsal: done, refused, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import State
from ortsdialog.kernel.live.events import LiveEvent
from ortsdialog.meet.gatherings import actions, queries
from ortsdialog.meet.gatherings.choices import GatheringState, Moderation
from ortsdialog.meet.gatherings.models import Announcement, Gathering, Round
from ortsdialog.meet.gatherings.signals import rehearsal_ended
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def live_names(gathering: Gathering) -> list[str]:
    topic = f"gathering:{gathering.pk}"
    return list(LiveEvent.objects.filter(topic=topic).order_by("id").values_list("name", flat=True))


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("code", flat=True))


@pytest.fixture
def first(running: Gathering, as_alma: Actor) -> Round:
    """The first of two rounds, 35 minutes, begun just now."""
    return actions.start_round(actor=as_alma, gathering=running)


def begun(round: Round, minutes_ago: float) -> None:
    round.started_at = timezone.now() - timedelta(minutes=minutes_ago)
    round.save(update_fields=["started_at"])


# ---- Clock ---------------------------------------------------------------------------------------


def test_extend_round_moves_the_end_and_tells_the_hall(running: Gathering, first: Round, as_alma: Actor) -> None:
    assert queries.minutes_left(first) == 35
    longer = actions.extend_round(actor=as_alma, gathering=running, minutes=5)
    assert queries.minutes_left(longer) == 40
    shorter = actions.extend_round(actor=as_alma, gathering=running, minutes=-10)
    assert (queries.minutes_left(shorter), shorter.duration_minutes, shorter.extra_minutes) == (30, 35, -5)
    assert running.current_round == shorter
    entry = AuditEntry.objects.filter(code="gatherings.extend_round").latest("id")
    assert entry.detail == {"round": 1, "minutes": -10}
    assert live_names(running)[-2:] == ["round", "round"]


def test_extend_round_counts_a_press_that_somebody_else_made_meanwhile(
    running: Gathering, first: Round, as_alma: Actor
) -> None:
    mine = Gathering.objects.get(pk=running.pk)
    assert mine.current_round is not None
    actions.extend_round(actor=as_alma, gathering=running, minutes=5)
    assert actions.extend_round(actor=as_alma, gathering=mine, minutes=5).extra_minutes == 10


def test_extend_round_after_its_end_counts_from_now(running: Gathering, first: Round, as_alma: Actor) -> None:
    begun(first, 47.2)
    assert (queries.minutes_left(first), queries.minutes_over(first)) == (0, 12)
    with pytest.raises(NotReady):
        actions.extend_round(actor=as_alma, gathering=running, minutes=-5)
    assert queries.minutes_left(actions.extend_round(actor=as_alma, gathering=running, minutes=5)) == 5


def test_extend_round_takes_no_more_than_is_left(running: Gathering, first: Round, as_alma: Actor) -> None:
    begun(first, 33)
    assert queries.minutes_left(actions.extend_round(actor=as_alma, gathering=running, minutes=-60)) == 0


@pytest.mark.parametrize("minutes", [0, 61, -61])
def test_extend_round_by_a_senseless_number_is_refused(
    running: Gathering, first: Round, as_alma: Actor, minutes: int
) -> None:
    with pytest.raises(NotReady):
        actions.extend_round(actor=as_alma, gathering=running, minutes=minutes)


def test_extend_round_without_end_is_refused(running: Gathering, first: Round, as_alma: Actor) -> None:
    for _hour in range(4):
        actions.extend_round(actor=as_alma, gathering=running, minutes=60)
    with pytest.raises(NotReady):
        actions.extend_round(actor=as_alma, gathering=running, minutes=1)


def test_extend_round_without_a_running_round_is_refused(
    running: Gathering, prepared: Gathering, as_alma: Actor
) -> None:
    with pytest.raises(NotReady):
        actions.extend_round(actor=as_alma, gathering=running, minutes=5)
    waiting = make_gathering(prepared.process, slug="spaeter", state=GatheringState.PUBLISHED)
    with pytest.raises(NotReady):
        actions.extend_round(actor=as_alma, gathering=waiting, minutes=5)


def test_end_round_makes_a_break_and_the_next_round_follows(running: Gathering, first: Round, as_alma: Actor) -> None:
    actions.end_round(actor=as_alma, gathering=running)
    first.refresh_from_db()
    assert (running.current_round, running.takes_statements) == (None, True)
    assert first.ended_at is not None
    actions.end_round(actor=as_alma, gathering=running)
    following = queries.next_round(running)
    assert following is not None
    assert following.number == 2
    second = actions.start_round(actor=as_alma, gathering=running)
    assert second.number == 2
    assert codes().count("gatherings.end_round") == 1


def test_start_round_again_begins_with_the_planned_minutes(running: Gathering, first: Round, as_alma: Actor) -> None:
    actions.extend_round(actor=as_alma, gathering=running, minutes=20)
    actions.start_round(actor=as_alma, gathering=running)
    back = actions.start_round(actor=as_alma, gathering=running, round=Round.objects.get(pk=first.pk))
    assert (back.extra_minutes, queries.minutes_left(back)) == (0, 35)


def test_clock_without_a_round_shows_nothing(running: Gathering) -> None:
    assert queries.minutes_left(None) is None
    unbegun = running.rounds.get(number=2)
    assert (queries.minutes_left(unbegun), queries.minutes_over(unbegun)) == (None, 0)


# ---- Announcements -----------------------------------------------------------------------------------


def test_send_announcement_in_two_languages_stands_until_withdrawn(running: Gathering, as_alma: Actor) -> None:
    said = actions.send_announcement(
        actor=as_alma,
        gathering=running,
        text="  Das Buffet ist\neröffnet. ",
        versions={"ar": "البوفيه مفتوح", "uk": " "},
    )
    assert said.text.original_text == "Das Buffet ist eröffnet."
    assert (said.text.text_in("ar"), said.text.state_of("ar"), set(said.text.versions)) == (
        "البوفيه مفتوح",
        State.CHECKED,
        {"de", "ar"},
    )
    assert queries.current_announcements(running) == [said]
    assert live_names(running)[-1] == "announcement"
    actions.withdraw_announcement(actor=as_alma, announcement=said)
    actions.withdraw_announcement(actor=as_alma, announcement=said)
    assert queries.current_announcements(running) == []
    assert codes()[-2:] == ["gatherings.send_announcement", "gatherings.withdraw_announcement"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"text": "  "}, "empty"),
        ({"text": "x" * 201}, "too_long"),
        ({"text": "Pause", "language": "xx"}, "language"),
        ({"text": "Pause", "versions": {"ar": "x" * 201}}, "too_long"),
    ],
)
def test_send_announcement_with_unfit_words_is_refused(
    running: Gathering, as_alma: Actor, words: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.send_announcement(actor=as_alma, gathering=running, **words)
    assert refusal.value.code == code
    assert Announcement.objects.count() == 0


def test_announcements_end_with_the_event(running: Gathering, as_alma: Actor) -> None:
    actions.send_announcement(actor=as_alma, gathering=running, text="Noch fünf Minuten.")
    actions.close_gathering(actor=as_alma, gathering=running)
    assert queries.current_announcements(running) == []
    with pytest.raises(NotReady):
        actions.send_announcement(actor=as_alma, gathering=running, text="Zu spät")
    actions.reopen_gathering(actor=as_alma, gathering=running)
    assert queries.current_announcements(running) == []


def test_current_announcements_shows_the_newest_three(
    running: Gathering, as_alma: Actor, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        actions.send_announcement(actor=as_alma, gathering=running, text=f"Durchsage {number}")
    with django_assert_num_queries(1):
        shown = [str(one) for one in queries.current_announcements(running)]
    assert shown == ["Durchsage 4", "Durchsage 3", "Durchsage 2"]
    actions.withdraw_announcement(actor=as_alma, announcement=queries.current_announcements(running)[0])
    assert [str(one) for one in queries.current_announcements(running)] == ["Durchsage 3", "Durchsage 2"]


# ---- Moderation and rehearsal ------------------------------------------------------------------------


def test_set_moderation_is_logged_once_and_ends_with_the_event(running: Gathering, as_alma: Actor) -> None:
    actions.set_moderation(actor=as_alma, gathering=running, moderation=Moderation.POST)
    actions.set_moderation(actor=as_alma, gathering=running, moderation="post")
    running.refresh_from_db()
    assert running.moderation == "post"
    (entry,) = AuditEntry.objects.filter(code="gatherings.set_moderation")
    assert entry.detail == {"from": "pre", "to": "post"}
    with pytest.raises(ValueError, match="sofort"):
        actions.set_moderation(actor=as_alma, gathering=running, moderation="sofort")
    actions.close_gathering(actor=as_alma, gathering=running)
    with pytest.raises(NotReady):
        actions.set_moderation(actor=as_alma, gathering=running, moderation="pre")


@pytest.fixture
def announced(prepared: Gathering, as_alma: Actor) -> Gathering:
    return actions.publish_gathering(actor=as_alma, gathering=prepared)


def test_rehearsal_leaves_two_entries_and_everything_as_planned(announced: Gathering, as_alma: Actor) -> None:
    kept = actions.send_announcement(actor=as_alma, gathering=announced, text="Wir beginnen um 18 Uhr.")
    before = codes()
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    assert announced.takes_statements
    assert queries.current_announcements(announced) == []
    actions.start_round(actor=as_alma, gathering=announced)
    actions.extend_round(actor=as_alma, gathering=announced, minutes=5)
    said = actions.send_announcement(actor=as_alma, gathering=announced, text="Nur eine Probe")
    actions.withdraw_announcement(actor=as_alma, announcement=said)
    actions.end_round(actor=as_alma, gathering=announced)
    actions.start_round(actor=as_alma, gathering=announced)
    actions.end_rehearsal(actor=as_alma, gathering=announced)
    actions.end_rehearsal(actor=as_alma, gathering=announced)
    announced.refresh_from_db()
    assert (announced.state, announced.is_rehearsing, announced.current_round) == (
        GatheringState.PUBLISHED,
        False,
        None,
    )
    assert list(announced.rounds.values_list("started_at", "ended_at", "extra_minutes")) == [(None, None, 0)] * 2
    assert list(Announcement.objects.all()) == [kept]
    assert codes() == [*before, "gatherings.begin_rehearsal", "gatherings.end_rehearsal"]
    # Only the call to look again, for screens that are still open.
    assert live_names(announced) == ["round"]


def test_rehearsal_of_a_draft_or_of_a_running_event_is_refused(
    prepared: Gathering, as_alma: Actor, dialogue: Process
) -> None:
    for gathering in (
        prepared,
        make_gathering(dialogue, slug="laeuft"),
        make_gathering(dialogue, slug="aus", state="closed"),
    ):
        with pytest.raises(NotReady):
            actions.begin_rehearsal(actor=as_alma, gathering=gathering)


def test_event_cannot_begin_nor_end_during_its_rehearsal(announced: Gathering, as_alma: Actor) -> None:
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    for change in (actions.start_gathering, actions.close_gathering):
        with translation.override("en"), pytest.raises(NotReady, match="rehearsal"):
            change(actor=as_alma, gathering=announced)
    actions.end_rehearsal(actor=as_alma, gathering=announced)
    assert actions.start_gathering(actor=as_alma, gathering=announced).takes_statements


def test_event_and_its_rehearsal_at_the_same_moment_do_not_both_begin(announced: Gathering, as_alma: Actor) -> None:
    """Each page was opened before the other button was pressed."""
    seen_before = [Gathering.objects.get(pk=announced.pk) for _ in range(4)]
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    for change in (actions.start_gathering, actions.close_gathering):
        with translation.override("en"), pytest.raises(NotReady, match="rehearsal"):
            change(actor=as_alma, gathering=seen_before.pop())
    actions.end_rehearsal(actor=as_alma, gathering=announced)
    actions.start_gathering(actor=as_alma, gathering=announced)
    before = codes()
    with translation.override("en"), pytest.raises(NotReady, match="under way"):
        actions.begin_rehearsal(actor=as_alma, gathering=seen_before.pop())
    # The second press is no second start.
    assert actions.start_gathering(actor=as_alma, gathering=seen_before.pop()).takes_statements
    announced.refresh_from_db()
    assert (announced.state, announced.is_rehearsing, codes()) == (GatheringState.RUNNING, False, before)


def test_end_rehearsal_of_an_event_under_way_is_refused_and_deletes_nothing(
    running: Gathering, first: Round, as_alma: Actor
) -> None:
    Gathering.objects.filter(pk=running.pk).update(is_rehearsing=True)
    with pytest.raises(NotReady):
        actions.end_rehearsal(actor=as_alma, gathering=running)
    first.refresh_from_db()
    assert first.started_at is not None


def test_close_gathering_ends_the_round_that_began_meanwhile(running: Gathering, first: Round, as_alma: Actor) -> None:
    late = Gathering.objects.get(pk=running.pk)
    second = actions.start_round(actor=as_alma, gathering=running)
    actions.close_gathering(actor=as_alma, gathering=late)
    second.refresh_from_db()
    assert second.ended_at is not None


def test_what_comes_as_the_rehearsal_ends_is_refused_and_leaves_nothing(announced: Gathering, as_alma: Actor) -> None:
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    actions.start_round(actor=as_alma, gathering=announced)
    late = Gathering.objects.get(pk=announced.pk)
    actions.end_rehearsal(actor=as_alma, gathering=announced)
    before = codes()
    for change in (
        lambda: actions.start_round(actor=as_alma, gathering=late),
        lambda: actions.extend_round(actor=as_alma, gathering=late, minutes=5),
        lambda: actions.end_round(actor=as_alma, gathering=late),
        lambda: actions.send_announcement(actor=as_alma, gathering=late, text="Zu spät"),
    ):
        with pytest.raises(NotReady):
            change()
    announced.refresh_from_db()
    assert (announced.current_round, Announcement.objects.count(), codes()) == (None, 0, before)
    assert set(announced.rounds.values_list("started_at", "extra_minutes")) == {(None, 0)}


def test_end_rehearsal_is_taken_back_where_a_listener_fails(announced: Gathering, as_alma: Actor) -> None:
    actions.begin_rehearsal(actor=as_alma, gathering=announced)
    actions.start_round(actor=as_alma, gathering=announced)

    def fail(**_: Any) -> None:
        raise RuntimeError("disk")

    rehearsal_ended.connect(fail, weak=False)
    try:
        with pytest.raises(RuntimeError):
            actions.end_rehearsal(actor=as_alma, gathering=announced)
    finally:
        rehearsal_ended.disconnect(fail)
    stored = Gathering.objects.get(pk=announced.pk)
    assert (stored.is_rehearsing, stored.current_round_id is not None) == (True, True)
    assert "gatherings.end_rehearsal" not in codes()


@pytest.mark.parametrize("name", ["as_nils", "as_kim"])
def test_evening_without_right_is_refused(running: Gathering, name: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(name)
    said = Announcement.objects.create(place_id=running.place_id, gathering=running, text=running.title)
    for change in (
        lambda: actions.extend_round(actor=actor, gathering=running, minutes=5),
        lambda: actions.end_round(actor=actor, gathering=running),
        lambda: actions.send_announcement(actor=actor, gathering=running, text="Nein"),
        lambda: actions.withdraw_announcement(actor=actor, announcement=said),
        lambda: actions.begin_rehearsal(actor=actor, gathering=running),
        lambda: actions.end_rehearsal(actor=actor, gathering=running),
        lambda: actions.set_moderation(actor=actor, gathering=running, moderation="post"),
    ):
        with pytest.raises(NotAllowed):
            change()
