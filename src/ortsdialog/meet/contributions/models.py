"""Statements and clusters."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceOwned
from ortsdialog.meet.contributions.choices import Channel, Kind, ModerationState
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table


class Cluster(PlaceOwned):
    """Statements of one process that belong together."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="clusters")
    number = models.PositiveIntegerField()
    title = MultilingualField(_("title"))
    summary = MultilingualField(_("summary"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(PlaceOwned.Meta):
        ordering = ["process", "number"]
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="cluster_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Statement(PlaceOwned):
    """What somebody said at a table.

    The primary key is made on the sender's device, so that sending twice stores once.
    `receipt_code` is random and stored with the statement alone. `received_at` is the server's
    time and decides; `sent_at` is what the device claims.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="statements")
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="statements")
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.PROTECT, related_name="statements")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="statements")
    question = models.ForeignKey(
        GuidingQuestion, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    text = MultilingualField(_("statement"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.UNSORTED)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, default=Channel.PHONE)
    said_by_count = models.PositiveSmallIntegerField(_("said by"), default=1)
    state = models.CharField(
        _("state"), max_length=16, choices=ModerationState.choices, default=ModerationState.PENDING
    )
    state_reason = models.TextField(_("reason"), blank=True)
    cluster = models.ForeignKey(Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="statements")
    receipt_code = models.CharField(max_length=20, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    moderated_at = models.DateTimeField(null=True, blank=True)
    sorted_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["received_at", "id"]
        indexes = [
            # Wall and public lists: approved statements of a gathering, newest first.
            models.Index(fields=["gathering", "state", "-received_at"], name="statement_wall"),
            # The table's own list and its queue.
            models.Index(fields=["table", "state", "-received_at"], name="statement_table"),
            # Sorting: statements of a process with and without cluster.
            models.Index(fields=["process", "state", "cluster"], name="statement_sorting"),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]

    @property
    def is_public(self) -> bool:
        return self.state == ModerationState.APPROVED

    def get_absolute_url(self) -> str:
        return reverse("site:receipt", kwargs={"code": self.receipt_code})
