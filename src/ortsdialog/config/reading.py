"""Turns names and values into a Config. Pure but for looking at the key file and the data folder."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import available_timezones

from ortsdialog.config import databases
from ortsdialog.config.sources import ENV_FILE
from ortsdialog.config.table import NAMES, PREFIX
from ortsdialog.config.values import Config, Mail, Problem, SettingsRefused

# Read by the search for a settings file and by the tests, never by the site itself.
NOT_SETTINGS = (ENV_FILE, "ORTSDIALOG_CHROMIUM", "ORTSDIALOG_TEST_")

SHORTEST_KEY = 50  # Django calls a shorter one weak.
PLACEHOLDER_KEY = "bitte-ersetzen"  # As in .env.example.

YES = {"1", "true", "yes", "on", "ja", "an"}
NO = {"0", "false", "no", "off", "nein", "aus"}

BACKENDS = "django.core.mail.backends."


class _Reader:
    """Collects values and problems, so that an operator sees everything wrong at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[Problem] = []

    def wrong(self, name: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(PREFIX + name, reason, remedy))

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(PREFIX + name, "").strip() or default

    def flag(self, name: str) -> bool | None:
        word = self.text(name).lower()
        if not word:
            return None
        if word in YES | NO:
            return word in YES
        self.wrong(name, f"ist „{word}“, weder an noch aus.", "Setzen Sie on oder off.")
        return None

    def number(self, name: str, default: int, smallest: int, largest: int) -> int:
        word = self.text(name)
        if not word:
            return default
        if word.isascii() and word.isdigit() and smallest <= int(word) <= largest:
            return int(word)
        self.wrong(
            name,
            f"ist „{word}“, keine ganze Zahl von {smallest} bis {largest}.",
            f"Setzen Sie zum Beispiel {PREFIX}{name}={default}.",
        )
        return default


def read(values: Mapping[str, str], *, psycopg_installed: bool | None = None) -> Config:
    """Turn names and values into a Config, or raise SettingsRefused with every problem found."""
    reader = _Reader(values)
    for name in sorted(values):
        if name.startswith(PREFIX) and name not in NAMES and not name.startswith(NOT_SETTINGS):
            near = difflib.get_close_matches(name, NAMES, n=1)
            remedy = f"Meinten Sie {near[0]}?" if near else "Entfernen Sie den Eintrag."
            reader.problems.append(Problem(name, "ist keine Einstellung von Ortsdialog.", remedy))

    demo = bool(reader.flag("DEMO"))
    data_dir = _data_dir(reader)
    bind = reader.text("BIND", "127.0.0.1")
    port = reader.number("PORT", 8000, 1, 65535)
    base_url, host = _base_url(reader, demo=demo, port=port)
    https_said = reader.flag("HTTPS")
    mail, mail_decided = _mail(reader, demo=demo)
    translation_url, translation_key = _translation(reader)
    config = Config(
        data_dir=data_dir,
        secret_key=_secret_key(reader),
        database=_database(reader, data_dir, psycopg_installed=psycopg_installed),
        base_url=base_url,
        allowed_hosts=_allowed_hosts(reader, host, demo=demo),
        https=base_url.startswith("https://") if https_said is None else https_said,
        https_waived=https_said is False,
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 9),
        mail=mail,
        mail_decided=mail_decided,
        mail_from=_mail_from(reader, host),
        operator="\n".join(line.strip() for line in reader.text("OPERATOR", "").split("|")).strip(),
        bind=bind,
        port=port,
        workers=reader.number("WORKERS", 2, 1, 64),
        statements_per_device=reader.number("STATEMENTS_PER_DEVICE", 30, 1, 1_000_000),
        time_zone=_time_zone(reader),
        translation_url=translation_url,
        translation_key=translation_key,
        demo=demo,
        debug=bool(reader.flag("DEBUG")),
    )
    if reader.problems:
        raise SettingsRefused(reader.problems)
    return config


