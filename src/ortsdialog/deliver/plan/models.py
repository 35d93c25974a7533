"""Master plan, fields of action, goals, measures, owner requests, history of states."""

from __future__ import annotations

import hashlib

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.choices import OWNED, MeasureState, OwnerAnswer
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language.fields import MultilingualField
from ortsdialog.kernel.tenancy import PlaceOwned
from ortsdialog.meet.contributions.models import Cluster


def digest_of(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


class MasterPlan(PlaceOwned):
    """The plan of one process."""

    process = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="master_plan")
    vision = MultilingualField(_("vision"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"plan of process {self.process_id}"

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    def get_absolute_url(self) -> str:
        return reverse("plan:plan", kwargs={"place": self.place.slug, "process": self.process.slug})


class FieldOfAction(PlaceOwned):
    """A chapter of the plan: Wohnen, Bildung, Arbeit …"""

    plan = models.ForeignKey(MasterPlan, on_delete=models.CASCADE, related_name="fields")
    number = models.PositiveSmallIntegerField()
    title = MultilingualField(_("title"))

    class Meta(PlaceOwned.Meta):
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="field_once")]

    def __str__(self) -> str:
        return str(self.title)


class Goal(PlaceOwned):
    """What a field of action wants to reach, and how one would notice."""

    field = models.ForeignKey(FieldOfAction, on_delete=models.CASCADE, related_name="goals")
    number = models.PositiveSmallIntegerField(default=1)
    title = MultilingualField(_("title"))
    indicator = MultilingualField(_("indicator"), blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["field", "number", "id"]

    def __str__(self) -> str:
        return str(self.title)


class Measure(PlaceOwned):
    """Something that somebody will do. Numbers count within the plan and stay."""

    plan = models.ForeignKey(MasterPlan, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveIntegerField()
    field = models.ForeignKey(FieldOfAction, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    title = MultilingualField(_("title"))
    description = MultilingualField(_("description"), blank=True)
    state = models.CharField(_("state"), max_length=16, choices=MeasureState.choices, default=MeasureState.PROPOSED)
    # Why it is declined or not possible; shown to everybody.
    reason = MultilingualField(_("reason"), blank=True)
    owner_name = models.CharField(_("owner"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    cost_eur_cents = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    funding = models.CharField(_("funding"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(PlaceOwned.Meta):
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="measure_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_owned(self) -> bool:
        """Somebody has agreed to carry it."""
        return self.state in OWNED

    @property
    def cost_eur(self) -> int | None:
        """Whole euros, for reading."""
        return None if self.cost_eur_cents is None else round(self.cost_eur_cents / 100)

    def get_absolute_url(self) -> str:
        return reverse(
            "plan:measure",
            kwargs={"place": self.place.slug, "process": self.plan.process.slug, "number": self.number},
        )


class MeasureOrigin(PlaceOwned):
    """A measure came from this cluster; so its statements can be followed."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="origins")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="measure_origins")

    class Meta(PlaceOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["measure", "cluster"], name="origin_once")]

    def __str__(self) -> str:
        return f"{self.cluster_id} → {self.measure_id}"


class MeasureChange(PlaceOwned):
    """One step of a measure's history, public."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=16, choices=MeasureState.choices)
    at = models.DateTimeField(default=timezone.now)
    note = MultilingualField(_("note"), blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["measure", "at", "id"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.state}"


class OwnerRequest(PlaceOwned):
    """An office or group was asked to own a measure, and answers by a secret link.

    Only a digest of the link's secret is kept. One answer; a new question is a new request.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="requests")
    owner_name = models.CharField(_("owner"), max_length=200)
    owner_email = models.EmailField(_("e-mail"), blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    message = models.TextField(_("message"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answer_by_on = models.DateField(_("answer by"), null=True, blank=True)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=16, choices=OwnerAnswer.choices, default=OwnerAnswer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(_("reason"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(PlaceOwned.Meta):
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.owner_name} for measure {self.measure_id}"

    @property
    def is_unanswered(self) -> bool:
        """Still waits for an answer: neither given nor withdrawn. It may have expired."""
        return self.answer == OwnerAnswer.OPEN and self.withdrawn_at is None

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """The link still takes an answer."""
        return self.is_unanswered and not self.is_expired

    @property
    def is_overdue(self) -> bool:
        """The day by which an answer was asked for has passed."""
        return self.is_unanswered and self.answer_by_on is not None and self.answer_by_on < timezone.localdate()
