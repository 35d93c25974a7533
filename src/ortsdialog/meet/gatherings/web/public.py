"""The public page of an event: what, why, when, how to take part, what became of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.queries import profile_of
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import MultilingualText, State, language_name
from ortsdialog.meet.gatherings.queries import public_gathering


@public
@require_safe
def gathering(request: HttpRequest, *, place: Place, process: str, gathering: str) -> HttpResponse:
    found = public_gathering(place, process, gathering)
    if found is None:
        raise Http404
    tables = list(found.tables.order_by("number"))
    rounds = list(found.rounds.select_related("question").order_by("number"))
    agenda = [{**item, "title": MultilingualText.from_json(item["title"])} for item in found.agenda]
    return render(
        request,
        "gatherings/gathering.html",
        {
            "place": place,
            "process": found.process,
            "gathering": found,
            "agenda": agenda,
            "tables": tables,
            "rounds": rounds,
            "translation_state": _weakest_state(
                found.title,
                found.about,
                found.how_to_take_part,
                found.process.goal,
                found.process.promise,
                *(item["title"] for item in agenda),
                *(table.theme for table in tables),
                *(round.question.text for round in rounds),
            ),
            "languages": [(code, language_name(code)) for code in found.languages],
            "profile": profile_of(place),
        },
    )


def _weakest_state(*texts: MultilingualText) -> State | None:
    """How far the page's translations can be trusted, said once: a note at every line would drown the words."""
    states = {text.in_language().state for text in texts if text}
    return next((state for state in (State.OUT_OF_DATE, State.MACHINE) if state in states), None)