def _data_dir(reader: _Reader) -> Path:
    word = reader.text("DATA_DIR")
    if not word:
        reader.wrong(
            "DATA_DIR",
            "fehlt. Ortsdialog weiß nicht, wo es seine Daten ablegen soll.",
            "Nennen Sie einen Ordner, zum Beispiel ORTSDIALOG_DATA_DIR=/var/lib/ortsdialog.",
        )
        return Path.cwd()
    path = Path(word).expanduser().absolute()
    if path.exists() and not path.is_dir():
        reader.wrong("DATA_DIR", f"ist {path}, das ist kein Ordner.", "Nennen Sie einen Ordner.")
    elif path.exists() and not os.access(path, os.W_OK | os.X_OK):
        reader.wrong(
            "DATA_DIR",
            f"ist {path}, dort darf dieses Benutzerkonto nicht schreiben.",
            "Geben Sie dem Konto, unter dem Ortsdialog läuft, Schreibrecht.",
        )
    return path


def _secret_key(reader: _Reader) -> str:
    key, file = reader.text("SECRET_KEY"), reader.text("SECRET_KEY_FILE")
    make_one = "Einen neuen Schlüssel gibt der Befehl: ortsdialog new_key"
    if key and file:
        reader.wrong("SECRET_KEY", "und ORTSDIALOG_SECRET_KEY_FILE sind beide gesetzt.", "Lassen Sie eines weg.")
        return key
    name = "SECRET_KEY"
    if file:
        name = "SECRET_KEY_FILE"
        try:
            lines = Path(file).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "kein Text"
            reader.wrong(
                name, f"ist {file}, die Datei lässt sich nicht lesen ({reason}).", "Prüfen Sie Pfad und Recht."
            )
            return ""
        key = lines[0].strip() if lines else ""
    if not key:
        reader.wrong(name, "fehlt oder ist leer. Ohne Schlüssel ließen sich Anmeldungen und Links fälschen.", make_one)
    elif PLACEHOLDER_KEY in key:
        reader.wrong(name, "ist noch der Platzhalter aus der Vorlage.", make_one)
    elif len(key) < SHORTEST_KEY or len(set(key)) < 10:
        reader.wrong(name, f"ist zu schwach, nötig sind mindestens {SHORTEST_KEY} zufällige Zeichen.", make_one)
    return key


def _database(reader: _Reader, data_dir: Path, *, psycopg_installed: bool | None) -> dict[str, Any]:
    url = reader.text("DATABASE_URL", "sqlite:///ortsdialog.sqlite3")
    remedy = "Schreiben Sie sqlite:///Datei oder postgres://Name:Passwort@Rechner:5432/Datenbank."
    # The address itself is never repeated in a message: it holds a password, and messages end up in logs.
    try:
        parts = urlsplit(url)
        _ = parts.port  # Raises for a port that is no number.
    except ValueError:
        reader.wrong("DATABASE_URL", "ist keine gültige Adresse.", remedy)
        return {}
    name = unquote(parts.path[1:])
    if parts.scheme == "sqlite":
        if parts.netloc or not name or name == ":memory:":
            reader.wrong("DATABASE_URL", "nennt keine Datei.", "Nach sqlite: folgen drei Schrägstriche und die Datei.")
            return {}
        return databases.sqlite(data_dir, name)
    if parts.scheme not in {"postgres", "postgresql"}:
        reader.wrong("DATABASE_URL", "nennt weder SQLite noch PostgreSQL.", remedy)
        return {}
    if not name:
        reader.wrong("DATABASE_URL", "nennt keine Datenbank.", remedy)
    if psycopg_installed is None:
        psycopg_installed = find_spec("psycopg") is not None
    if not psycopg_installed:
        reader.wrong(
            "DATABASE_URL",
            "verlangt PostgreSQL, doch der Treiber dafür fehlt.",
            "Installieren Sie das Paket mit Zusatz: pip install 'ortsdialog[postgres]'",
        )
    return databases.postgres(parts, name)


def _base_url(reader: _Reader, *, demo: bool, port: int) -> tuple[str, str]:
    url = reader.text("BASE_URL", f"http://127.0.0.1:{port}" if demo else "").rstrip("/")
    example = "Schreiben Sie zum Beispiel ORTSDIALOG_BASE_URL=https://dialog.musterstadt.example."
    if not url:
        reader.wrong("BASE_URL", "fehlt. Einladungen und QR-Codes brauchen die Adresse der Seite.", example)
        return "", ""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.path or parts.query or parts.fragment or parts.username:
        reader.wrong("BASE_URL", f"ist „{url}“, keine Adresse aus http(s):// und Rechnername.", example)
        return "", ""
    return url, parts.hostname or ""


