"""What statements hold about people: nothing on purpose, but words may tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = (
    PersonalData(
        model="contributions.Source",
        fields=("picture", "caption", "uploaded_by"),
        why=_(
            "Photos of pin boards, tablecloths and cards show what was written on them, so that somebody can write it "
            "down and check it later. They should show no faces; whoever adds one is told so. Place, time and device, "
            "which a phone writes into a photo, are removed before it is stored. Only the team and the host of the "
            "table see a photo; it is never published."
        ),
        kept_for=_("Until the end of the dialogue. A photo from which nothing was written down can go at any time."),
        export=_("On request, by the town."),
        destroy=_("With the end of the dialogue the pictures are deleted from the disk; the statements stay."),
    ),
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
    PersonalData(
        model="contributions.Revision",
        fields=("text", "reason", "made_by"),
        why=_("Every wording of a statement is kept, so that nobody's words are lost or changed unseen."),
        kept_for=_("As long as the statement. Of hosts at the tables only the table is stored, of staff the name."),
        export=_("Whoever holds the receipt code sees the first wording and that it was reworded."),
        destroy=_("Together with the statement."),
    ),
    PersonalData(
        model="contributions.FormerTranslation",
        fields=("text", "replaced_by"),
        why=_("A translation that somebody has replaced is kept, so that nobody's work is lost or changed unseen."),
        kept_for=_("As long as the statement."),
        export=_("With the statements of the dialogue, by the town."),
        destroy=_("Together with the statement."),
    ),
    PersonalData(
        model="contributions.MachineTranslation",
        fields=("text",),
        why=_(
            "Where the team has switched machine translation on for an event, approved statements are sent to the "
            "translation server of the installation. What it made of them is kept, so that nothing is sent twice."
        ),
        kept_for=_("90 days. What stands at the statement stays as long as the statement."),
        export=_("With the statements of the dialogue, by the town."),
        destroy=_("A daily job deletes old translations."),
    ),
    PersonalData(
        model="contributions.Report",
        fields=("reporter_name", "reporter_email", "words"),
        why=_("Whoever reports a statement may say who she is, to get an answer. She need not."),
        kept_for=_("Name and e-mail until 90 days after the decision; the report itself as long as the statement."),
        export=_("On request, by the town."),
        destroy=_("A daily job empties name and e-mail of old reports."),
    ),
    PersonalData(
        model="contributions.Statement",
        fields=("device_key", "entered_by"),
        why=_(
            "During the evening the key tells devices apart, so that nobody floods the wall. It names nobody. "
            "Who keyed in a paper card stands beside it, for questions."
        ),
        kept_for=_("The device key until seven days after the event; who keyed in, as long as the statement."),
        export=_("With the statements of the dialogue, by the town."),
        destroy=_("A daily job empties the device keys of finished events."),
    ),
)
