"""What statements hold about people: nothing on purpose, but words may tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = (
    PersonalData(
        model="contributions.Statement",
        fields=("text", "state_reason", "receipt_code"),
        why=_(
            "What was said at the tables is the result of the dialogue. Who said it is not stored. "
            "Somebody may nevertheless name herself or others in a text; approval before publication holds that back."
        ),
        kept_for=_("As long as the dialogue is documented. A statement that is held back is never published."),
        export=_("Whoever holds the receipt code sees the statement and its way on a page of its own."),
        destroy=_(
            "Whoever names the receipt code has the text held back at once; the operator of the site deletes it "
            "when the town says so."
        ),
    ),
)
