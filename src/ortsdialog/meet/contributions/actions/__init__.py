"""Every change of statements and clusters, by noun."""

from ortsdialog.meet.contributions.actions.editing import edit_statement, restore_revision
from ortsdialog.meet.contributions.actions.intake import Incoming, Submitted, submit_statement, submit_statements
from ortsdialog.meet.contributions.actions.languages import (
    confirm_version,
    correct_language,
    guess_languages,
    renew_version,
    store_translation,
    switch_translation,
)
from ortsdialog.meet.contributions.actions.moderation import approve_statement, hold_statement, return_to_queue
from ortsdialog.meet.contributions.actions.rehearsal import forget_rehearsal
from ortsdialog.meet.contributions.actions.sorting import create_cluster, edit_cluster, put_in_cluster, set_kind
from ortsdialog.meet.contributions.actions.sources import add_source, delete_source, forget_pictures
from ortsdialog.meet.contributions.actions.wording import add_version

__all__ = [
    "Incoming",
    "Submitted",
    "add_source",
    "add_version",
    "approve_statement",
    "confirm_version",
    "correct_language",
    "create_cluster",
    "delete_source",
    "edit_cluster",
    "edit_statement",
    "forget_pictures",
    "forget_rehearsal",
    "guess_languages",
    "hold_statement",
    "put_in_cluster",
    "renew_version",
    "restore_revision",
    "return_to_queue",
    "set_kind",
    "store_translation",
    "submit_statement",
    "submit_statements",
    "switch_translation",
]
