"""What the host's page shows: where the evening is, what was said at the table, and who is connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from ortsdialog.kernel.language import Version, html_lang
from ortsdialog.meet.capture.queries import Phase, channels_of, devices_at, phase_of
from ortsdialog.meet.capture.web.cookies import written_here
from ortsdialog.meet.capture.web.host_door import host_address
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.queries import pending_statements, state_counts, statements_in_the_hall
from ortsdialog.meet.gatherings.models import Gathering, Round, Table
from ortsdialog.meet.gatherings.queries import current_announcements

# In the address after writing something down: its receipt is shown large.
ARRIVED = "angekommen"
DECIDED_SHOWN = 5
PER_PAGE = 20


@dataclass(frozen=True)
class Clock:
    """How much of the round is left, by the server's time."""

    seconds: int

    @property
    def minutes(self) -> int:
        """Whole minutes, the begun one counted; 0 when the time is up."""
        return max(0, -(-self.seconds // 60))

    @property
    def is_over(self) -> bool:
        return self.seconds <= 0


def clock_of(round: Round | None) -> Clock | None:
    """None while nobody has started the round's clock."""
    if round is None or round.ends_at is None:
        return None
    return Clock(int((round.ends_at - timezone.now()).total_seconds()))


def question_versions(round: Round | None, gathering: Gathering) -> list[Version]:
    """The guiding question in the reader's language first, then in each language of the event that it exists in."""
    if round is None:
        return []
    text = round.question.text
    wanted = [text.in_language().language, "de", *gathering.languages]
    return [text.in_language(code) for code in dict.fromkeys(wanted) if text.state_of(code) is not None]


def glance(request: HttpRequest, table: Table) -> dict[str, Any]:
    gathering = table.gathering
    current = gathering.current_round
    statements = statements_in_the_hall(gathering).filter(table=table)
    shown = statements.select_related("table", "round").order_by("-received_at", "id")
    decided = shown.exclude(state=ModerationState.PENDING).exclude(moderated_at=None).order_by("-moderated_at", "id")
    written = _written(request, table)
    return {
        "table": table,
        "gathering": gathering,
        "round": current,
        "rounds": gathering.rounds.count(),
        "phase": phase_of(gathering),
        "clock": clock_of(current) if phase_of(gathering) == Phase.OPEN else None,
        "questions": question_versions(current, gathering),
        "reader": html_lang(get_language()).split("-")[0],
        "announcements": current_announcements(gathering),
        "waiting": list(pending_statements(table)),
        "decided": decided[:DECIDED_SHOWN],
        "counts": state_counts(statements),
        "channels": channels_of(table),
        "devices": list(devices_at(table)),
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("seite")),
        # Receipts are the guests': only of what was written down here, to be handed on.
        "written": written,
        "arrived": written[0] if written and ARRIVED in request.GET and request.method == "GET" else None,
        "for_guest": True,
        "back": host_address(table),
    }


def _written(request: HttpRequest, table: Table) -> list[Statement]:
    """What this device has written down lately, the newest first."""
    ids = written_here(request)
    if not ids:
        return []
    found = statements_in_the_hall(table.gathering).filter(table=table, channel=Channel.HOST).in_bulk(ids)
    return [found[key] for key in ids if key in found]
