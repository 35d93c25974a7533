"""Pages about the site itself, in plain words."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ortsdialog.kernel.access.doors import public
from ortsdialog.show.site.queries import towns

# What only concerns a person with a code, a link or a key has no place in a search engine.
_ROBOTS = """User-agent: *
Disallow: /weg/
Disallow: /zusage/
Disallow: /t/
Disallow: /wand/
Disallow: /konto/
Disallow: /schreibtisch/
"""


@public
def how_it_works(request: HttpRequest) -> HttpResponse:
    return render(request, "site/how_it_works.html")


@public
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "site/imprint.html", _operator())


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html", _operator())


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html", _operator())


@public
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "site/contact.html", _operator())


@public
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


def _operator() -> dict[str, object]:
    """Who runs this installation, as far as its settings say, and the towns that answer for their own pages."""
    return {
        "address": settings.BASE_URL,
        "email": settings.DEFAULT_FROM_EMAIL,
        "operator": settings.OPERATOR,
        "running": towns().running,
    }
