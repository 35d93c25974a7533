"""Every setting, in the words of the operators' table. The one source for reading, checking and documenting."""

from dataclasses import dataclass

PREFIX = "ORTSDIALOG_"


@dataclass(frozen=True)
class Setting:
    """One line of the operators' table."""

    name: str
    meaning: str
    default: str
    example: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATA_DIR",
        "Ordner für alles, was die Installation anlegt: SQLite-Datei, Dateien, gesammelte statische Dateien. "
        "Er gehört ins Backup.",
        "keiner, muss gesetzt sein (Demo: `./.demo`)",
        "/var/lib/ortsdialog",
    ),
    Setting(
        "SECRET_KEY",
        "Schlüssel für Sitzungen und Links. Mindestens 50 zufällige Zeichen, geheim, je Installation ein eigener.",
        "keiner, muss gesetzt sein (oder `SECRET_KEY_FILE`)",
        "siehe `ortsdialog new_key`",
    ),
    Setting(
        "SECRET_KEY_FILE",
        "Datei, deren erste Zeile der Schlüssel ist. Anstelle von `SECRET_KEY`.",
        "keine",
        "/run/secrets/ortsdialog_key",
    ),
    Setting(
        "DATABASE_URL",
        "Datenbank: `sqlite:///Datei` (relativ zu `DATA_DIR`; vier Schrägstriche: absoluter Pfad) oder "
        "`postgres://Name:Passwort@Rechner:Port/Datenbank`. Sonderzeichen im Passwort prozentkodiert. "
        "PostgreSQL braucht das Paket mit dem Zusatz `ortsdialog[postgres]`.",
        "`sqlite:///ortsdialog.sqlite3`",
        "postgres://ortsdialog:geheim@localhost:5432/ortsdialog",
    ),
    Setting(
        "BASE_URL",
        "Adresse der Seite, wie Besucherinnen sie eingeben. Steht in Einladungen und QR-Codes.",
        "keine, muss gesetzt sein (Demo: `http://127.0.0.1:8000`)",
        "https://dialog.musterstadt.example",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "Rechnernamen, auf die die Seite antwortet, mit Komma getrennt.",
        "der Rechnername aus `BASE_URL`",
        "dialog.musterstadt.example,dialog.intern",
    ),
    Setting(
        "HTTPS",
        "`off` erlaubt ausdrücklich den Betrieb ohne https. Cookies sind dann nicht auf https beschränkt.",
        "folgt `BASE_URL`",
        "on",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "Zahl der eigenen Proxys vor Ortsdialog. Nur so vielen Einträgen in `X-Forwarded-For` wird geglaubt.",
        "0; mit https für `serve` mindestens 1",
        "1",
    ),
    Setting(
        "MAIL_URL",
        "Postausgang: `smtp://Name:Passwort@Rechner:Port?tls=starttls` (`tls`: `starttls`, `ssl` oder `none`). "
        "`none` schaltet E-Mail ausdrücklich ab.",
        "keiner, muss für `serve` gesetzt sein (Demo: abgeschaltet)",
        "smtp://dialog:geheim@mail.musterstadt.example:587?tls=starttls",
    ),
    Setting(
        "MAIL_FROM",
        "Absenderadresse.",
        "`ortsdialog@` und der Rechnername aus `BASE_URL`",
        "dialog@musterstadt.example",
    ),
    Setting(
        "OPERATOR",
        "Wer die Installation betreibt: Name und Anschrift, Zeilen mit `|` getrennt. Steht im Impressum.",
        "leer; `check --deploy` weist darauf hin",
        "Stadt Musterstadt | Rathausplatz 1 | 12345 Musterstadt",
    ),
    Setting("BIND", "Adresse, an der der Webserver lauscht.", "127.0.0.1", "0.0.0.0"),  # noqa: S104 (an example)
    Setting("PORT", "Port des Webservers.", "8000", "8080"),
    Setting("WORKERS", "Zahl der Webprozesse, 1 bis 64.", "2", "4"),
    Setting(
        "STATEMENTS_PER_DEVICE",
        "Wie viele Beiträge ein Gerät auf einmal abgeben kann, 1 bis 1000000. Danach geht es langsamer weiter: nach "
        "zwei Minuten ist das Maß wieder voll. Gezählt wird nach Gerät, nie nach Adresse; was warten muss, bleibt auf "
        "dem Gerät.",
        "30",
        "60",
    ),
    Setting(
        "TRANSLATION_URL",
        "Adresse eines LibreTranslate-Servers für maschinelle Übersetzung, `https://…`; `http://` nur für einen Server "
        "im eigenen Netz. Freigegebene Beiträge gehen an diesen Server, wo das Team es einschaltet.",
        "leer: nichts wird maschinell übersetzt",
        "https://uebersetzen.musterstadt.example",
    ),
    Setting(
        "TRANSLATION_KEY",
        "Schlüssel (`api_key`) für diesen Server, falls er einen verlangt. Geheim.",
        "leer",
        "0f3c9a52-…",
    ),
    Setting("TIME_ZONE", "Zeitzone der Seite.", "Europe/Berlin", "Europe/Berlin"),
    Setting("DEMO", "Kennzeichnet die Seite überall als Vorführung. Setzt `ortsdialog demo` selbst.", "off", "on"),
    Setting(
        "DEBUG",
        "Ausführliche Fehlerseiten für die Entwicklung. `serve` startet damit nicht.",
        "off",
        "on",
    ),
)
NAMES = frozenset(setting.variable for setting in SETTINGS)