def _allowed_hosts(reader: _Reader, host: str, *, demo: bool) -> tuple[str, ...]:
    hosts = [word.strip() for word in reader.text("ALLOWED_HOSTS", host).split(",") if word.strip()]
    for word in hosts:
        if "/" in word:
            reader.wrong("ALLOWED_HOSTS", f"enthält „{word}“.", "Nur Rechnernamen, ohne http:// und ohne Pfad.")
    if demo:
        hosts += [word for word in ("localhost", "127.0.0.1", "[::1]") if word not in hosts]
    return tuple(hosts)


def _mail(reader: _Reader, *, demo: bool) -> tuple[Mail, bool]:
    """How mail leaves, and whether somebody decided that."""
    url = reader.text("MAIL_URL")
    if not url:
        return Mail(BACKENDS + "console.EmailBackend"), demo
    nowhere = Mail(BACKENDS + "dummy.EmailBackend")
    if url == "none":
        return nowhere, True
    remedy = "Schreiben Sie smtp://Name:Passwort@Rechner:587?tls=starttls oder none."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        reader.wrong("MAIL_URL", "ist keine Adresse eines Postausgangs.", remedy)
        return nowhere, True
    tls = parse_qs(parts.query).get("tls", ["ssl" if parts.scheme == "smtps" else "starttls"])[-1]
    if tls not in {"starttls", "ssl", "none"}:
        reader.wrong("MAIL_URL", f"verlangt tls={tls}, das kennt Ortsdialog nicht.", "Möglich: starttls, ssl, none.")
    return Mail(
        BACKENDS + "smtp.EmailBackend",
        host=parts.hostname,
        port=port or {"ssl": 465, "none": 25}.get(tls, 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=tls == "starttls",
        use_ssl=tls == "ssl",
    ), True


def _mail_from(reader: _Reader, host: str) -> str:
    address = reader.text("MAIL_FROM", f"ortsdialog@{host or 'localhost'}")
    if address.count("@") != 1 or any(sign.isspace() for sign in address):
        reader.wrong("MAIL_FROM", f"ist „{address}“, keine E-Mail-Adresse.", "Nennen Sie eine Adresse mit @.")
    return address


def _translation(reader: _Reader) -> tuple[str, str]:
    """Where texts are translated by machine, and the key for it."""
    url, key = reader.text("TRANSLATION_URL").rstrip("/"), reader.text("TRANSLATION_KEY")
    if not url:
        if key:
            reader.wrong("TRANSLATION_KEY", "ist gesetzt, doch ORTSDIALOG_TRANSLATION_URL fehlt.", "Setzen Sie beide.")
        return "", ""
    remedy = "Schreiben Sie zum Beispiel ORTSDIALOG_TRANSLATION_URL=https://uebersetzen.musterstadt.example."
    # The address itself is not repeated: somebody may have written a password into it.
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or parts.username or parts.password or not url.isprintable():
        reader.wrong("TRANSLATION_URL", "ist keine Adresse aus http(s):// und Rechnername.", remedy)
        return "", ""
    if parts.scheme == "http" and not _is_own_network(parts.hostname or ""):
        reader.wrong(
            "TRANSLATION_URL",
            "beginnt nicht mit https://. Was Menschen gesagt haben, ginge lesbar über das Netz.",
            "Nennen Sie die https-Adresse. Ohne https geht es nur zu einem Server im eigenen Netz.",
        )
        return "", ""
    return url, key


def _is_own_network(host: str) -> bool:
    """This computer, a private address, or a name that no public server has."""
    try:
        address = ip_address(host)
        return address.is_private and not address.is_link_local
    except ValueError:
        return "." not in host or host.endswith((".internal", ".local", ".localhost", ".home.arpa"))


def _time_zone(reader: _Reader) -> str:
    zone = reader.text("TIME_ZONE", "Europe/Berlin")
    if zone not in available_timezones():
        reader.wrong("TIME_ZONE", f"ist „{zone}“, keine bekannte Zeitzone.", "Schreiben Sie Europe/Berlin.")
    return zone
