"""A reader changes the language with a plain link: `?sprache=ar`. A cookie keeps the choice."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER = "sprache"


class LanguageLinkMiddleware:
    """After LocaleMiddleware: the link wins over cookie and browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get(PARAMETER, "")
        known = chosen in dict(settings.LANGUAGES)
        if known:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        if known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=60 * 60 * 24 * 365,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response
