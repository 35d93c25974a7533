"""What makes the table's page an app on a phone: its manifest, and the worker that opens it without network."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext

from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import html_lang, language_direction
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.queries import table_by_code

WORKER = Path(settings.PACKAGE) / "static/js/service-worker.js"


@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker lies under /t/, so that it may look after the tables' pages and nothing else of the site."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    # Asked anew at each look for a newer one; a mistake in it must not stay for a day.
    patch_cache_control(response, no_cache=True)
    return response


@public
def table_manifest(request: HttpRequest, code: str) -> HttpResponse:
    """One app a table: opened from the home screen it leads to that table."""
    table = table_by_code(code)
    if table is None:
        raise Http404
    with open_place(table.place):
        page = reverse("capture:table", kwargs={"code": table.code})
        table_name = gettext("Table %(number)d") % {"number": table.number}
        told = {
            "id": page,
            "name": f"{table_name} · {table.place.called}",
            "short_name": table_name,
            "start_url": page,
            "scope": "/t/",
            "display": "standalone",
            "lang": html_lang(get_language()),
            "dir": language_direction(get_language()),
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "icons": [
                {"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                for size in (192, 512)
                for purpose in ("any", "maskable")
            ],
        }
    response = JsonResponse(told, content_type="application/manifest+json")
    patch_cache_control(response, private=True, no_cache=True)
    return response
