"""What this context knows about persons: who leads a table."""

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = [
    PersonalData(
        model="gatherings.Table",
        fields=("host_name", "note_taker_name"),
        why=_(
            "So that the team knows who leads a table and who takes notes, and can print cards. It is not published."
        ),
        kept_for=_("Until the dialogue is finished."),
        export=_("Stands on the host's card, which the person holds in her hand."),
        destroy=_("The names are emptied; table, theme and statements stay."),
    ),
]
