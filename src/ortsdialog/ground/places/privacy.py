"""What places holds about people: the contact that a town publishes."""

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = [
    PersonalData(
        model="places.PlaceProfile",
        fields=("contact_office", "contact_email", "contact_phone", "contact_address"),
        why=_("Residents need somebody to ask. The town names an office; a person's name is not asked for."),
        kept_for=_("As long as the town takes part."),
        export=_("It stands on the town's public contact page."),
        destroy=_("The town empties the fields at its desk."),
    ),
]
