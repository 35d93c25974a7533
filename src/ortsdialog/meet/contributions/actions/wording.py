"""The words of a statement: its versions in other languages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import State
from ortsdialog.meet.contributions.actions.rows import locked, tell
from ortsdialog.meet.contributions.models import FormerTranslation, Statement
from ortsdialog.meet.contributions.words import checked_language, checked_text


def add_version(*, actor: Actor, statement: Statement, language: str, text: str, state: State) -> Statement:
    """Add or replace a translation of a statement. The words that were said stay as they are."""
    require(actor, "contributions.moderate_statement", statement)
    text, language = checked_text(text), checked_language(language)
    if language == statement.text.original:
        raise ValidationError(_("These are the words that were said. They are not changed."), code="original")
    with recorded("contributions.add_version", actor=actor, on=statement, detail={"language": language}):
        statement = locked(statement)
        _keep_former(statement, language, text, actor)
        statement.text = statement.text.with_version(language, text, state)
        statement.save(update_fields=["text"])
        tell(statement)
    return statement


def _keep_former(statement: Statement, language: str, text: str, actor: Actor) -> None:
    """What a person had written there is kept; what a machine wrote can be had again."""
    former = statement.text.versions.get(language, {})
    if former.get("state") == State.CHECKED and former["text"] != text:
        FormerTranslation.objects.create(
            place_id=statement.place_id,
            statement=statement,
            language=language,
            text=former["text"],
            replaced_by=actor.label[:200],
        )
