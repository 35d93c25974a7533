"""Django looks for models here; each lives beside the code that uses it."""

from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.jobs import ScheduledRun
from ortsdialog.kernel.live.events import LiveEvent

__all__ = ["AuditEntry", "LiveEvent", "ScheduledRun"]
