"""Reads of statements and clusters. All but the receipt look-up need an open place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, allowed
from ortsdialog.kernel.language import SPOKEN_LANGUAGES, MultilingualText, State
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.meet.contributions.choices import Channel, ModerationState
from ortsdialog.meet.contributions.models import UNKNOWN_LANGUAGE, Cluster, Revision, Source, Statement
from ortsdialog.meet.contributions.receipts import read_receipt_code
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering, Table


def statements_in_the_hall(gathering: Gathering) -> QuerySet[Statement]:
    """What the live pages of an event (tables, hosts, walls, queue) work with: in a rehearsal only what belongs to it.

    Everything else asks `Statement.objects`, which never knows a rehearsal.
    """
    return Statement.everything.filter(gathering=gathering, rehearsal=gathering.is_rehearsing)


def approved_statements(gathering: Gathering) -> QuerySet[Statement]:
    """What the wall and the public see, the newest approval first."""
    return (
        statements_in_the_hall(gathering)
        .filter(state=ModerationState.APPROVED)
        .select_related("table", "round")
        .order_by("-moderated_at", "-received_at", "id")
    )


def pending_statements(where: Table | Gathering) -> QuerySet[Statement]:
    """What waits for approval at a table or in a whole gathering, the oldest first."""
    gathering = where.gathering if isinstance(where, Table) else where
    at_table = {"table": where} if isinstance(where, Table) else {}
    return (
        statements_in_the_hall(gathering)
        .filter(**at_table, state=ModerationState.PENDING)
        .select_related("table", "round__question")
        .order_by("received_at", "id")
    )


def languages_to_translate(text: MultilingualText, languages: Iterable[str]) -> list[str]:
    """Those of the languages in which a machine may write a version: none stands there, or an old one of a machine."""
    return [
        code
        for code in languages
        if code in SPOKEN_LANGUAGES
        and (
            text.state_of(code) is None
            or (text.state_of(code) is State.OUT_OF_DATE and text.versions[code].get("state") == State.MACHINE)
        )
    ]


def languages_of_event(gathering: Gathering) -> list[str]:
    """In which languages people read here: German, since the town works in it, and those the event names."""
    named = ["de" if code == "de-ls" else code for code in gathering.languages]
    return [code for code in dict.fromkeys(["de", *named]) if code in SPOKEN_LANGUAGES]


def unguessed_statements(closed_since: datetime, most: int) -> list[Statement]:
    """Of all towns: what no machine has looked at, of living events. The caller opens each one's place. Two queries.

    By event, since each of its statements is found by an index; one more index would cost every hand-in.
    """
    with across_places(reason=Reason.SCHEDULED_WORK):
        living = list(_living_gatherings(closed_since).values_list("pk", flat=True))
        rows = Statement.everything.filter(gathering_id__in=living, guessed_language="").select_related("place")
        return list(rows.order_by("received_at", "id")[:most]) if living else []


def gatherings_to_translate(closed_since: datetime) -> list[Gathering]:
    """Of all towns: living events whose statements go to the translation server."""
    with across_places(reason=Reason.SCHEDULED_WORK):
        found = _living_gatherings(closed_since).filter(machine_translation=True)
        return list(found.select_related("place").order_by("pk"))


def _living_gatherings(closed_since: datetime) -> QuerySet[Gathering]:
    """Where statements come in or are worked on: under way, in rehearsal, or over since then."""
    return Gathering.objects.filter(
        Q(state=GatheringState.RUNNING) | Q(is_rehearsing=True) | Q(closed_at__gte=closed_since)
    )


def statement_by_receipt(code: str) -> Statement | None:
    """The statement with this receipt code, however it was typed. The caller opens its place."""
    stored = read_receipt_code(code)
    if stored is None:
        return None
    with across_places(reason=Reason.CODE_LOOKUP):
        return (
            Statement.objects.filter(receipt_code=stored)
            .select_related("place", "process__programme", "gathering", "table", "round", "question", "cluster")
            .first()
        )


def statements_with_receipts(gathering: Gathering, codes: Collection[str]) -> list[Statement]:
    """Those of a gathering that somebody holds the receipts of, the newest first."""
    if not codes:
        return []
    return list(statements_in_the_hall(gathering).filter(receipt_code__in=codes).order_by("-received_at", "id"))


def clusters_with_counts(process: Process) -> QuerySet[Cluster]:
    """The clusters of a process with `statement_count` (approved statements)."""
    approved = Q(statements__state=ModerationState.APPROVED)
    return Cluster.objects.filter(process=process).annotate(statement_count=Count("statements", filter=approved))


def unsorted_statements(process: Process) -> QuerySet[Statement]:
    """Approved statements that stand in no cluster yet, the oldest first."""
    return (
        Statement.objects.filter(process=process, state=ModerationState.APPROVED, cluster=None)
        .select_related("table", "round", "gathering")
        .order_by("received_at", "id")
    )


def statements_of_process(process: Process, ids: Iterable[UUID]) -> list[Statement]:
    """Statements of one process by id; ids of other processes find nothing."""
    return list(Statement.objects.filter(process=process, pk__in=list(ids)).order_by("received_at", "id"))


@dataclass(frozen=True)
class StateCounts:
    """How many statements wait, are approved, are held back."""

    pending: int
    approved: int
    held: int

    @property
    def total(self) -> int:
        return self.pending + self.approved + self.held


def state_counts(statements: QuerySet[Statement]) -> StateCounts:
    """Counts by moderation state in one query."""
    rows = statements.order_by().values_list("state").annotate(number=Count("pk"))
    found = dict(rows)
    return StateCounts(
        pending=found.get(ModerationState.PENDING, 0),
        approved=found.get(ModerationState.APPROVED, 0),
        held=found.get(ModerationState.HELD, 0),
    )


def wordings_of(statement: Statement) -> list[Revision]:
    """All wordings of a statement, also those that came too late, the newest first; empty where nobody reworded it."""
    return list(Revision.objects.filter(statement=statement).order_by("-id"))


@dataclass(frozen=True)
class Rewording:
    """What was said, and the wording that counts now, where it has other words."""

    first: Revision
    latest: Revision


def rewording_of(statement: Statement) -> Rewording | None:
    """How the words of a statement were changed; None where they are those that were said. At most one query."""
    if statement.version == 1:
        return None
    rows = {r.version: r for r in Revision.objects.filter(statement=statement, version__in=[1, statement.version])}
    if len(rows) < 2 or rows[1].text.original_text == statement.text.original_text:
        return None
    return Rewording(rows[1], rows[statement.version])


@dataclass(frozen=True)
class StatementFilter:
    """What the desk's list is narrowed to; empty parts narrow nothing."""

    process: str = ""
    gathering: str = ""
    table: str = ""
    round: str = ""
    kind: str = ""
    state: str = ""
    cluster: str = ""
    language: str = ""
    channel: str = ""
    special: str = ""
    words: str = ""

    def apply(self, statements: QuerySet[Statement]) -> QuerySet[Statement]:
        """Narrow the list. A part that makes no sense finds nothing; it is never ignored."""
        if self.process:
            statements = statements.filter(process__slug=self.process)
        for field in ("gathering", "table", "round"):
            value = getattr(self, field)
            if value:
                statements = statements.filter(**{f"{field}_id": _number(value)})
        if self.kind:
            statements = statements.filter(kind=self.kind)
        if self.state:
            statements = statements.filter(state=self.state)
        if self.cluster == "ohne":
            statements = statements.filter(cluster=None)
        elif self.cluster:
            statements = statements.filter(cluster__number=_number(self.cluster))
        if self.language:
            statements = statements.filter(text__original=self.language)
        if self.channel:
            statements = statements.filter(channel=self.channel)
        if self.special:
            narrowed = _SPECIAL.get(self.special)
            statements = narrowed(statements) if narrowed else statements.none()
        if self.words:
            statements = statements.filter(_contains(self.words))
        return statements


