"""Walls, devices at the tables, paper cards, and handing a table over."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.tenancy import PlaceOwned
from ortsdialog.meet.capture.choices import Arrangement, DeviceRole
from ortsdialog.meet.capture.codes import grouped
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table


class Wall(PlaceOwned):
    """A display in the hall. Whoever knows the code may show it; it shows approved statements only."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="walls")
    number = models.PositiveSmallIntegerField(default=1)
    # Where it hangs, in the words of whoever set it up: "Empore". For the desk alone.
    name = models.CharField(_("name"), max_length=60, blank=True)
    code = models.CharField(max_length=20, unique=True)
    second_language = models.CharField(max_length=8, blank=True)
    arrangement = models.CharField(_("cards"), max_length=16, choices=Arrangement.choices, default=Arrangement.MIXED)
    # Set while the cards stand still: what was approved later waits.
    paused_at = models.DateTimeField(null=True, blank=True)
    # How many screens back from the newest cards, and since when: what is approved later would push them on.
    steps_back = models.PositiveSmallIntegerField(default=0)
    stepped_at = models.DateTimeField(null=True, blank=True)
    highlighted = models.ForeignKey(Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The question alone, for a talk in the room.
    is_quiet = models.BooleanField(default=False)

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [models.UniqueConstraint(fields=["gathering", "number"], name="wall_once")]

    def __str__(self) -> str:
        return f"wall {self.number} of gathering {self.gathering_id}"

    def get_absolute_url(self) -> str:
        return reverse("capture:wall", kwargs={"code": self.code})


class Device(PlaceOwned):
    """A phone or tablet at a table, as far as it tells by itself. It has a number of the evening, no owner.

    Deleted soon after the event.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="devices")
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.CASCADE, related_name="devices")
    key = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=DeviceRole.choices, default=DeviceRole.GUEST)
    language = models.CharField(max_length=8, blank=True)
    unsent_count = models.PositiveIntegerField(default=0)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta(PlaceOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["gathering", "key"], name="device_once")]
        # The control room: who spoke last at which table.
        indexes = [models.Index(fields=["gathering", "table", "-last_seen_at"], name="device_sign_of_life")]

    def __str__(self) -> str:
        return f"{self.role} device of gathering {self.gathering_id}"


class PaperCard(PlaceOwned):
    """A printed card: its code names table, round and question, its receipt code is torn off for the writer."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="paper_cards")
    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="paper_cards")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.CASCADE, related_name="paper_cards")
    question = models.ForeignKey(
        GuidingQuestion, null=True, blank=True, on_delete=models.CASCADE, related_name="paper_cards"
    )
    code = models.CharField(max_length=12, unique=True)
    receipt_code = models.CharField(max_length=20, unique=True)
    printed_at = models.DateTimeField(default=timezone.now)
    # Counts the times that somebody printed for the event: the cards of one time come out as one document.
    batch = models.PositiveIntegerField(default=0)
    statement = models.OneToOneField(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="paper_card"
    )

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "id"]

    def __str__(self) -> str:
        return f"card {self.code}"

    @property
    def written_code(self) -> str:
        """As it is printed: "ACD-EFG"."""
        return grouped(self.code)


class HostHandover(PlaceOwned):
    """A link that works once and for minutes: whoever opens it leads the table from then on."""

    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="handovers")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # The random mark of the device that offers, as its cookie says; and whether it stops when the link is used.
    device_mark = models.CharField(max_length=32, blank=True)
    ends_device = models.BooleanField(default=False)

    class Meta(PlaceOwned.Meta):
        ordering = ["-created_at"]
        # Asked with every page of a host: has this device handed its table over?
        indexes = [models.Index(fields=["table", "device_mark"], name="handover_device")]

    def __str__(self) -> str:
        return f"hand-over of table {self.table_id}"

    @property
    def leaves_no_trace(self) -> bool:
        """A hand-over in a rehearsal is deleted with it."""
        return self.table.gathering.is_rehearsing

    @property
    def is_open(self) -> bool:
        return self.used_at is None and timezone.now() < self.expires_at
