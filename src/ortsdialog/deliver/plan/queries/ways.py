"""Der Weg, worked out: how far a statement, a measure, a dialogue, a programme has come.

Only plans that are public count: until then a statement has been sorted, and no further. Of several
measures that follow from one statement the one that has come furthest decides, and "not possible" is
the end only if nothing else came of it. A measure that the owner declined is still a proposal, told
with her answer, since somebody else can be asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import Measure, MeasureChange, MeasureOrigin
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.kernel.tenancy import Reason, across_places
from ortsdialog.kernel.ui.way import Way, way_of_many, way_of_one
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement

NOT_POSSIBLE, PROPOSED, TAKEN_ON, DONE = 0, 1, 2, 3
# How far each state has come on the way.
STANDING: dict[str, int] = {
    MeasureState.NOT_POSSIBLE: NOT_POSSIBLE,
    MeasureState.PROPOSED: PROPOSED,
    MeasureState.ASKED: PROPOSED,
    MeasureState.DECLINED: PROPOSED,
    MeasureState.ACCEPTED: TAKEN_ON,
    MeasureState.RUNNING: TAKEN_ON,
    MeasureState.DONE: DONE,
}


def measures_of_statement(statement: Statement) -> list[Measure]:
    """The public measures that follow from a statement, the one that has come furthest first.

    Each with its plan, process and field at hand, and its history in `changes.all()`. Two queries.
    """
    if statement.cluster_id is None or not statement.is_public:
        return []
    found = (
        Measure.objects.filter(origins__cluster_id=statement.cluster_id, plan__published_at__isnull=False)
        .select_related("place", "plan__process", "field", "goal")
        .prefetch_related("changes")
        .distinct()
    )
    return sorted(found, key=lambda measure: (-STANDING[measure.state], measure.number))


def way_of_statement(statement: Statement, measures: Sequence[Measure] | None = None) -> Way:
    """The way of one statement. `measures` are those of `measures_of_statement`, if they are at hand."""
    if measures is None:
        measures = measures_of_statement(statement)
    if statement.cluster is None or not statement.is_public:
        return way_of_one(said=_day(statement.received_at))
    stations = _stations_of_measure(measures[0]) if measures else {}
    texts = _texts_of_measure(measures[0]) if measures else {}
    return way_of_one(
        said=_day(statement.received_at),
        sorted=_day(statement.sorted_at) or True,
        **stations,
        texts={"sorted": statement.cluster.title, **texts},
        urls=_urls_of_measure(measures[0]) if measures else None,
    )


def way_of_measure(measure: Measure) -> Way:
    """The way of one measure: from the first of its statements to where it stands. Two queries."""
    statements = statements_of_measure(measure).aggregate(
        number=Count("pk"), tables=Count("table", distinct=True), said=Min("received_at"), sorted=Min("sorted_at")
    )
    texts = _texts_of_measure(measure)
    # On its own page the measure need not repeat its title.
    if texts.get("proposed") is measure.title:
        del texts["proposed"]
    return way_of_one(
        said=_day(statements["said"]) or True,
        sorted=_day(statements["sorted"]) or True,
        **_stations_of_measure(measure),
        texts={"said": _count_words(statements["number"], statements["tables"]), **texts},
    )


def statements_of_measure(measure: Measure) -> QuerySet[Statement]:
    """The approved statements that a measure comes from."""
    clusters = MeasureOrigin.objects.filter(measure=measure).values("cluster_id")
    return Statement.objects.filter(cluster__in=clusters, state=ModerationState.APPROVED)


def stream_of_process(process: Process, *, urls: Mapping[str, str] | None = None) -> Way:
    """All statements of a dialogue as a stream. Two queries, whatever their number."""
    return way_of_many(_stream(Q(process=process), Q(process=process)), urls=urls)


def stream_of_programme(programme: Programme, *, demonstration: bool = False) -> Way:
    """All statements of a programme's public dialogues; the invented ones apart, they are no one's count."""
    wanted = {"programme": programme, "published_at__isnull": False, "place__is_demonstration": demonstration}
    through_process = Q(**{f"process__{name}": value for name, value in wanted.items()})
    with across_places(reason=Reason.PROGRAMME_VIEW):
        return way_of_many(_stream(through_process, through_process))


def standing_of_clusters(clusters: Iterable[int] | None = None, *, where: Q | None = None) -> dict[int, int]:
    """How far the furthest public measure of each cluster has come; clusters without one are missing."""
    public = Q(measure_origins__measure__plan__published_at__isnull=False)
    cases = [
        When(public & Q(measure_origins__measure__state=state), then=Value(standing))
        for state, standing in STANDING.items()
    ]
    found = Cluster.objects.order_by()
    if clusters is not None:
        found = found.filter(pk__in=list(clusters))
    if where is not None:
        found = found.filter(where)
    rows = found.annotate(standing=Max(Case(*cases, output_field=IntegerField()))).values_list("pk", "standing")
    return {pk: standing for pk, standing in rows if standing is not None}


def _stream(of_statements: Q, of_clusters: Q) -> dict[str, int]:
    standing = standing_of_clusters(where=of_clusters)
    rows = (
        Statement.objects.filter(of_statements)
        .order_by()
        .values("cluster_id")
        .annotate(all=Count("pk"), approved=Count("pk", filter=Q(state=ModerationState.APPROVED)))
        .values_list("cluster_id", "all", "approved")
    )
    counts: Counter[str] = Counter()
    for cluster_id, everything, approved in rows:
        # Whatever arrived has been said, also while it waits or is held back.
        counts["said"] += everything
        if cluster_id is None:
            continue
        counts["sorted"] += approved
        reached = standing.get(cluster_id)
        if reached is None:
            continue
        counts["proposed"] += approved
        counts["not_possible"] += approved if reached == NOT_POSSIBLE else 0
        counts["taken_on"] += approved if reached >= TAKEN_ON else 0
        counts["done"] += approved if reached >= DONE else 0
    return dict(counts)


def _stations_of_measure(measure: Measure) -> dict[str, Any]:
    """Station → day on which it was reached, True where nobody wrote it down, None where it was not."""
    days = _days(measure.changes.all())
    standing = STANDING[measure.state]
    return {
        "proposed": days.get(MeasureState.PROPOSED) or _day(measure.created_at),
        "taken_on": _reached(standing >= TAKEN_ON, days, MeasureState.ACCEPTED, MeasureState.RUNNING),
        "done": _reached(standing >= DONE, days, MeasureState.DONE),
        "not_possible": _reached(standing == NOT_POSSIBLE, days, MeasureState.NOT_POSSIBLE),
    }


def _day(moment: datetime | None) -> date | None:
    """The day on the calendar of the town, not of UTC."""
    return timezone.localtime(moment).date() if moment else None


def _days(changes: Iterable[MeasureChange]) -> dict[str, date]:
    """State → when: the first proposal counts, of all other states the latest time (after a step back)."""
    days: dict[str, date] = {}
    for change in sorted(changes, key=lambda change: (change.at, change.pk)):
        if change.state != MeasureState.PROPOSED or change.state not in days:
            days[change.state] = timezone.localtime(change.at).date()
    return days


def _reached(is_reached: bool, days: Mapping[str, date], *states: str) -> date | bool | None:
    if not is_reached:
        return None
    return next((days[state] for state in states if state in days), True)


def _texts_of_measure(measure: Measure) -> dict[str, Any]:
    texts: dict[str, Any] = {"proposed": measure.title}
    if measure.state == MeasureState.DECLINED:
        # One sentence in the page's language; the reason itself keeps the language it was given in.
        words = {"owner": measure.owner_name, "reason": str(measure.reason)}
        texts["proposed"] = gettext("%(owner)s has declined: %(reason)s") % words
    elif measure.state == MeasureState.ASKED:
        texts["proposed"] = gettext("%(owner)s has been asked to take it on.") % {"owner": measure.owner_name}
    elif measure.state == MeasureState.RUNNING:
        texts["taken_on"] = gettext("%(owner)s is carrying it out.") % {"owner": measure.owner_name}
    elif measure.is_owned:
        texts["taken_on"] = measure.owner_name
    elif measure.state == MeasureState.NOT_POSSIBLE:
        texts["not_possible"] = measure.reason
    return texts


def _urls_of_measure(measure: Measure) -> dict[str, str]:
    arguments = {"place": measure.place.slug, "process": measure.plan.process.slug, "number": measure.number}
    url = reverse("plan:measure", kwargs=arguments)
    last = {NOT_POSSIBLE: "not_possible", PROPOSED: "proposed", TAKEN_ON: "taken_on", DONE: "done"}
    return {last[STANDING[measure.state]]: url}


def _count_words(statements: int, tables: int) -> Any:
    if not statements:
        return _("No statement of it is public yet.")
    said = ngettext_lazy("%(number)d statement", "%(number)d statements", "number") % {"number": statements}
    if not tables:
        return said
    where = ngettext_lazy("from %(number)d table", "from %(number)d tables", "number") % {"number": tables}
    return format_lazy("{} {}", said, where)
