"""Statements and clusters."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceManager, PlaceOwned
from ortsdialog.meet.contributions.choices import (
    Channel,
    HoldReason,
    Kind,
    ModerationState,
    ReportState,
    SourceKind,
)
from ortsdialog.meet.contributions.receipts import new_handle
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


class Source(PlaceOwned):
    """A photo of a pin board, a tablecloth or a card, from which statements were written down.

    The picture is stored without its metadata, under a random name; only the team and the table's host see it.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="sources")
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.PROTECT, related_name="sources")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="sources")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=16, choices=SourceKind.choices, default=SourceKind.PIN_BOARD)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    picture = models.CharField(max_length=120, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.CharField(max_length=200, blank=True)
    rehearsal = models.BooleanField(default=False)

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="source_number_once"),
            # The same photo sent twice is one source.
            models.UniqueConstraint(fields=["gathering", "sha256"], name="source_picture_once"),
        ]

    def __str__(self) -> str:
        return f"source {self.number} of gathering {self.gathering_id}"

    @property
    def leaves_no_trace(self) -> bool:
        """A photo of a rehearsal is destroyed with it."""
        return self.rehearsal

    @property
    def has_picture(self) -> bool:
        """Photos are destroyed when the dialogue ends; what was written down from them stays."""
        return self.picture.endswith(".jpg")


# What stands as the guessed language where a machine looked and could not tell.
UNKNOWN_LANGUAGE = "-"


