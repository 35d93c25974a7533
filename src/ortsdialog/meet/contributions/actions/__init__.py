"""Every change of statements and clusters, by noun."""

from ortsdialog.meet.contributions.actions.editing import edit_statement, restore_revision
from ortsdialog.meet.contributions.actions.forgetting import forget_device_keys, forget_reporters
from ortsdialog.meet.contributions.actions.intake import Incoming, Submitted, submit_statement, submit_statements
from ortsdialog.meet.contributions.actions.languages import (
    confirm_version,
    correct_language,
    guess_languages,
    renew_version,
    store_translation,
    switch_translation,
)
from ortsdialog.meet.contributions.actions.moderation import (
    approve_known,
    approve_statement,
    hold_device,
    hold_statement,
    return_deed,
    return_to_queue,
)
from ortsdialog.meet.contributions.actions.queue import claim_next, pass_over, release_claims, renew_claim, take_up
from ortsdialog.meet.contributions.actions.rehearsal import forget_rehearsal
from ortsdialog.meet.contributions.actions.reports import dismiss_report, file_report, uphold_report
from ortsdialog.meet.contributions.actions.sorting import create_cluster, edit_cluster, put_in_cluster, set_kind
from ortsdialog.meet.contributions.actions.sources import add_source, delete_source, forget_pictures
from ortsdialog.meet.contributions.actions.wording import add_version

__all__ = [
    "Incoming",
    "Submitted",
    "add_source",
    "add_version",
    "approve_known",
    "approve_statement",
    "claim_next",
    "confirm_version",
    "correct_language",
    "create_cluster",
    "delete_source",
    "dismiss_report",
    "edit_cluster",
    "edit_statement",
    "file_report",
    "forget_device_keys",
    "forget_pictures",
    "forget_rehearsal",
    "forget_reporters",
    "guess_languages",
    "hold_device",
    "hold_statement",
    "pass_over",
    "put_in_cluster",
    "release_claims",
    "renew_claim",
    "renew_version",
    "restore_revision",
    "return_deed",
    "return_to_queue",
    "set_kind",
    "store_translation",
    "submit_statement",
    "submit_statements",
    "switch_translation",
    "take_up",
    "uphold_report",
]
