"""Personal data has an owner: every context lists what it holds about people, and why, in its `privacy.py`.

The list is the ground of the record of processing activities and of the privacy page. A test compares
it with the models, so a new column about people cannot slip in without its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PersonalData:
    """What one model holds about people. The texts are for residents and data protection officers.

    `model` is the label ("accounts.User"); `fields` are names of its columns. The other parts are
    translatable texts in whole sentences.
    """

    model: str
    fields: tuple[str, ...]
    why: Any
    kept_for: Any
    export: Any
    destroy: Any


PERSONAL_DATA = [
    PersonalData(
        model="kernel.AuditEntry",
        fields=("actor_user_id", "actor_label"),
        why=_("Whoever changes something answers for it; the log says who did what, when and why."),
        kept_for=_("As long as the installation stands."),
        export=_("On request, by the administrator."),
        destroy=_("Entries are never changed one by one, so that nobody can rewrite what happened."),
    ),
    PersonalData(
        model="django_tasks_db.DBTaskResult",
        fields=("args_kwargs",),
        why=_("A mail waits here with its address and its text until it has left."),
        kept_for=_("One day after it has left; 14 days if it could not be delivered."),
        export=_("On request, by the administrator."),
        destroy=_("A daily job deletes finished entries."),
    ),
]
