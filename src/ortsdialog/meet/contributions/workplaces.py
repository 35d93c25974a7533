"""Statements and clusters of a dialogue on its desk page, and machine translation on that of an event."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.workplaces import Doorway, Workplace
from ortsdialog.kernel.language.translation import translation_server
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.queries import languages_of_event
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.panels import Panel


def describe_statements(process: Process) -> list[Doorway]:
    """How many wait, how many are to be sorted, how many there are. One query."""
    approved = Q(state=ModerationState.APPROVED)
    counts = Statement.objects.filter(process=process).aggregate(
        everything=Count("pk"),
        pending=Count("pk", filter=Q(state=ModerationState.PENDING)),
        unsorted=Count("pk", filter=approved & Q(cluster=None)),
    )
    place = {"place": process.place.slug}
    if not counts["everything"]:
        return [Doorway(_("No statement yet. They come from the tables of the event."))]
    lines = []
    if counts["pending"]:
        words = ngettext(
            "One statement waits for approval", "%(number)d statements wait for approval", counts["pending"]
        )
        url = reverse("contributions:desk-queue", kwargs=place)
        lines.append(Doorway(words % {"number": counts["pending"]}, url, permission="contributions.moderate_statement"))
    words = ngettext("One statement to sort", "%(number)d statements to sort", counts["unsorted"])
    lines.append(
        Doorway(
            words % {"number": counts["unsorted"]} if counts["unsorted"] else _("Everything is sorted"),
            reverse("contributions:desk-sort", kwargs={**place, "process": process.slug}),
            permission="contributions.sort_statements",
        )
    )
    words = ngettext("One statement in all", "%(number)d statements in all", counts["everything"])
    url = reverse("contributions:desk-list", kwargs=place)
    lines.append(Doorway(words % {"number": counts["everything"]}, f"{url}?dialog={process.slug}"))
    return lines


def describe_clusters(process: Process) -> list[Doorway]:
    """How many clusters there are. One query."""
    number = Cluster.objects.filter(process=process).count()
    url = reverse("contributions:desk-clusters", kwargs={"place": process.place.slug, "process": process.slug})
    words = ngettext("One cluster", "%(number)d clusters", number) % {"number": number}
    return [Doorway(words if number else _("No cluster yet"), url, _("Statements that belong together."))]


STATEMENTS = Workplace(
    gettext_lazy("Statements"), "contributions.see_statements", order=20, describe=describe_statements
)
CLUSTERS = Workplace(gettext_lazy("Clusters"), "contributions.see_statements", order=30, describe=describe_clusters)


def describe_translation(gathering: Gathering) -> dict[str, Any]:
    """Whether approved statements are sent to the translation server, and what it is called. No query."""
    server = translation_server()
    return {
        "host": server.host if server else "",
        "on": gathering.machine_translation,
        "languages": languages_of_event(gathering),
        "url": reverse("contributions:desk-translation", kwargs={"place": gathering.place.slug, "pk": gathering.pk}),
    }


TRANSLATION = Panel(
    "contributions/desk/_translation_panel.html",
    "contributions.switch_translation",
    order=40,
    describe=describe_translation,
)
