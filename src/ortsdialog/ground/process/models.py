"""Programmes, processes, building blocks, tasks, and facts about documented dialogues."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.choices import BlockState, EvidenceLevel, ProcessState, ProgrammeState
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceOwned


class Programme(models.Model):
    """A state's or foundation's line of dialogues: its rules and its template, as data. Shared by all towns.

    `rules` holds what the programme grants: "grant_text" and "note" (texts in several languages, stored
    form), "grant_min_eur_cents", "grant_max_eur_cents".
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = MultilingualField(_("title"))
    motto = MultilingualField(_("motto"), blank=True)
    about = MultilingualField(_("about"), blank=True)
    state = models.CharField(_("state"), max_length=16, choices=ProgrammeState.choices, default=ProgrammeState.RUNNING)
    carried_by = models.TextField(_("carried by"), blank=True)
    starts_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # The intention is public this many days before anyone is invited (DBG § 2(4): three weeks).
    min_days_before_invitation = models.PositiveSmallIntegerField(default=21)
    rules = models.JSONField(default=dict, blank=True)
    sources = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("site:programme", kwargs={"slug": self.slug})

    @property
    def grant_text(self) -> MultilingualText:
        return MultilingualText.from_json(self.rules.get("grant_text"))

    @property
    def note(self) -> MultilingualText:
        return MultilingualText.from_json(self.rules.get("note"))


class BlockTemplate(models.Model):
    """One step of a programme's template. Shared.

    `tasks` is a list of {"key", "title"}; the title is a text in several languages in its stored form.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="block_templates")
    number = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    title = MultilingualField()
    purpose = MultilingualField(blank=True)
    town_share = MultilingualField(blank=True)
    paid_by = MultilingualField(blank=True)
    tasks = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["programme", "number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="block_template_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Process(PlaceOwned):
    """One town's dialogue from start to end.

    Without goal and promise nothing of it can be published. `intention_published_on` proves the date
    from which the waiting time before the first invitation counts. `intention` says what is planned,
    and in which format. `accompanying_group` is a list of {"name", "role"}: offices and associations,
    never persons.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="processes")
    slug = models.SlugField(max_length=80)
    title = MultilingualField(_("title"))
    goal = MultilingualField(_("goal"), blank=True)
    promise = MultilingualField(_("what happens with the results"), blank=True)
    intention = MultilingualField(_("what is planned"), blank=True)
    accompanying_group = models.JSONField(_("accompanying group"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=ProcessState.choices, default=ProcessState.DRAFT)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    intention_published_on = models.DateField(_("intention published on"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["-starts_on", "id"]
        constraints = [models.UniqueConstraint(fields=["place", "slug"], name="process_slug_once")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_archived(self) -> bool:
        """Finished, or only documented: nothing of it is changed any more."""
        return self.state not in (ProcessState.DRAFT, ProcessState.RUNNING)

    def get_absolute_url(self) -> str:
        return reverse("site:process", kwargs={"place": self.place.slug, "process": self.slug})


class BuildingBlock(PlaceOwned):
    """A step of one process, made from the programme's template."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    title = MultilingualField(_("title"))
    purpose = MultilingualField(_("purpose"), blank=True)
    town_share = MultilingualField(_("what the town contributes"), blank=True)
    paid_by = MultilingualField(_("who pays"), blank=True)
    note = MultilingualField(_("what came out of it"), blank=True)
    state = models.CharField(_("state"), max_length=16, choices=BlockState.choices, default=BlockState.OPEN)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["process", "number"]
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class BlockTask(PlaceOwned):
    """Something to do in a block. Done when `done_at` is set. `key` is the template's; own tasks have none."""

    block = models.ForeignKey(BuildingBlock, on_delete=models.CASCADE, related_name="tasks")
    key = models.SlugField(max_length=80, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    title = MultilingualField(_("title"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["block", "number", "id"]

    def __str__(self) -> str:
        return str(self.title)


class DialogueRecord(PlaceOwned):
    """What is known from sources about a dialogue that was not run with this house.

    Unknown stays unknown: numbers are None, lists are empty. `events` is a list of
    {"starts_on", "ends_on", "precision": "day"|"month", "time_text"}; `sources` a list of addresses or titles.
    """

    process = models.OneToOneField(Process, on_delete=models.CASCADE, related_name="record")
    key = models.SlugField(max_length=40, unique=True)
    events = models.JSONField(default=list, blank=True)
    formats = models.JSONField(default=list, blank=True)
    formats_text = models.TextField(blank=True)
    participants_min = models.PositiveIntegerField(null=True, blank=True)
    participants_max = models.PositiveIntegerField(null=True, blank=True)
    participants_note = models.TextField(blank=True)
    topics = models.JSONField(default=list, blank=True)
    groups_reached = models.JSONField(default=list, blank=True)
    methods = models.TextField(blank=True)
    occasion = models.TextField(blank=True)
    moderation = models.TextField(blank=True)
    results = models.TextField(blank=True)
    evidence_level = models.CharField(max_length=24, choices=EvidenceLevel.choices)
    evidence_note = models.TextField(blank=True)
    sources = models.JSONField(default=list)

    class Meta(PlaceOwned.Meta):
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
