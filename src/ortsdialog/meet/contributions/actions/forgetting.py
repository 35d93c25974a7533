"""Forgetting what was needed for a while only: who reported, and which device sent what."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entries, note_entry
from ortsdialog.meet.contributions.models import Report, Statement
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.models import Gathering

REPORTER_KEPT = timedelta(days=90)
DEVICES_KEPT = timedelta(days=7)


def forget_reporters(*, actor: Actor, place: Place) -> int:
    """Empty name and e-mail of the open town's reports that were decided long ago; returns how many."""
    require(actor, "contributions.decide_report", place)
    old = Report.objects.filter(decided_at__lt=timezone.now() - REPORTER_KEPT)
    rows = list(old.exclude(Q(reporter_name="") & Q(reporter_email="")))
    with transaction.atomic():
        Report.objects.filter(pk__in=[row.pk for row in rows]).update(reporter_name="", reporter_email="")
        note_entries("contributions.forget_reporters", actor=actor, on=rows)
    return len(rows)


def forget_device_keys(*, actor: Actor, place: Place) -> int:
    """Empty the device keys of the open town's events that have been over for a week; returns of how many statements.

    From then on nothing tells any more which statements came from one device.
    """
    require(actor, "contributions.moderate_statement", place)
    before = timezone.now() - DEVICES_KEPT
    closed = Q(state=GatheringState.CLOSED, closed_at__lt=before)
    # What nobody has closed is over all the same, as its planned times say.
    left_open = ~Q(state=GatheringState.CLOSED) & Q(planned_end__lt=before)
    over = Gathering.objects.annotate(planned_end=Coalesce("ends_at", "starts_at")).filter(closed | left_open)
    forgotten = 0
    for gathering in over:
        marked = Statement.everything.filter(gathering=gathering).exclude(device_key="")
        with transaction.atomic():
            number = marked.update(device_key="")
            if number:
                note_entry("contributions.forget_device_keys", actor=actor, on=gathering, detail={"number": number})
        forgotten += number
    return forgotten
