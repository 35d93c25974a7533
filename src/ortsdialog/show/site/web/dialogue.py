"""One dialogue in public: goal and promise, where it stands, dates, what was said, what follows."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.queries import (
    furthest_measures,
    published_plan,
    state_counts,
    stream_of_process,
)
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.queries import block_steps, published_process
from ortsdialog.kernel.access.doors import public
from ortsdialog.meet.contributions.queries import clusters_with_counts
from ortsdialog.meet.gatherings.choices import Format, GatheringState
from ortsdialog.meet.gatherings.models import Table
from ortsdialog.meet.gatherings.queries import public_gatherings
from ortsdialog.show.site.queries import (
    StatementChoice,
    cluster_cards,
    event_dates,
    not_public_count,
    public_statements,
    spoken_languages,
    stations_of_clusters,
)

_CLUSTERS_A_PAGE = 4
_STATEMENTS_A_PAGE = 50
_FURTHEST = 3


@public
def process(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    shown = _published(place, process)
    record = getattr(shown, "record", None)
    context: dict[str, Any] = {
        "place": place,
        "process": shown,
        "profile": PlaceProfile.objects.filter(place=place).first(),
    }
    if record is not None:
        context |= {
            "record": record,
            "dates": event_dates(record),
            "formats": [Format(key).label for key in record.formats if key in Format.values],
        }
        return render(request, "site/documented.html", context)
    events = list(public_gatherings(shown))
    counted: Any = clusters_with_counts(shown)
    clusters = counted.filter(statement_count__gt=0).order_by("-statement_count", "number")
    page = Paginator(clusters, _CLUSTERS_A_PAGE).get_page(request.GET.get("seite"))
    plan = published_plan(shown)
    way = stream_of_process(shown, urls=_stream_urls(place, shown, has_plan=plan is not None))
    context |= {
        "steps": block_steps(shown),
        "upcoming": [event for event in events if event.state != GatheringState.CLOSED],
        "past": [event for event in events if event.state == GatheringState.CLOSED],
        "way": way,
        "anything_said": bool(way.stations[0].count),
        "furthest_measures": furthest_measures(plan)[:_FURTHEST] if plan else [],
        "page": page,
        "cards": cluster_cards(list(page)),
        "plan": plan,
        "measure_counts": [(MeasureState(state).label, number, state) for state, number in state_counts(plan).items()]
        if plan
        else [],
    }
    return render(request, "site/process.html", context)


@public
def statements(request: HttpRequest, place: Place, process: str) -> HttpResponse:
    """All approved statements, narrowed by plain links. Receipt codes stay with those who hold them."""
    shown = _published(place, process)
    choice = StatementChoice(
        cluster=request.GET.get("thema", ""),
        table=request.GET.get("tisch", ""),
        language=request.GET.get("gesagt-auf", ""),
    )
    page = Paginator(choice.apply(public_statements(shown)), _STATEMENTS_A_PAGE).get_page(request.GET.get("seite"))
    counted: Any = clusters_with_counts(shown)
    clusters = list(counted.filter(statement_count__gt=0).order_by("number"))
    tables = Table.objects.filter(pk__in=public_statements(shown).order_by().values("table")).order_by(
        "gathering__starts_at", "number"
    )
    everything = ("", _("All"))
    stations = stations_of_clusters(clusters)
    listed: Any = page
    narrowed = bool(choice)
    for statement in listed:
        statement.station = stations.get(statement.cluster_id, "")
    context = {
        "place": place,
        "process": shown,
        "page": page,
        "choice": choice,
        # Nothing gets lost: what is not public is counted, not shown.
        "not_public": 0 if narrowed else not_public_count(shown),
        "cluster_options": [everything, *((str(c.number), str(c.title), c.statement_count) for c in clusters)],
        "table_options": [
            everything,
            *(
                (str(table.pk), _("Table %(number)d: %(theme)s") % {"number": table.number, "theme": table.theme})
                for table in tables
            ),
        ],
        "language_options": [everything, *spoken_languages(shown)],
    }
    return render(request, "site/statements.html", context)


def _published(place: Place, slug: str) -> Process:
    found = published_process(place, slug)
    if found is None:
        raise Http404
    return found


def _stream_urls(place: Place, shown: Process, *, has_plan: bool) -> dict[str, str]:
    """Where a station of the stream leads, if it has anything to show."""
    here = {"place": place.slug, "process": shown.slug}
    urls = {"said": reverse("site:statements", kwargs=here)}
    if has_plan:
        plan = reverse("plan:plan", kwargs=here)
        urls |= {"proposed": plan, "done": f"{plan}?stand=done", "not_possible": f"{plan}?stand=not_possible"}
    return urls
