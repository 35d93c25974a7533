"""A disk that is full, a database that is away: pages go on being read, deeds are refused in words, nothing breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

RETRY_AFTER_SECONDS = 10

_held: list[sqlite3.Connection] = []


def hold_database_open() -> None:
    """Keep one connection for the life of this process (SQLite).

    When the last connection of all closes, SQLite deletes the files beside the database, and whoever comes next has
    to make them anew: on a full disk that fails, and with it every read.
    """
    if connection.vendor != "sqlite" or _held:
        return
    held = sqlite3.connect(str(connection.settings_dict["NAME"]), check_same_thread=False)
    # The first read maps the shared index of the log; it reads nothing afterwards and holds up no checkpoint.
    held.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
    _held.append(held)


class StorageTroubleMiddleware:
    """Answers with 503 and an explanation where the database could not do what a page needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        answer: HttpResponse
        if "application/json" in request.headers.get("Accept", ""):
            answer = JsonResponse({"state": "busy"}, status=503)
        else:
            answer = HttpResponse(render_to_string("503.html"), status=503)
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        patch_cache_control(answer, no_store=True)
        return answer
