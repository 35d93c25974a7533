"""Checks before the start: settings that would lose data or open the house stop it, with a remedy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.kernel.language.translation import TranslationFailed, offered_languages, translation_server

# What each setting may say. The first one is what the house sets itself; the others are no weaker.
SQLITE_PRAGMAS = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
POSTGRESQL_SETTINGS = {
    "fsync": ("on",),
    # All but "off" wait for the own disk; they differ in what they ask of a standby.
    "synchronous_commit": ("on", "remote_apply", "remote_write", "local"),
    "full_page_writes": ("on",),
}


@register(Tags.database)
def check_database_is_durable(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What was acknowledged must survive a power cut: WAL with FULL on SQLite, no fsync tricks on PostgreSQL.

    Django runs checks of databases only where one is named: `check --database default`, `migrate`, `serve`.
    """
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            errors += _sqlite_errors(connection)
        elif connection.vendor == "postgresql":
            errors += _postgresql_errors(connection)
    return errors


def _sqlite_errors(connection: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    if connection.settings_dict.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        errors.append(
            Error(
                "SQLite does not start its transactions with IMMEDIATE; writers would fail with “database is locked”.",
                hint='Set OPTIONS["transaction_mode"] = "IMMEDIATE".',
                id="ortsdialog.E001",
            )
        )
    with connection.cursor() as cursor:
        for pragma, wanted in SQLITE_PRAGMAS.items():
            cursor.execute(f"PRAGMA {pragma}")
            found = str(cursor.fetchone()[0]).lower()
            if found not in wanted:
                errors.append(
                    Error(
                        f"SQLite runs with {pragma}={found}, not {wanted[0]}: an acknowledged statement could be lost.",
                        hint="Use the settings of ortsdialog.settings unchanged, on a local disk (WAL needs one).",
                        id="ortsdialog.E002",
                    )
                )
    return errors


def _postgresql_errors(connection: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for name, wanted in POSTGRESQL_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            found = cursor.fetchone()[0]
            if found not in wanted:
                errors.append(
                    Error(
                        f"PostgreSQL runs with {name}={found}: an acknowledged statement could be lost.",
                        hint=f"Set {name} = {wanted[0]} in postgresql.conf.",
                        id="ortsdialog.E003",
                    )
                )
    return errors


@register(Tags.security, deploy=True)
def check_second_factor(**kwargs: Any) -> list[CheckMessage]:
    if settings.SECOND_FACTOR_REQUIRED or settings.DEMO:
        return []
    return [
        Error(
            "Staff could sign in without a second factor.",
            hint="Leave SECOND_FACTOR_REQUIRED at True; only the demonstration goes without.",
            id="ortsdialog.E004",
        )
    ]


@register(Tags.compatibility, deploy=True)
def check_operator_is_named(**kwargs: Any) -> list[CheckMessage]:
    """An imprint without a name is a legal fault of whoever runs the site."""
    if settings.OPERATOR or settings.DEMO:
        return []
    return [
        Warning(
            "The imprint of the start page names nobody.",
            hint="Set ORTSDIALOG_OPERATOR to name and address, lines separated by |.",
            id="ortsdialog.W001",
        )
    ]


# Nobody starts a site to wait for another one.
PATIENCE_WITH_TRANSLATION = 3.0


@register(Tags.compatibility, deploy=True)
def check_translation_server(**kwargs: Any) -> list[CheckMessage]:
    """Machine translation is off, or its server answers and knows languages of ours."""
    server = translation_server()
    if server is None:
        return []
    try:
        offered = offered_languages(server, patience=PATIENCE_WITH_TRANSLATION)
    except TranslationFailed as failure:
        return [
            Warning(
                f"Nothing is translated by machine: {server.host} is no LibreTranslate server that answers. {failure}",
                hint="Look at ORTSDIALOG_TRANSLATION_URL and ORTSDIALOG_TRANSLATION_KEY, or remove both.",
                id="ortsdialog.W010",
            )
        ]
    if "de" not in offered or not offered.keys() & (SPOKEN_LANGUAGES.keys() - {"de"}):
        return [
            Warning(
                f"{server.host} translates nothing between German and the languages of the tables.",
                hint="Load its models for de and the languages you need, for example --load-only de,en,ar,uk.",
                id="ortsdialog.W011",
            )
        ]
    return []