def _with_doubt(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """Where a machine takes the words for another language, and nobody has looked."""
    guessed = statements.exclude(guessed_language__in=["", UNKNOWN_LANGUAGE])
    return guessed.annotate(spoken=KT("text__original")).exclude(spoken=F("guessed_language"))


def _with_unchecked(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    machine = Q()
    for language in SPOKEN_LANGUAGES:
        machine |= Q(**{f"text__versions__{language}__state": State.MACHINE.value})
    return statements.filter(machine)


_SPECIAL: dict[str, Callable[[QuerySet[Statement]], QuerySet[Statement]]] = {
    "gedolmetscht": lambda statements: statements.filter(interpreted=True),
    "sprache": _with_doubt,
    "ungeprueft": _with_unchecked,
    "hinweis": lambda statements: statements.exclude(hints=[]),
}


def _number(written: str) -> int:
    """A key from an address; what is none finds nothing."""
    return int(written) if written.isdecimal() and len(written) < 10 else -1


def _contains(words: str) -> Q:
    """The words in any version of the text, or the receipt code itself."""
    condition = Q()
    for language in SPOKEN_LANGUAGES:
        condition |= Q(**{f"text__versions__{language}__text__icontains": words})
    code = read_receipt_code(words)
    return condition | Q(receipt_code=code) if code else condition


def visible_statements(actor: Actor, place: Place) -> QuerySet[Statement]:
    """The open town's statements for this person: who only looks sees what everybody sees."""
    if allowed(actor, "contributions.see_unapproved", place):
        return town_statements()
    return town_statements().filter(state=ModerationState.APPROVED)


def town_statements() -> QuerySet[Statement]:
    """All statements of the open town, the newest first, with what a list shows of them."""
    return Statement.objects.select_related("process", "gathering", "table", "round", "cluster", "source").order_by(
        "-received_at", "id"
    )


@dataclass(frozen=True)
class ChannelCounts:
    """How many statements came by which way."""

    phone: int
    host: int
    paper: int

    @property
    def total(self) -> int:
        return self.phone + self.host + self.paper


def counts_by_channel(where: Table | Gathering) -> ChannelCounts:
    """How the statements of a table or of a whole gathering came in. One query."""
    gathering = where.gathering if isinstance(where, Table) else where
    statements = statements_in_the_hall(gathering)
    if isinstance(where, Table):
        statements = statements.filter(table=where)
    found = dict(statements.order_by().values_list("channel").annotate(number=Count("pk")))
    return ChannelCounts(
        phone=found.get(Channel.PHONE, 0), host=found.get(Channel.HOST, 0), paper=found.get(Channel.PAPER, 0)
    )


def sources_of(where: Table | Gathering) -> QuerySet[Source]:
    """The photos of a gathering or of one table, with `statement_count`, by number; in a rehearsal only its own."""
    gathering = where.gathering if isinstance(where, Table) else where
    sources = Source.objects.filter(gathering=gathering, rehearsal=gathering.is_rehearsing)
    if isinstance(where, Table):
        sources = sources.filter(table=where)
    return sources.select_related("table", "round").annotate(statement_count=Count("statements")).order_by("number")


def names_of_pictures() -> set[str]:
    """The stored pictures of all towns: what must not be swept up."""
    with across_places(reason=Reason.SITE_MAINTENANCE):
        return set(Source.objects.values_list("picture", flat=True))
