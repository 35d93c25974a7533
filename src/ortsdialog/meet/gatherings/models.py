"""Gatherings, tables, rounds, guiding questions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceOwned
from ortsdialog.meet.gatherings.choices import Format, GatheringState, Moderation

# As long as iPhones keep what a page has stored; after it nobody's phone has anything left to deliver.
LATE_STATEMENTS_FOR = timedelta(days=7)


class Gathering(PlaceOwned):
    """One event on one day. `counted_guests` is the one official count, entered after the event.

    `agenda` is a list of {"starts_at": "14:00", "minutes": 30, "title"}; the title is a text in several
    languages in its stored form.
    """

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="gatherings")
    slug = models.SlugField(max_length=80)
    title = MultilingualField(_("title"))
    about = MultilingualField(_("about"), blank=True)
    format = models.CharField(_("format"), max_length=32, choices=Format.choices, default=Format.THEME_TABLES)
    state = models.CharField(_("state"), max_length=16, choices=GatheringState.choices, default=GatheringState.DRAFT)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    how_to_take_part = MultilingualField(_("how to take part"), blank=True)
    agenda = models.JSONField(_("agenda"), default=list, blank=True)
    expected_guests = models.PositiveIntegerField(_("expected guests"), null=True, blank=True)
    counted_guests = models.PositiveIntegerField(_("counted guests"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    moderation = models.CharField(
        _("statements appear"), max_length=16, choices=Moderation.choices, default=Moderation.PRE
    )
    # Whether approved statements go to the translation server of the installation.
    machine_translation = models.BooleanField(_("machine translation"), default=False)
    # A rehearsal before the evening: what is handed in meanwhile is deleted when it ends.
    is_rehearsing = models.BooleanField(default=False)
    current_round = models.ForeignKey("Round", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(PlaceOwned.Meta):
        ordering = ["starts_at", "id"]
        constraints = [models.UniqueConstraint(fields=["process", "slug"], name="gathering_slug_once")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def takes_statements(self) -> bool:
        return self.state == GatheringState.RUNNING or self.is_rehearsing

    @property
    def takes_late_statements(self) -> bool:
        """Whether the event is over, and what was written before its end still comes in."""
        return (
            self.state == GatheringState.CLOSED
            and self.closed_at is not None
            and timezone.now() - self.closed_at < LATE_STATEMENTS_FOR
        )

    def get_absolute_url(self) -> str:
        return reverse(
            "gatherings:gathering",
            kwargs={"place": self.place.slug, "process": self.process.slug, "gathering": self.slug},
        )


class GuidingQuestion(PlaceOwned):
    """What the tables answer."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = MultilingualField(_("question"))

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [models.UniqueConstraint(fields=["gathering", "number"], name="question_once")]

    def __str__(self) -> str:
        return str(self.text)


class Round(PlaceOwned):
    """A period at the tables, under one guiding question."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    question = models.ForeignKey(GuidingQuestion, on_delete=models.PROTECT, related_name="rounds")
    duration_minutes = models.PositiveSmallIntegerField(_("minutes"), default=35)
    # Given or taken while the round runs; the plan stays as it was.
    extra_minutes = models.SmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [models.UniqueConstraint(fields=["gathering", "number"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def ends_at(self) -> datetime | None:
        """When the round should end; None while nobody has started its clock."""
        if self.started_at is None:
            return None
        return self.started_at + timedelta(minutes=max(1, self.duration_minutes + self.extra_minutes))

    @property
    def leaves_no_trace(self) -> bool:
        """The rounds of a rehearsal are put back as they were; nothing tells of them."""
        return self.gathering.is_rehearsing


class Table(PlaceOwned):
    """A table with a theme.

    `code` is short and public, printed for guests. `host_key` is the secret on the host's card
    (128 bits); whoever holds it leads the table.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField(_("number"))
    theme = MultilingualField(_("theme"))
    host_name = models.CharField(_("host"), max_length=150, blank=True)
    note_taker_name = models.CharField(_("note-taker"), max_length=150, blank=True)
    interpreter_languages = models.JSONField(_("interpreters for"), default=list, blank=True)
    code = models.CharField(max_length=12, unique=True)
    host_key = models.CharField(max_length=64, unique=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["gathering", "number"]
        constraints = [models.UniqueConstraint(fields=["gathering", "number"], name="table_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.theme}"


class Announcement(PlaceOwned):
    """A word from the coordinator to all tables of an event, until it is withdrawn."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="announcements")
    text = MultilingualField(_("announcement"))
    sent_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    rehearsal = models.BooleanField(default=False)

    class Meta(PlaceOwned.Meta):
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def leaves_no_trace(self) -> bool:
        """What is announced in a rehearsal is deleted with it."""
        return self.rehearsal
