"""A real installation: refuse what is not ready, then serve."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ortsdialog.config import Config
from ortsdialog.running import folder
from ortsdialog.running.children import Children, job_worker, wait_for_answer, web_server
from ortsdialog.running.stops import CannotStart, CannotStartYet


def say(text: str) -> None:
    print(text, flush=True)


def serve(config: Config) -> int:
    """Run web server and job worker until told to stop."""
    with folder.only_one(config.data_dir) as lock:
        if folder.others_may_look(config.data_dir):
            say(
                f"Hinweis: Andere Benutzerkonten dieses Rechners können in {config.data_dir} lesen. "
                f"Abhilfe: chmod 700 {config.data_dir}"
            )
        if not folder.is_free(config.bind, config.port):
            raise CannotStart(
                f"Port {config.port} an {config.bind} ist belegt. "
                "Beenden Sie das andere Programm, oder setzen Sie ORTSDIALOG_PORT."
            )
        set_up_django()
        refuse_unless_checked()
        refuse_unless_migrated()
        collect_static_files(config)
        return run_children(config, lock_file=lock, greeting=lambda: say(f"Ortsdialog läuft: {config.base_url}"))


def run_children(config: Config, *, lock_file: IO[str], greeting: Callable[[], None]) -> int:
    with Children(say=lambda text: print(text, file=sys.stderr, flush=True)) as children:
        children.start("Der Webserver", web_server(config))
        # Without it pages still answer, only mails wait: no reason to turn guests away.
        children.start("Der Aufgabendienst", job_worker(), revive=True)
        if wait_for_answer(config, children):
            folder.note_address(lock_file, config.base_url)
            greeting()
        elif not children.told_to_stop and children.dead() is None:
            print("Der Webserver antwortet nicht. Alles wird angehalten.", file=sys.stderr, flush=True)
            return 1
        code = children.watch()
        if code == 0:
            say("Ortsdialog wird beendet …")
    if code == 0:
        say("Beendet.")
    return code


def set_up_django() -> None:
    import django

    django.setup()


def refuse_unless_checked() -> None:
    """Django's checks, those for deployment included. A warning is printed, an error stops the start."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db.utils import Error

    try:
        call_command("check", deploy=True, databases=["default"], fail_level="ERROR", verbosity=0)
    except SystemCheckError as error:
        raise CannotStart(f"Eine Prüfung ist fehlgeschlagen.\n\n{error}") from None
    except Error as error:
        raise CannotStartYet(f"Die Datenbank ist nicht erreichbar: {error}") from None


def refuse_unless_migrated() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import Error

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise CannotStartYet(f"Die Datenbank ist nicht erreichbar: {error}") from None
    finally:
        connection.close()
    if missing:
        raise CannotStart(
            f"Die Datenbank passt nicht zu dieser Version, {len(missing)} Änderungen fehlen. "
            "Sichern Sie die Daten, und führen Sie dann aus: ortsdialog migrate"
        )


def collect_static_files(config: Config) -> bool:
    """Gather style sheets, scripts and fonts for the web server. True if anything had to be done.

    Hashing and compressing them takes seconds, so it is left out while no source file has changed.
    """
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(name)).stat()
            state.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    target = config.data_dir / "static"
    mark = target / ".collected"
    if mark.is_file() and mark.read_text(encoding="ascii") == state.hexdigest():
        return False
    call_command("collectstatic", interactive=False, clear=target.exists(), verbosity=0)
    mark.write_text(state.hexdigest(), encoding="ascii")
    return True
