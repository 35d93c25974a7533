"""Reads of events, tables and rounds that more than one page needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import NextStep
from ortsdialog.kernel.language.versions import StoredText, texts_of_row
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import read_table_code
from ortsdialog.meet.gatherings.conditions import missing_for_announcement
from ortsdialog.meet.gatherings.models import Announcement, Gathering, Round, Table

# More at once would push the question off a phone's screen.
ANNOUNCEMENTS_SHOWN = 3
# At the desk the event that is under way stands first, then the latest.
_LIKELIEST_FIRST = (
    Case(When(state=GatheringState.RUNNING, then=Value(0)), default=Value(1), output_field=IntegerField()),
    "-starts_at",
    "-id",
)


def gatherings(place: Place) -> QuerySet[Gathering]:
    """All events of the town, drafts too, with their tables counted: what is under way, then the latest first."""
    return (
        Gathering.objects.filter(place=place)
        .select_related("place", "process", "process__place")
        .annotate(tables_count=Count("tables", distinct=True))
        .order_by(*_LIKELIEST_FIRST)
    )


def gatherings_of_process(process: Process) -> QuerySet[Gathering]:
    """A dialogue's events, drafts too: what is under way, then the latest first."""
    return Gathering.objects.filter(process=process).order_by(*_LIKELIEST_FIRST)


def texts_of_gathering(gathering: Gathering) -> list[StoredText]:
    """What the event's pages, signs and wall say, to be written in further languages. Two queries."""
    texts = texts_of_row(gathering, "title", "about", "how_to_take_part", group=_("The event"))
    for question in gathering.questions.order_by("number"):
        texts += texts_of_row(question, "text", group=_("Guiding questions"))
    for table in gathering.tables.order_by("number"):
        texts += texts_of_row(table, "theme", group=_("Tables"))
    return texts


def public_gatherings(of: Process | Place) -> QuerySet[Gathering]:
    """The announced events of a public dialogue or of a town, in the order of time."""
    chosen = Gathering.objects.filter(process=of) if isinstance(of, Process) else Gathering.objects.filter(place=of)
    return (
        chosen.filter(published_at__isnull=False, process__published_at__isnull=False)
        .select_related("place", "process", "process__place")
        .order_by("starts_at", "id")
    )


def upcoming_gatherings(of: Process | Place) -> QuerySet[Gathering]:
    """Announced events that are still to come or under way, the next one first."""
    return public_gatherings(of).filter(state__in=[GatheringState.PUBLISHED, GatheringState.RUNNING])


def public_gathering(place: Place, process_slug: str, slug: str) -> Gathering | None:
    """An announced event by its address; None for a draft."""
    return public_gatherings(place).filter(process__slug=process_slug, slug=slug).first()


def table_by_code(code: str) -> Table | None:
    """The table behind the code on a sign, however it was typed; None for an unknown one or a draft's."""
    return _table(code=read_table_code(code))


def table_by_host_key(key: str) -> Table | None:
    """The table that the holder of this key leads; None for an unknown one."""
    return _table(host_key=key)


def _table(**lookup: str) -> Table | None:
    if not all(lookup.values()):
        return None
    with across_places(reason=Reason.CODE_LOOKUP):
        return (
            Table.objects.select_related(
                "place", "gathering", "gathering__place", "gathering__process", "gathering__current_round__question"
            )
            .filter(gathering__published_at__isnull=False, **lookup)
            .first()
        )


def next_round(gathering: Gathering) -> Round | None:
    """The round that follows the running one, in a break the one that ran last; None after the last one."""
    return round_after(gathering, list(gathering.rounds.select_related("question")))


def round_after(gathering: Gathering, rounds: list[Round]) -> Round | None:
    """The same among rounds that are at hand. No query."""
    begun = [round for round in rounds if round.started_at is not None]
    last = max(begun, key=lambda round: round.started_at or gathering.starts_at, default=None)
    before = next((round for round in rounds if round.pk == gathering.current_round_id), last)
    later = [round for round in rounds if before is None or round.number > before.number]
    return min(later, key=lambda round: round.number, default=None)


def minutes_left(round: Round | None) -> int | None:
    """Whole minutes until the round should end; 0 when it is over time, None while no clock runs."""
    if round is None or round.ends_at is None:
        return None
    return max(0, -(-int((round.ends_at - timezone.now()).total_seconds()) // 60))


def minutes_over(round: Round) -> int:
    """How many whole minutes ago the round should have ended; 0 while it has time left."""
    if round.ends_at is None:
        return 0
    return max(0, int((timezone.now() - round.ends_at).total_seconds()) // 60)


def current_announcements(gathering: Gathering) -> list[Announcement]:
    """What the coordinator has to say to all tables just now, the newest first. One query."""
    current = gathering.announcements.filter(withdrawn_at=None, rehearsal=gathering.is_rehearsing)
    return list(current[:ANNOUNCEMENTS_SHOWN])


def next_steps(gathering: Gathering) -> list[NextStep]:
    """What the coordinator does next with this event."""
    show = _desk_url("gatherings:desk-show", gathering)
    if gathering.process.is_archived:
        return []
    if gathering.state == GatheringState.DRAFT:
        missing: list[Any] = missing_for_announcement(gathering)
        if missing:
            return [NextStep(reason, "") for reason in missing]
        return [NextStep(_("Announce the event"), _desk_url("gatherings:desk-publish", gathering), gathering.title)]
    if gathering.is_rehearsing:
        return [NextStep(_("End the rehearsal"), _desk_url("gatherings:desk-rehearsal", gathering), gathering.title)]
    if gathering.state == GatheringState.PUBLISHED:
        steps = [NextStep(_("Print table signs and host cards"), _desk_url("gatherings:desk-print", gathering))]
        hosts_missing = gathering.tables.filter(host_name="").count()
        if hosts_missing:
            steps.append(
                NextStep(
                    _("Find hosts for all tables"),
                    _desk_url("gatherings:desk-edit", gathering),
                    _("%(count)d without a host") % {"count": hosts_missing},
                )
            )
        if timezone.localtime(gathering.starts_at).date() <= timezone.localdate():
            steps.insert(0, NextStep(_("Start the event: open the tables"), show))
        return steps
    if gathering.state == GatheringState.RUNNING:
        # The page belongs to a floor above, which knows devices and statements.
        return [NextStep(_("Lead through the evening"), _desk_url("capture:desk-evening", gathering))]
    if gathering.counted_guests is None:
        return [NextStep(_("Enter how many guests came"), show, _("It is the one official count."))]
    return []


def _desk_url(name: str, gathering: Gathering) -> str:
    return reverse(name, kwargs={"place": gathering.place.slug, "pk": gathering.pk})
