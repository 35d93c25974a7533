"""The events of a dialogue, as they stand on its desk page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortsdialog.ground.process.choices import BlockState
from ortsdialog.ground.process.models import BuildingBlock, Process
from ortsdialog.ground.process.queries import NextStep
from ortsdialog.ground.process.workplaces import Doorway, Workplace
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.queries import gatherings_of_process

EVENTS_SHOWN = 5
# Blocks of the programmes in which people meet, and how long before their beginning one thinks of the event:
# three weeks of public notice, and the time to find hosts and rooms.
EVENT_BLOCKS = {"event", "dialogue"}
TIME_TO_PREPARE = timedelta(weeks=8)


def describe_events(process: Process) -> list[Doorway]:
    """The events with state and date, and the way to the next one. One query."""
    found = list(gatherings_of_process(process)[: EVENTS_SHOWN + 1])
    lines = [_line(process, gathering) for gathering in found[:EVENTS_SHOWN]]
    if len(found) > EVENTS_SHOWN:
        lines.append(Doorway(_("All events"), reverse("gatherings:desk-list", kwargs={"place": process.place.slug})))
    if not process.is_archived:
        lines.append(
            Doorway(_("Prepare an event"), _new_event_url(process), permission="gatherings.edit_gathering"),
        )
    elif not found:
        lines.append(Doorway(_("No event.")))
    return lines


def _line(process: Process, gathering: Gathering) -> Doorway:
    day = date_format(timezone.localtime(gathering.starts_at), "DATE_FORMAT")
    url = reverse("gatherings:desk-show", kwargs={"place": process.place.slug, "pk": gathering.pk})
    return Doorway(gathering.title, url, f"{GatheringState(gathering.state).label}, {day}")


def event_to_prepare(process: Process, blocks: Sequence[BuildingBlock]) -> list[NextStep]:
    """A step when the block in which people meet is near and no event stands yet. At most one query."""
    block = next((block for block in blocks if block.key in EVENT_BLOCKS), None)
    if block is None or block.state == BlockState.DONE or not _is_near(block, blocks):
        return []
    if Gathering.objects.filter(process=process).exists():
        return []
    return [NextStep(_("Prepare the event"), _new_event_url(process), block.title)]


def _is_near(block: BuildingBlock, blocks: Sequence[BuildingBlock]) -> bool:
    if block.state == BlockState.RUNNING:
        return True
    if block.starts_on is not None:
        return block.starts_on <= timezone.localdate() + TIME_TO_PREPARE
    return all(earlier.state == BlockState.DONE for earlier in blocks if earlier.number < block.number)


def _new_event_url(process: Process) -> str:
    return reverse("gatherings:desk-create", kwargs={"place": process.place.slug, "pk": process.pk})


EVENTS = Workplace(
    gettext_lazy("Events"), "gatherings.see_gathering", order=10, describe=describe_events, steps=event_to_prepare
)
