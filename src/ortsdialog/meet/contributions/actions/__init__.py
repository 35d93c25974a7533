"""Every change of statements and clusters, by noun."""

from ortsdialog.meet.contributions.actions.editing import edit_statement, restore_revision
from ortsdialog.meet.contributions.actions.intake import Incoming, Submitted, submit_statement, submit_statements
from ortsdialog.meet.contributions.actions.moderation import approve_statement, hold_statement, return_to_queue
from ortsdialog.meet.contributions.actions.rehearsal import forget_rehearsal
from ortsdialog.meet.contributions.actions.sorting import create_cluster, edit_cluster, put_in_cluster, set_kind
from ortsdialog.meet.contributions.actions.wording import add_version

__all__ = [
    "Incoming",
    "Submitted",
    "add_version",
    "approve_statement",
    "create_cluster",
    "edit_cluster",
    "edit_statement",
    "forget_rehearsal",
    "hold_statement",
    "put_in_cluster",
    "restore_revision",
    "return_to_queue",
    "set_kind",
    "submit_statement",
    "submit_statements",
]
