"""The plan of a dialogue, as it stands on its desk page."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import MasterPlan
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.workplaces import Doorway, Workplace

_WITHOUT_OWNER = Q(measures__state__in=[MeasureState.PROPOSED, MeasureState.DECLINED])


def describe_plan(process: Process) -> list[Doorway]:
    """How many measures there are, how many without an owner, and whether everybody sees them. One query."""
    url = reverse("plan:desk-plan", kwargs={"place": process.place.slug, "process": process.slug})
    plan = (
        MasterPlan.objects.filter(process=process)
        .annotate(
            measures_all=Count("measures"),
            without_owner=Count("measures", filter=_WITHOUT_OWNER),
        )
        .first()
    )
    if plan is None:
        return [Doorway(_("The plan is still empty"), url, _("Measures are made from clusters."))]
    words = ngettext("One measure", "%(number)d measures", plan.measures_all) % {"number": plan.measures_all}
    lines = [Doorway(words, url, _("public") if plan.is_public else _("draft"))]
    if plan.without_owner:
        words = ngettext("Find an owner for one measure", "Find owners for %(number)d measures", plan.without_owner)
        lines.append(
            Doorway(words % {"number": plan.without_owner}, f"{url}?stand=proposed", permission="plan.ask_owner")
        )
    return lines


PLAN = Workplace(gettext_lazy("Plan and measures"), "plan.see_plan", order=40, describe=describe_plan)
