"""Every change of an event: preparing it, the evening itself, announcements, and the rehearsal before."""

from ortsdialog.meet.gatherings.actions.announcements import (
    LONGEST_ANNOUNCEMENT,
    send_announcement,
    withdraw_announcement,
)
from ortsdialog.meet.gatherings.actions.evening import (
    close_gathering,
    end_round,
    extend_round,
    reopen_gathering,
    start_gathering,
    start_round,
)
from ortsdialog.meet.gatherings.actions.preparing import (
    create_gathering,
    edit_gathering,
    enter_count,
    forget_names,
    publish_gathering,
    renew_host_key,
    set_moderation,
    translate_gathering,
)
from ortsdialog.meet.gatherings.actions.rehearsal import begin_rehearsal, end_rehearsal

__all__ = [
    "LONGEST_ANNOUNCEMENT",
    "begin_rehearsal",
    "close_gathering",
    "create_gathering",
    "edit_gathering",
    "end_rehearsal",
    "end_round",
    "enter_count",
    "extend_round",
    "forget_names",
    "publish_gathering",
    "renew_host_key",
    "reopen_gathering",
    "send_announcement",
    "set_moderation",
    "start_gathering",
    "start_round",
    "translate_gathering",
    "withdraw_announcement",
]
