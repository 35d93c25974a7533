"""The wall in the hall: the question, approved statements, and the way to the tables. Nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.live.hub import event_stream
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.capture.queries import phase_of, tables_of, wall_cards, wall_with_round
from ortsdialog.meet.gatherings.models import Round

# In the address, so that one wall can be shown in Arabic and the next in Ukrainian.
SECOND = "zweite"


def _wall(code: str) -> Wall:
    wall = wall_with_round(code)
    if wall is None:
        raise Http404
    return wall


@public
def wall_page(request: HttpRequest, code: str) -> HttpResponse:
    wall = _wall(code)
    with open_place(wall.place):
        tables = list(tables_of(wall.gathering))
        context = _context(request, wall)
        context["join_url"] = join = _join_url(wall, tables)
        # Short enough to be typed: the table's own address where there is one, else the page for its code.
        typed = join if len(tables) == 1 else settings.BASE_URL + reverse("capture:enter-code")
        context["join_words"] = typed.removeprefix("https://").removeprefix("http://").rstrip("/")
        context["qr"] = _qr(join)
        context["tables"] = tables
        return _fresh(render(request, "capture/wall.html", context))


@public
def wall_cards_fragment(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the wall that changes; the same markup as on the page."""
    wall = _wall(code)
    with open_place(wall.place):
        return _fresh(render(request, "capture/_wall_stand.html", _context(request, wall)))


@public
async def wall_stream(request: HttpRequest, code: str) -> HttpResponseBase:
    """Wakes the wall when a statement is approved or a round begins."""
    wall = await sync_to_async(_wall)(code)
    return await event_stream(f"gathering:{wall.gathering_id}", last_event_id=request.headers.get("Last-Event-ID"))


@public
def choose_table(request: HttpRequest, code: str) -> HttpResponse:
    """Where the wall's QR code leads: pick the table one sits at."""
    wall = _wall(code)
    request.place = wall.place  # type: ignore[attr-defined]
    with open_place(wall.place):
        context = {"gathering": wall.gathering, "tables": list(tables_of(wall.gathering))}
        return render(request, "capture/choose_table.html", context)


def _context(request: HttpRequest, wall: Wall) -> dict[str, Any]:
    gathering = wall.gathering
    first = (get_language() or "de").split("-")[0]
    second = request.GET.get(SECOND, wall.second_language)
    languages = [first, second] if second in SPOKEN_LANGUAGES and second != first else [first]
    return {
        "wall": wall,
        "gathering": gathering,
        "phase": phase_of(gathering),
        "round": gathering.current_round,
        "minutes_left": _minutes_left(gathering.current_round),
        "languages": languages,
        "second": second if len(languages) == 2 else "",
        "cards": list(wall_cards(gathering)),
    }


def _minutes_left(current: Round | None) -> int | None:
    """Whole minutes until the round should end; 0 when it is over time, None when nobody started the clock."""
    if current is None or current.started_at is None:
        return None
    left = current.started_at + timedelta(minutes=current.duration_minutes) - timezone.now()
    return max(0, -(-int(left.total_seconds()) // 60))


def _join_url(wall: Wall, tables: list[Any]) -> str:
    if len(tables) == 1:
        path = reverse("capture:table", kwargs={"code": tables[0].code})
    else:
        path = reverse("capture:wall-tables", kwargs={"code": wall.code})
    return settings.BASE_URL + path


def _qr(address: str) -> SafeString:
    """The address as a drawing, with its own white ground for dark walls."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawing)  # noqa: S308  segno draws squares; the address is not part of the markup


def _fresh(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True)
    return response
