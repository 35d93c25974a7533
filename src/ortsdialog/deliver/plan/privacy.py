"""What the plan holds about people: who was asked to own a measure, and the address of the question."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = (
    PersonalData(
        model="plan.OwnerRequest",
        fields=("owner_name", "owner_email", "message", "answer_reason"),
        why=_(
            "An office, a group or a person is asked to take a measure on. The name and the answer are public; "
            "the e-mail address serves only to send the question."
        ),
        kept_for=_("Name and answer as long as the plan exists; the e-mail address until the dialogue is finished."),
        export=_("With the plan of the town; for the person asked on request to the town."),
        destroy=_(
            "The coordinator replaces a person by her office; the house empties the address when the "
            "dialogue is finished."
        ),
    ),
    PersonalData(
        model="plan.Measure",
        fields=("owner_name",),
        why=_("Everybody can see who has agreed to carry a measure."),
        kept_for=_("As long as the plan exists."),
        export=_("With the plan of the town."),
        destroy=_("The measure is put back or another owner is asked; the name then leaves the page."),
    ),
)
