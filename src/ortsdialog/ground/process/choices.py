"""States of processes, blocks and of the evidence for a documented dialogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeState(models.TextChoices):
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")


class ProcessState(models.TextChoices):
    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("finished")
    # A dialogue from the sources of which nobody can say whether it took place.
    NOT_KNOWN = "not_known", _("outcome not known")


class BlockState(models.TextChoices):
    OPEN = "open", _("planned")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")


class EvidenceLevel(models.TextChoices):
    DOCUMENTED = "documented", _("documented")
    PARTLY_DOCUMENTED = "partly_documented", _("partly documented")
    ANNOUNCED_ONLY = "announced_only", _("announced, not known whether it took place")
    NAMED_ONLY = "named_only", _("named only")
