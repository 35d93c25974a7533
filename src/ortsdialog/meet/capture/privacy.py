"""What capture knows of devices. Of guests it knows nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = (
    PersonalData(
        model="capture.Device",
        fields=("key", "table", "language", "unsent_count", "first_seen_at", "last_seen_at"),
        why=_(
            "During the evening the coordinator has to see which tables are alive and which devices hold back "
            "statements that have not been sent. The key is made anew for each event and leads to nobody."
        ),
        kept_for=_("Seven days after the event."),
        export=_("There is nothing to export: no entry can be assigned to a person."),
        destroy=_("A daily job deletes the devices of events that are over."),
    ),
    PersonalData(
        model="capture.HostHandover",
        fields=("table", "created_at", "used_at", "device_mark"),
        why=_(
            "Whoever gives a table to another host stops leading it. For that, a random mark of the device stands "
            "beside the hand-over. It names nobody."
        ),
        kept_for=_("One day after the link has expired."),
        export=_("There is nothing to export: no entry can be assigned to a person."),
        destroy=_("A daily job deletes old hand-overs; those of a rehearsal go with it."),
    ),
)
