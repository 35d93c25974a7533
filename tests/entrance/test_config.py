"""Settings: what is read, what is refused, and that a refusal says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ortsdialog.config import SETTINGS, SettingsRefused
from ortsdialog.config.reading import read
from ortsdialog.config.refusal import explain, unsafe_settings
from ortsdialog.config.sources import gather, read_file
from ortsdialog.config.values import DEMO_MARK, Config

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")

KEY = "k3y-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    """The least that a real site needs."""
    return {
        "ORTSDIALOG_DATA_DIR": str(tmp_path),
        "ORTSDIALOG_SECRET_KEY": KEY,
        "ORTSDIALOG_BASE_URL": "https://dialog.altdorf.example",
        "ORTSDIALOG_TRUSTED_PROXIES": "1",
        "ORTSDIALOG_MAIL_URL": "none",
    }


def names(refused: pytest.ExceptionInfo[SettingsRefused]) -> list[str]:
    return [problem.name.removeprefix("ORTSDIALOG_") for problem in refused.value.problems]


def refusal_of(values: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        read(values)
    return names(refused)


def with_(values: dict[str, str], **changes: str) -> dict[str, str]:
    return values | {f"ORTSDIALOG_{name}": value for name, value in changes.items()}


def test_read_least_settings_gives_safe_defaults(good: dict[str, str], tmp_path: Path) -> None:
    config = read(good)

    assert config.data_dir == tmp_path
    assert config.database["NAME"] == str(tmp_path / "ortsdialog.sqlite3")
    assert config.allowed_hosts == ("dialog.altdorf.example",)
    assert config.mail_from == "ortsdialog@dialog.altdorf.example"
    assert (config.https, config.demo, config.debug) == (True, False, False)
    assert (config.bind, config.port, config.workers, config.trusted_proxies) == ("127.0.0.1", 8000, 2, 1)
    assert config.time_zone == "Europe/Berlin"
    assert config.operator == ""
    assert unsafe_settings(config) == []


def test_read_operator_keeps_its_lines(good: dict[str, str]) -> None:
    config = read(with_(good, OPERATOR="Stadt Altdorf | Rathausplatz 1|12345 Altdorf"))
    assert config.operator == "Stadt Altdorf\nRathausplatz 1\n12345 Altdorf"


def test_read_nothing_names_every_missing_setting_at_once() -> None:
    assert refusal_of({}) == ["DATA_DIR", "BASE_URL", "SECRET_KEY"]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"PORT": "achtzig"}, ["PORT"]),
        ({"PORT": "70000"}, ["PORT"]),
        ({"PORT": "²"}, ["PORT"]),
        ({"WORKERS": "0"}, ["WORKERS"]),
        ({"TRUSTED_PROXIES": "-1"}, ["TRUSTED_PROXIES"]),
        ({"DEBUG": "vielleicht"}, ["DEBUG"]),
        ({"HTTPS": "2"}, ["HTTPS"]),
        ({"TIME_ZONE": "Europe/Altdorf"}, ["TIME_ZONE"]),
        ({"BASE_URL": "dialog.altdorf.example"}, ["BASE_URL"]),
        ({"BASE_URL": "https://dialog.altdorf.example/unterordner"}, ["BASE_URL"]),
        ({"BASE_URL": "https://dialog.altdorf.example:abc"}, ["BASE_URL"]),
        ({"ALLOWED_HOSTS": "https://dialog.altdorf.example"}, ["ALLOWED_HOSTS"]),
        ({"SECRET_KEY": "kurz"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "a" * 60}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "bitte-ersetzen-" * 5}, ["SECRET_KEY"]),
        ({"SECRET_KEY_FILE": "/gibt/es/nicht", "SECRET_KEY": ""}, ["SECRET_KEY_FILE"]),
        ({"SECRET_KEY_FILE": "/gibt/es/nicht"}, ["SECRET_KEY"]),
        ({"DATABASE_URL": "mysql://root@localhost/dialog"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "sqlite://:memory:"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgres://localhost:abc/dialog"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgres://localhost"}, ["DATABASE_URL"]),
        ({"MAIL_URL": "mail.altdorf.example"}, ["MAIL_URL"]),
        ({"MAIL_URL": "smtp://mail.altdorf.example?tls=vielleicht"}, ["MAIL_URL"]),
        ({"MAIL_FROM": "dialog"}, ["MAIL_FROM"]),
        ({"HTPS": "off", "PORT": "x"}, ["HTPS", "PORT"]),
    ],
)
def test_read_wrong_value_is_refused_by_name(good: dict[str, str], changes: dict[str, str], refused: list[str]) -> None:
    assert refusal_of(with_(good, **changes)) == refused


def test_misspelt_setting_is_answered_with_the_right_name(good: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        read(with_(good, SECRETKEY="x"))
    assert refused.value.problems[0].remedy == "Meinten Sie ORTSDIALOG_SECRET_KEY?"


def test_data_dir_that_is_a_file_is_refused(good: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "datei"
    file.touch()
    assert refusal_of(with_(good, DATA_DIR=str(file))) == ["DATA_DIR"]


def test_key_is_read_from_the_first_line_of_its_file(good: dict[str, str], tmp_path: Path) -> None:
    del good["ORTSDIALOG_SECRET_KEY"]
    (tmp_path / "key").write_text(f"{KEY}\nnot this\n", encoding="utf-8")
    assert read(with_(good, SECRET_KEY_FILE=str(tmp_path / "key"))).secret_key == KEY


def test_empty_key_file_is_refused(good: dict[str, str], tmp_path: Path) -> None:
    del good["ORTSDIALOG_SECRET_KEY"]
    (tmp_path / "key").touch()
    assert refusal_of(with_(good, SECRET_KEY_FILE=str(tmp_path / "key"))) == ["SECRET_KEY_FILE"]


def test_sqlite_keeps_what_was_acknowledged(good: dict[str, str]) -> None:
    options = read(with_(good, DATABASE_URL="sqlite:////srv/dialog.sqlite3")).database["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "file"), [("sqlite:///dialog.db", "{}/dialog.db"), ("sqlite:////srv/dialog.db", "/srv/dialog.db")]
)
def test_sqlite_file_is_relative_to_the_data_folder_or_absolute(
    good: dict[str, str], tmp_path: Path, url: str, file: str
) -> None:
    assert read(with_(good, DATABASE_URL=url)).database["NAME"] == file.format(tmp_path)


def test_postgres_address_is_taken_apart(good: dict[str, str]) -> None:
    url = "postgres://alma:ge%2Fheim%40@db.altdorf.example:5433/dialog?sslmode=require"
    database = read(with_(good, DATABASE_URL=url)).database
    assert database["ENGINE"] == "ortsdialog.kernel.postgres"
    assert (database["USER"], database["PASSWORD"]) == ("alma", "ge/heim@")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.altdorf.example", "5433", "dialog")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_postgres_socket_folder_is_the_host(good: dict[str, str]) -> None:
    database = read(with_(good, DATABASE_URL="postgresql://postgres:@/dialog?host=/run/postgresql")).database
    assert (database["HOST"], database["PORT"]) == ("/run/postgresql", "")
    assert "host" not in database["OPTIONS"]


def test_postgres_without_its_driver_says_how_to_install_it(good: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        read(with_(good, DATABASE_URL="postgres://localhost/dialog"), psycopg_installed=False)
    assert "ortsdialog[postgres]" in refused.value.problems[0].remedy


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtp://u:p@mail.example", 587, True, False),
        ("smtps://u:p@mail.example", 465, False, True),
        ("smtp://mail.example?tls=none", 25, False, False),
        ("smtp://u:p@mail.example:2525?tls=starttls", 2525, True, False),
    ],
)
def test_mail_address_gives_port_and_encryption(
    good: dict[str, str], url: str, port: int, use_tls: bool, use_ssl: bool
) -> None:
    mail = read(with_(good, MAIL_URL=url)).mail
    assert (mail.port, mail.use_tls, mail.use_ssl) == (port, use_tls, use_ssl)
    assert mail.backend.endswith("smtp.EmailBackend")


def test_refusals_never_repeat_a_password(good: dict[str, str]) -> None:
    wrong = with_(good, DATABASE_URL="mysql://u:geheim@h/d", MAIL_URL="http://u:geheim@h", SECRET_KEY="geheim")
    with pytest.raises(SettingsRefused) as refused:
        read(wrong)
    assert len(refused.value.problems) == 3
    assert "geheim" not in explain(refused.value.problems).replace("geheime", "")


def test_configuration_does_not_print_its_secrets(good: dict[str, str]) -> None:
    values = with_(good, MAIL_URL="smtp://u:pa55wort@h", DATABASE_URL="postgres://u:pa55wort@h/d")
    assert "pa55wort" not in repr(read(values))
    assert KEY not in repr(read(values))


# ---- What serve refuses -------------------------------------------------------------------------


def unsafe(values: dict[str, str]) -> list[str]:
    return [problem.name.removeprefix("ORTSDIALOG_") for problem in unsafe_settings(read(values))]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"DEBUG": "on"}, ["DEBUG"]),
        ({"ALLOWED_HOSTS": "*"}, ["ALLOWED_HOSTS"]),
        ({"ALLOWED_HOSTS": ".altdorf.example"}, ["ALLOWED_HOSTS"]),
        ({"BASE_URL": "http://dialog.altdorf.example"}, ["BASE_URL"]),
        ({"BASE_URL": "http://dialog.altdorf.example", "HTTPS": "off"}, []),
        ({"HTTPS": "off"}, ["HTTPS"]),
        ({"TRUSTED_PROXIES": ""}, ["TRUSTED_PROXIES"]),
        ({"TRUSTED_PROXIES": "0", "HTTPS": "on"}, ["TRUSTED_PROXIES"]),
        ({"TRUSTED_PROXIES": "0", "BASE_URL": "http://dialog.altdorf.example", "HTTPS": "off"}, []),
        ({"MAIL_URL": ""}, ["MAIL_URL"]),
        ({"DEBUG": "on", "ALLOWED_HOSTS": "*", "MAIL_URL": ""}, ["DEBUG", "ALLOWED_HOSTS", "MAIL_URL"]),
    ],
)
def test_serve_refuses_unsafe_settings(good: dict[str, str], changes: dict[str, str], refused: list[str]) -> None:
    assert unsafe(with_(good, **changes)) == refused


def test_refused_proxies_say_what_to_set(good: dict[str, str]) -> None:
    (problem,) = unsafe_settings(read(with_(good, TRUSTED_PROXIES="")))
    assert "https beendet immer ein Proxy" in problem.reason
    assert "ORTSDIALOG_TRUSTED_PROXIES=1" in problem.remedy


@pytest.mark.parametrize("database", ["", "postgres://dialog:geheim@localhost/dialog"])
def test_a_real_site_is_not_made_a_demo_by_one_word(good: dict[str, str], database: str, tmp_path: Path) -> None:
    config = read(with_(good, DEMO="on", DATABASE_URL=database), psycopg_installed=True)
    (problem,) = unsafe_settings(config)
    assert problem.name == "ORTSDIALOG_DEMO"
    assert str(tmp_path) in problem.reason
    assert "ortsdialog demo" in problem.remedy


def test_demo_may_be_served_without_https_and_mail(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / DEMO_MARK).touch()
    values = with_(good, DEMO="on", BASE_URL="", MAIL_URL="", PORT="8123", TRUSTED_PROXIES="")
    config: Config = read(values)
    assert config.base_url == "http://127.0.0.1:8123"
    assert config.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert unsafe_settings(config) == []


# ---- Where values come from ---------------------------------------------------------------------


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "einstellungen.env"
    file.write_text("# Stadt Altdorf\n\nORTSDIALOG_PORT=9000\nORTSDIALOG_BIND = '127.0.0.2'\n", encoding="utf-8")
    found = gather({"ORTSDIALOG_ENV_FILE": str(file), "ORTSDIALOG_PORT": "9001", "PATH": "/bin"})
    assert found == {"ORTSDIALOG_ENV_FILE": str(file), "ORTSDIALOG_PORT": "9001", "ORTSDIALOG_BIND": "127.0.0.2"}


def test_file_in_the_working_folder_is_read_unless_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ortsdialog.env").write_text("ORTSDIALOG_PORT=9000\n", encoding="utf-8")
    assert gather({}) == {"ORTSDIALOG_PORT": "9000"}
    assert gather({"ORTSDIALOG_ENV_FILE": ""}) == {"ORTSDIALOG_ENV_FILE": ""}


@pytest.mark.parametrize(
    "content", ["ORTSDIALOG_PORT\n", "PORT=80\n", "ORTSDIALOG_PORT=80\nORTSDIALOG_PORT=81\n", b"\xff\xfe"]
)
def test_broken_file_is_refused(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "ortsdialog.env"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsRefused):
        read_file(file)


def test_broken_line_is_named_by_its_number_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "ortsdialog.env"
    file.write_text("# Postausgang\npasswort=hunter2\n", encoding="utf-8")
    with pytest.raises(SettingsRefused) as refused:
        read_file(file)
    assert "Zeile 2" in refused.value.problems[0].name
    assert "hunter2" not in str(refused.value)


# ---- The operators' table -----------------------------------------------------------------------


def test_every_setting_is_in_the_operators_table_and_the_template() -> None:
    from tools.settings_table import DOCUMENT, TEMPLATE, table

    assert table() in DOCUMENT.read_text(encoding="utf-8")
    template = TEMPLATE.read_text(encoding="utf-8")
    assert [setting.variable for setting in SETTINGS if f"{setting.variable}=" not in template] == []
