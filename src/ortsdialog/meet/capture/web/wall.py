"""The wall in the hall: the question, approved statements, and the way to the tables. Nothing else."""

from __future__ import annotations

from typing import Any

import segno
from asgiref.sync import sync_to_async
from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import INTERFACE_LANGUAGES, SPOKEN_LANGUAGES
from ortsdialog.kernel.live.hub import event_stream
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.queries import Phase, phase_of, tables_of, wall_with_round
from ortsdialog.meet.capture.screens import (
    TABLES_ON_A_SCREEN,
    has_tables,
    highlighted_card,
    milliseconds,
    still_since,
    wall_cards,
    wall_cards_by_table,
)
from ortsdialog.meet.capture.web.wall_clock import clocks
from ortsdialog.meet.gatherings.queries import current_announcements

# In the address, so that one wall can be shown in Arabic and the next in Ukrainian.
SECOND = "zweite"
# The fragment's own: the language of the page it belongs to, and whether the display is stepping back.
SHOWN_IN = "anzeige"
OLDER = "aeltere"


@public
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # typed for views without arguments
def wall_page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole page. The desk shows it small beside the buttons that run it, hence the frame."""
    begun = milliseconds(timezone.now())
    wall = wall_with_round(code)
    if wall is None:
        raise Http404
    with open_place(wall.place):
        tables = list(tables_of(wall.gathering))
        context = _stand(wall, _language(), request.GET.get(SECOND, "")) | {"made": begun}
        context["join_url"] = join = _join_url(wall, tables)
        # Short enough to be typed: the table's own address where there is one, else the page for its code.
        typed = join if len(tables) == 1 else settings.BASE_URL + reverse("capture:enter-code")
        context["join_words"] = _spoken(typed)
        context["qr"] = _qr(join)
        context["tables"] = tables
        context["language"] = get_language()
        context["asked_second"] = request.GET.get(SECOND, "")
        context["now"] = milliseconds(timezone.now())
        page = _fresh(render(request, "capture/wall.html", context))
        page["X-Frame-Options"] = "SAMEORIGIN"
        return page


@public
def wall_cards_fragment(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the wall that changes; the same markup as on the page."""
    asked = request.GET.get(SHOWN_IN, "")
    language = asked if asked in INTERFACE_LANGUAGES else _language()
    body = wall_stand(code, language, request.GET.get(SECOND, ""), older=bool(request.GET.get(OLDER)))
    if body is None:
        raise Http404
    return _fresh(HttpResponse(body))


def wall_stand(wall_code: str, language: str, second: str, *, older: bool = False) -> str | None:
    """The changing part of a wall, for a reader of `language`; None where no wall has this code.

    `second`: the language of the address, empty for the wall's own. `older`: with the cards of older screens. The
    same for everybody and at any time: no person, no form, and a clock that the display itself keeps.
    """
    # Before anything is read: of two pictures, the display keeps the one that knows more.
    begun = milliseconds(timezone.now())
    with override(language):
        wall = wall_with_round(wall_code)
        if wall is None:
            return None
        with open_place(wall.place):
            context = _stand(wall, language, second, older=older) | {"made": begun}
            return render_to_string("capture/_wall_stand.html", context)


@public
async def wall_stream(request: HttpRequest, code: str) -> HttpResponseBase:
    """Wakes the wall when a statement is approved, a round begins or somebody at the desk runs it."""
    wall = await sync_to_async(wall_with_round)(code)
    if wall is None:
        raise Http404
    return await event_stream(f"gathering:{wall.gathering_id}", last_event_id=request.headers.get("Last-Event-ID"))


@public
def choose_table(request: HttpRequest, code: str) -> HttpResponse:
    """Where the wall's QR code leads: pick the table one sits at."""
    wall = wall_with_round(code)
    if wall is None:
        raise Http404
    request.place = wall.place  # type: ignore[attr-defined]
    with open_place(wall.place):
        context = {"gathering": wall.gathering, "tables": list(tables_of(wall.gathering))}
        return render(request, "capture/choose_table.html", context)


def _language() -> str:
    return get_language() or "de"


def _stand(wall: Wall, language: str, second: str, *, older: bool = False) -> dict[str, Any]:
    """What the fragment shows: one picture out of frame, highlight, question alone, cards by table, cards."""
    gathering, phase = wall.gathering, phase_of(wall.gathering)
    first = language.split("-")[0]
    second = second or wall.second_language
    languages = [first, second] if second in SPOKEN_LANGUAGES and second != first else [first]
    still = still_since(wall)
    context: dict[str, Any] = {
        "wall": wall,
        "gathering": gathering,
        "phase": phase,
        "round": gathering.current_round,
        "languages": languages,
        "announcements": current_announcements(gathering),
        # The town's own words stand in both as far as the house speaks them.
        "frames": [language, *(code for code in languages[1:] if code in INTERFACE_LANGUAGES)],
        "still": milliseconds(still) if still else "",
        "release": _release(),
        "receipts": _spoken(settings.BASE_URL + reverse("site:receipt-search")),
    }
    if phase in (Phase.BEFORE, Phase.CLOSED):
        return context | {"picture": "frame"}
    context["clocks"] = clocks(gathering.current_round, context["frames"])
    if wall.is_quiet:
        return context | {"picture": "quiet"}
    alone = highlighted_card(wall, languages)
    if alone is not None:
        return context | {"picture": "alone", "alone": alone, "size": _size(alone.length)}
    older = older or wall.steps_back > 0
    if has_tables(wall):
        groups = wall_cards_by_table(wall, languages, older=older)
        columns = min(len(groups), TABLES_ON_A_SCREEN)
        return context | {"picture": "tables", "groups": groups, "columns": columns, "nothing_yet": not groups}
    cards = wall_cards(wall, languages, older=older)
    return context | {"picture": "cards", "cards": cards, "nothing_yet": not cards}


def _size(length: int) -> str:
    """How large a statement stands alone, by its characters."""
    return next(name for name, most in (("xl", 70), ("l", 150), ("m", 300), ("s", 10_000)) if length <= most)


def _release() -> str:
    """What the page is made of. A display whose own differs loads itself anew."""
    return " ".join(static(name) for name in ("js/wall.js", "css/wall.css"))


def _join_url(wall: Wall, tables: list[Any]) -> str:
    if len(tables) == 1:
        path = reverse("capture:table", kwargs={"code": tables[0].code})
    else:
        path = reverse("capture:wall-tables", kwargs={"code": wall.code})
    return settings.BASE_URL + path


def _spoken(address: str) -> str:
    """The address as somebody types it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def _qr(address: str) -> SafeString:
    """The address as a drawing, with its own white ground for dark walls."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawing)  # noqa: S308  segno draws squares; the address is not part of the markup


def _fresh(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True)
    return response
