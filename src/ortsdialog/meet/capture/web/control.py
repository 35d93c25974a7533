"""The event's control room: the evening on one screen, for whoever leads it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access.doors import desk
from ortsdialog.meet.capture.evening import SILENT_AFTER, evening_now
from ortsdialog.meet.capture.queries import channels_of, phase_of
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.queries import current_announcements, minutes_left, minutes_over, round_after

LAST_MINUTES = 3


@desk("gatherings.run_gathering", Gathering)
@require_safe
def evening(request: HttpRequest, *, place: Place, gathering: Gathering) -> HttpResponse:
    """Tables, clock, queue, announcements, walls. Looks itself up anew every few seconds; without script by a link."""
    rounds = list(gathering.rounds.select_related("question").order_by("number"))
    current = next((round for round in rounds if round.pk == gathering.current_round_id), None)
    left = minutes_left(current)
    now = evening_now(gathering)
    return render(
        request,
        "capture/desk/evening.html",
        {
            "place": place,
            # It stands beneath the events, not beside the walls.
            "room": "gatherings",
            "process": gathering.process,
            "gathering": gathering,
            "now": now,
            "silent_minutes": int(SILENT_AFTER.total_seconds()) // 60,
            "phase": phase_of(gathering),
            "round": current,
            "rounds": rounds,
            "next_round": round_after(gathering, rounds),
            "minutes_left": left,
            "minutes_over": minutes_over(current) if current is not None else 0,
            "is_nearly_up": left is not None and left <= LAST_MINUTES,
            "announcements": current_announcements(gathering),
            "may_announce": gathering.state in (GatheringState.PUBLISHED, GatheringState.RUNNING),
            "channels": channels_of(gathering),
            "walls": list(gathering.walls.order_by("number")),
            "next": reverse("capture:desk-evening", kwargs={"place": place.slug, "pk": gathering.pk}),
            # Any table's stream tells what happens in the whole hall.
            "stream_code": now.tables[0].table.code if now.tables else "",
        },
    )
