"""In which language something was said, and what machines made of it in others."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entry, recorded
from ortsdialog.kernel.language import MultilingualText, State, digest
from ortsdialog.kernel.language.recognition import recognise
from ortsdialog.meet.contributions.actions.rows import locked, tell
from ortsdialog.meet.contributions.models import UNKNOWN_LANGUAGE, Statement
from ortsdialog.meet.contributions.queries import languages_to_translate
from ortsdialog.meet.contributions.words import LONGEST, checked_language, clean_text
from ortsdialog.meet.gatherings.models import Gathering

# A machine may need more words than the person did, within reason.
LONGEST_TRANSLATION = 2 * LONGEST


def guess_languages(*, actor: Actor, place: Place, statements: Iterable[Statement]) -> int:
    """Note for each statement what language it looks like; returns how many. What people chose is not touched.

    One audit entry for all: a guess decides nothing.
    """
    require(actor, "contributions.see_unapproved", place)
    by_language: dict[str, list[Statement]] = {}
    for statement in statements:
        # Outside the transaction: it takes the worker's time and no lock.
        found = recognise(statement.text.original_text) or UNKNOWN_LANGUAGE
        by_language.setdefault(found, []).append(statement)
    number = 0
    with transaction.atomic():
        for language, found_in in by_language.items():
            # Only where nobody was faster: a person may have said meanwhile what it is.
            rows = Statement.everything.filter(pk__in=[s.pk for s in found_in], guessed_language="")
            number += rows.update(guessed_language=language)
        # The hosts' pages have a hint to show now: one call a table, whoever hears it looks for everything.
        doubtful = {
            s.table_id: s
            for code, found_in in by_language.items()
            for s in found_in
            if code not in (UNKNOWN_LANGUAGE, s.text.original)
        }
        for statement in doubtful.values():
            tell(statement)
        if any(not statement.rehearsal for found_in in by_language.values() for statement in found_in):
            note_entry("contributions.guess_languages", actor=actor, on=place, detail={"number": number})
    return number


def correct_language(*, actor: Actor, statement: Statement, language: str) -> Statement:
    """Say in which language the words were said; the words stay. The same language again confirms it.

    To take it back, correct it once more: see `MultilingualText.spoken_in`.
    """
    require(actor, "contributions.moderate_statement", statement)
    language = checked_language(language)
    detail = {"from": statement.text.original, "to": language}
    with recorded("contributions.correct_language", actor=actor, on=statement, detail=detail) as noted:
        statement = locked(statement)
        noted["from"] = statement.text.original
        statement.text = statement.text.spoken_in(language)
        # A person has looked: what the machine thought is no matter any more.
        statement.guessed_language = language
        statement.save(update_fields=["text", "guessed_language"])
        tell(statement)
    return statement


def confirm_version(*, actor: Actor, statement: Statement, language: str, of: str) -> Statement:
    """Say that a machine's version is right. `of` is the digest of the version that was read.

    Refused where it has changed since, or where the words themselves have.
    """
    require(actor, "contributions.moderate_statement", statement)
    with recorded("contributions.confirm_version", actor=actor, on=statement, detail={"language": language}):
        statement = locked(statement)
        text = statement.text
        if text.state_of(language) not in (State.MACHINE, State.CHECKED) or digest(text.text_in(language)) != of:
            raise ValidationError(
                _("The translation has changed meanwhile. Please read it once more."), code="version_changed"
            )
        statement.text = text.with_version(language, text.text_in(language), State.CHECKED)
        statement.save(update_fields=["text"])
        tell(statement)
    return statement


def renew_version(*, actor: Actor, statement: Statement, language: str) -> Statement:
    """Ask for a new machine version where the one that stands there is out of date. It stays till then."""
    require(actor, "contributions.moderate_statement", statement)
    with recorded("contributions.renew_version", actor=actor, on=statement, detail={"language": language}):
        statement = locked(statement)
        if statement.text.state_of(language) != State.OUT_OF_DATE:
            raise ValidationError(_("This translation is not out of date."), code="not_out_of_date")
        version = {**statement.text.versions[language], "state": State.MACHINE.value}
        statement.text = MultilingualText(statement.text.original, {**statement.text.versions, language: version})
        statement.save(update_fields=["text"])
        tell(statement)
    return statement


def store_translation(
    *, actor: Actor, statement: Statement, language: str, text: str, source: MultilingualText
) -> Statement:
    """Put a machine's version beside the words it was made from (`source`). A checked one is never overwritten.

    Where the words, their language or the approval have changed since, nothing is stored.
    """
    require(actor, "contributions.moderate_statement", statement)
    text = clean_text(text)
    with transaction.atomic():
        statement = locked(statement)
        now = statement.text
        unchanged = (now.original, now.original_text) == (source.original, source.original_text)
        fits = bool(text) and len(text) <= LONGEST_TRANSLATION
        if not (fits and unchanged and statement.is_public and language in languages_to_translate(now, [language])):
            return statement
        with recorded("contributions.store_translation", actor=actor, on=statement, detail={"language": language}):
            statement.text = now.with_version(language, text, State.MACHINE)
            statement.save(update_fields=["text"])
            tell(statement)
    return statement


def switch_translation(*, actor: Actor, gathering: Gathering, on: bool) -> Gathering:
    """Decide whether the approved statements of an event go to the translation server of the installation."""
    require(actor, "contributions.switch_translation", gathering)
    with recorded("contributions.switch_translation", actor=actor, on=gathering, detail={"on": on}):
        gathering.machine_translation = on
        gathering.save(update_fields=["machine_translation"])
    return gathering
