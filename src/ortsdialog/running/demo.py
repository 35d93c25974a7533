"""The demonstration: everything set up in one folder, then served like a real site."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ortsdialog.config import ENV_FILE, PREFIX, Config, load
from ortsdialog.config.values import DEMO_MARK
from ortsdialog.running import folder, site
from ortsdialog.running.site import say
from ortsdialog.running.stops import CannotStart

DEFAULT_FOLDER = ".demo"
# Where the demo answers may be decided outside; what it works on may not.
TAKEN_OVER = {"BASE_URL", "ALLOWED_HOSTS", "HTTPS", "TRUSTED_PROXIES", "BIND", "PORT", "WORKERS", "TIME_ZONE"}


def run(*, port: int | None, bind: str | None, data_dir: Path | None, reset: bool) -> int:
    place = (data_dir or Path(os.environ.get("ORTSDIALOG_DATA_DIR") or DEFAULT_FOLDER)).expanduser().absolute()
    refuse_foreign_folder(place)
    with folder.only_one(place) as lock:
        if reset:
            empty(place)
        # Without it --reset never empties a folder, and `serve` takes none for a demo's.
        (place / DEMO_MARK).touch()
        place.chmod(0o700)
        config = configure(place, port=port, bind=bind)
        with step("Programm wird geladen"):
            site.set_up_django()
        prepare(config)
        return site.run_children(config, lock_file=lock, greeting=lambda: greet(config))


def refuse_foreign_folder(place: Path) -> None:
    """A demo belongs into a folder of its own: a real site's folder must neither be shown nor emptied."""
    if place.exists() and any(place.iterdir()) and not (place / DEMO_MARK).exists():
        raise CannotStart(f"Der Ordner {place} enthält anderes. Nehmen Sie für die Demo einen leeren Ordner.")


def empty(place: Path) -> None:
    """Delete what the demo made. The held lock file stays, or a second start could hold another one."""
    for entry in place.iterdir():
        if entry.name == folder.LOCK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    say("Die bisherige Demo ist gelöscht.")


def configure(place: Path, *, port: int | None, bind: str | None) -> Config:
    """Settings of the demo, put into the environment so that the children see the same."""
    environment = os.environ
    # A shell or a folder may carry the settings of a real site. Neither its database nor its mail is ours.
    for name in [name for name in environment if name.startswith(PREFIX)]:
        if name.removeprefix(PREFIX) not in TAKEN_OVER:
            del environment[name]
    environment[ENV_FILE] = ""
    environment["ORTSDIALOG_DEMO"] = "on"
    environment["ORTSDIALOG_DATA_DIR"] = str(place)
    environment["ORTSDIALOG_SECRET_KEY_FILE"] = str(folder.own_key(place))
    if bind:
        environment["ORTSDIALOG_BIND"] = bind
    if port is not None:
        environment["ORTSDIALOG_PORT"] = str(port)
    asked = load()
    if not folder.is_free(asked.bind, asked.port):
        environment["ORTSDIALOG_PORT"] = str(another_port(asked, insisted=port is not None))
    return load()


def another_port(config: Config, *, insisted: bool) -> int:
    free = folder.next_free_port(config.bind, config.port + 1)
    if insisted or free is None:
        hint = f" Frei ist zum Beispiel {free}: ortsdialog demo --port {free}" if free else ""
        raise CannotStart(f"Port {config.port} ist belegt.{hint}")
    say(f"Port {config.port} ist belegt, die Demo nimmt {free}.")
    return free


def prepare(config: Config) -> None:
    from django.core.management import call_command

    with step("Datenbank wird vorbereitet"):
        call_command("migrate", interactive=False, verbosity=0)
    with step("Gestaltung und Schriften werden bereitgelegt"):
        site.collect_static_files(config)
    with step("Beispieldaten werden geladen"):
        call_command("load_demo", verbosity=0)


@contextmanager
def step(text: str) -> Iterator[None]:
    """One line a step, with its time: whoever waits sees that something happens."""
    print(f"  {text} … ", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        say("fehlgeschlagen.")
        raise
    say(f"{time.monotonic() - begun:.1f} s")


def greet(config: Config) -> None:
    from ortsdialog.demo import TO_TRY, sign_ins

    found = sign_ins()
    widest = max((len(sign_in.role_label) for sign_in in found), default=0)
    say("")
    say(f"Die Demo läuft: {config.base_url}")
    for label, path in TO_TRY:
        say(f"  {label:<{max(len(label) for label, _ in TO_TRY)}}  {config.base_url}{path}")
    say("")
    say("Anmelden zum Ausprobieren (Stadt und Menschen sind erfunden):")
    for sign_in in found:
        line = f"  {sign_in.role_label:<{widest}}  {sign_in.email}  {sign_in.password}"
        say(line + (f"  zweiter Faktor: {sign_in.totp_secret}" if sign_in.totp_secret else ""))
    say("")
    say("Beenden mit Strg-C. Die Daten bleiben erhalten.")