class StatementManager(PlaceManager):
    """The statements of the dialogue. What was said in a rehearsal is none."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(rehearsal=False)


class Statement(PlaceOwned):
    """What somebody said at a table.

    The primary key is made on the sender's device, so that sending twice stores once; whoever knows it and the
    words gets the receipt, so it stands in no address and no live event: `handle` does. `receipt_code` is random
    and stored with the statement alone. `received_at` is the server's time and decides; `sent_at` is what the
    device claims, `collected_on` the day that somebody wrote a paper card.

    `version` counts the wordings that were taken (see `Revision`). `device_key` tells apart the devices of one
    evening and is emptied soon after it; it leads to no device of another evening and to nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=new_handle, editable=False)
    # Each of the three begins an index below; one more for it alone would only slow down what comes in.
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="statements", db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="statements", db_index=False)
    table = models.ForeignKey(
        Table, null=True, blank=True, on_delete=models.PROTECT, related_name="statements", db_index=False
    )
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="statements")
    question = models.ForeignKey(
        GuidingQuestion, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    text = MultilingualField(_("statement"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.UNSORTED)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, default=Channel.PHONE)
    said_by_count = models.PositiveSmallIntegerField(_("said by"), default=1)
    # Spoken through an interpreter: the words are hers, not the speaker's.
    interpreted = models.BooleanField(_("said by interpreter"), default=False)
    # What a machine took the language for; empty until it has looked, "-" where it could not tell.
    guessed_language = models.CharField(max_length=8, blank=True)
    collected_on = models.DateField(_("collected on"), null=True, blank=True)
    entered_by = models.CharField(_("entered by"), max_length=200, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="statements")
    version = models.PositiveIntegerField(default=1)
    device_key = models.CharField(max_length=32, blank=True)
    rehearsal = models.BooleanField(default=False)
    state = models.CharField(
        _("state"), max_length=16, choices=ModerationState.choices, default=ModerationState.PENDING
    )
    # Where a person decided: why, in the words of the list, for the writer, and for the team alone.
    hold_reason = models.CharField(_("reason"), max_length=16, choices=HoldReason.choices, blank=True)
    reason_for_writer = models.TextField(_("words to the writer"), blank=True)
    state_reason = models.TextField(_("note for the team"), blank=True)
    # What the machine suspects: [{"kind": HintKind, "start": 4, "length": 11}], in characters of the original.
    hints = models.JSONField(default=list, blank=True)
    # Who looks at it in the queue just now, so that nobody else meets it there.
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    cluster = models.ForeignKey(Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="statements")
    receipt_code = models.CharField(max_length=20, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    moderated_at = models.DateTimeField(null=True, blank=True)
    sorted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StatementManager] = StatementManager()
    # With those of a rehearsal: for the live pages of an event, and for Django's own look-ups.
    everything: ClassVar[PlaceManager] = PlaceManager()

    class Meta(PlaceOwned.Meta):
        base_manager_name = "everything"
        ordering = ["received_at", "id"]
        indexes = [
            # Wall and public lists: approved statements of a gathering, newest first.
            models.Index(fields=["gathering", "state", "-received_at"], name="statement_wall"),
            # The table's own list and its queue.
            models.Index(fields=["table", "state", "-received_at"], name="statement_table"),
            # Sorting: statements of a process with and without cluster.
            models.Index(fields=["process", "state", "cluster"], name="statement_sorting"),
            # What was decided last, to take it back. What waits has no row here.
            models.Index(
                fields=["place", "-moderated_at"],
                name="statement_decided",
                condition=models.Q(moderated_at__isnull=False),
            ),
            # What a device has had approved or held back: read at each arrival and by the queue.
            models.Index(fields=["device_key", "state"], name="statement_device", condition=~models.Q(device_key="")),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]

    @property
    def is_public(self) -> bool:
        return self.state == ModerationState.APPROVED

    @property
    def doubted_language(self) -> str:
        """Which other language a machine takes the words for; empty where there is no doubt, or somebody has looked."""
        doubt = self.guessed_language not in ("", UNKNOWN_LANGUAGE, self.text.original)
        return self.guessed_language if doubt else ""

    @property
    def leaves_no_trace(self) -> bool:
        """What is said in a rehearsal is deleted with it, so nothing may speak of it elsewhere."""
        return self.rehearsal

    def get_absolute_url(self) -> str:
        return reverse("site:receipt", kwargs={"code": self.receipt_code})


class Revision(PlaceOwned):
    """One wording that a statement had, or that somebody wrote for it. Rows are added, never changed.

    The first row is written at the first edit and holds what was said. `version` counts those that were taken;
    a wording that came too late because somebody else had written meanwhile has none, and is kept all the same.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(null=True, blank=True)
    # The version that lay before whoever wrote this one.
    based_on = models.PositiveIntegerField(default=0)
    text = MultilingualField(_("statement"))
    said_by_count = models.PositiveSmallIntegerField(_("said by"), default=1)
    interpreted = models.BooleanField(_("said by interpreter"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["statement", "id"]
        constraints = [models.UniqueConstraint(fields=["statement", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"version {self.version or '-'} of {self.statement_id}"


class MachineTranslation(PlaceOwned):
    """What the translation server made of a text, so that the same words are sent once.

    Only the digest of the words stands here, not the words. An empty `text` is a refusal: it is asked again after
    `not_before`, later each time.
    """

    digest = models.CharField(max_length=64)
    source_language = models.CharField(max_length=8)
    target_language = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "digest", "source_language", "target_language"], name="machine_translation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_language} → {self.target_language}"


class FormerTranslation(PlaceOwned):
    """A translation by a person that another one has replaced. Rows are added, never changed."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="former_translations")
    language = models.CharField(max_length=8)
    text = models.TextField(_("translation"))
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.CharField(max_length=200, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["statement", "-id"]

    def __str__(self) -> str:
        return f"former {self.language} of {self.statement_id}"


class Report(PlaceOwned):
    """Somebody says that a public statement should not be there. Name and e-mail are optional."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="reports")
    code = models.CharField(max_length=20, unique=True)
    reason = models.CharField(_("reason"), max_length=16, choices=HoldReason.choices)
    words = models.TextField(_("what is wrong with it"))
    reporter_name = models.CharField(_("name"), max_length=150, blank=True)
    reporter_email = models.EmailField(_("e-mail"), blank=True)
    # In which the reporter read the form: the answer goes out in it.
    language = models.CharField(max_length=8, default="de")
    state = models.CharField(_("state"), max_length=16, choices=ReportState.choices, default=ReportState.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"report {self.pk} on {self.statement_id}"
