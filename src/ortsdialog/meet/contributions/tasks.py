"""Jobs of the contributions: ids in, place opened, one action called, safe to run twice."""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.jobs import PAUSES, job, schedule
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.language.translation import Server, ServerUnwell, TextRefused, translate, translation_server
from ortsdialog.kernel.tenancy import Reason, across_places, open_place
from ortsdialog.meet.contributions import pictures
from ortsdialog.meet.contributions.actions import (
    forget_device_keys,
    forget_reporters,
    guess_languages,
    store_translation,
)
from ortsdialog.meet.contributions.choices import ModerationState
from ortsdialog.meet.contributions.models import MachineTranslation, Statement
from ortsdialog.meet.contributions.queries import (
    gatherings_to_translate,
    languages_of_event,
    languages_to_translate,
    names_of_pictures,
    unguessed_statements,
)
from ortsdialog.meet.gatherings.models import Gathering

log = logging.getLogger(__name__)

# Events stay in work for a while after their evening: cards are keyed in, wordings are mended.
WORKED_ON_FOR = timedelta(days=14)
MOST_GUESSES = 500
# A worker has other work too.
TRANSLATING_SECONDS = 8.0
TRANSLATIONS_KEPT = timedelta(days=90)
RESTING = "contributions.translation_resting"
# Held while one worker translates: two at once would send the same words twice.
TRANSLATING = "contributions.translating"
LONGEST_RUN = 120


@job(retries=0)
def guess_languages_of_new_statements() -> int:
    """What came lately: a machine notes which language it looks like. The next run goes on where this one stopped."""
    done = 0
    by_place: dict[int, list[Statement]] = {}
    for statement in unguessed_statements(timezone.now() - WORKED_ON_FOR, MOST_GUESSES):
        by_place.setdefault(statement.place_id, []).append(statement)
    for place_id, statements in by_place.items():
        with open_place(place_id):
            actor = Actor.system("language recognition")
            done += guess_languages(actor=actor, place=statements[0].place, statements=statements)
    return done


@job(retries=0)
def translate_approved_statements() -> int:
    """Versions by machine for the events whose team wants them. Looks for what is missing, so nothing is forgotten:
    neither what was approved at once, nor what was mended later, nor what a stopped server left behind.

    A server that is unwell is left alone for a while; its failure is no failure of this job.
    """
    server = translation_server()
    if server is None or cache.get(RESTING) or not cache.add(TRANSLATING, True, LONGEST_RUN):
        return 0
    try:
        return _translate(server)
    finally:
        cache.delete(TRANSLATING)


def _translate(server: Server) -> int:
    until = time.monotonic() + TRANSLATING_SECONDS
    stored = 0
    try:
        for gathering in gatherings_to_translate(timezone.now() - WORKED_ON_FOR):
            with open_place(gathering.place):
                stored += _translate_gathering(server, gathering, until)
            if time.monotonic() > until:
                break
    except ServerUnwell as unwell:
        log.warning("Machine translation rests for %d s: %s", unwell.pause, unwell)
        cache.set(RESTING, True, unwell.pause)
    return stored


def _translate_gathering(server: Server, gathering: Gathering, until: float) -> int:
    languages = languages_of_event(gathering)
    # Never one of a rehearsal, never one that is not approved. Read to the end before anything is sent: a reader that
    # stays open while a slow server thinks would keep the database from tidying up.
    approved = Statement.objects.filter(gathering=gathering, state=ModerationState.APPROVED)
    rows = approved.only("pk", "place", "text").order_by("-moderated_at", "id")
    missing = ((row, code) for row in rows for code in languages_to_translate(row.text, languages))
    stored = 0
    for statement, language in list(missing):
        if time.monotonic() > until:
            break
        text = _translated(server, gathering, statement.text, language)
        if text:
            actor = Actor.system("machine translation")
            store_translation(actor=actor, statement=statement, language=language, text=text, source=statement.text)
            stored += 1
    return stored


def _translated(server: Server, gathering: Gathering, words: MultilingualText, language: str) -> str:
    """From the memory, else from the server; empty where it makes nothing of it."""
    key = {
        "digest": hashlib.sha256(words.original_text.encode()).hexdigest(),
        "source_language": words.original,
        "target_language": language,
    }
    known = MachineTranslation.objects.filter(**key).first()
    now = timezone.now()
    if known is not None and (known.text or (known.not_before is not None and known.not_before > now)):
        return known.text
    tries = 1 if known is None else known.tries + 1
    found = {"text": "", "tries": tries, "made_at": now, "not_before": now + PAUSES[min(tries, len(PAUSES)) - 1]}
    try:
        found["text"] = translate(server, words.original_text, source=words.original, target=language)
    except TextRefused as refused:
        log.info("No machine translation from %s to %s: %s", words.original, language, refused)
    MachineTranslation.objects.update_or_create(**key, place_id=gathering.place_id, defaults=found)
    return str(found["text"])


@job()
def forget_old_translations() -> int:
    """What `privacy.py` promises of the memory; what stands at statements stays."""
    with across_places(reason=Reason.SCHEDULED_WORK):
        return MachineTranslation.objects.filter(made_at__lt=timezone.now() - TRANSLATIONS_KEPT).delete()[0]


@job()
def sweep_pictures() -> None:
    """Remove files that no source knows."""
    pictures.sweep(names_of_pictures())


@job()
def forget_who_reported() -> None:
    """Empty the names and addresses of reports that were decided long ago, town by town."""
    for place in Place.objects.filter(slug__isnull=False):
        with open_place(place):
            forget_reporters(actor=Actor.system("retention"), place=place)


@job()
def forget_devices() -> None:
    """Empty the device keys of events that are over, town by town."""
    for place in Place.objects.filter(slug__isnull=False):
        with open_place(place):
            forget_device_keys(actor=Actor.system("retention"), place=place)


schedule(guess_languages_of_new_statements, every=timedelta(seconds=30))
schedule(translate_approved_statements, every=timedelta(seconds=20))
schedule(forget_old_translations, every=timedelta(days=1))
schedule(sweep_pictures, every=timedelta(days=1))
schedule(forget_who_reported, every=timedelta(days=1))
schedule(forget_devices, every=timedelta(days=1))
