"""Jobs of the plan: ids in, place opened, one action called, safe to run twice."""

from __future__ import annotations

from ortsdialog.deliver.plan.actions import forget_owner_emails
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.jobs import job
from ortsdialog.kernel.tenancy import open_place


@job()
def forget_owner_addresses(*, process_id: int, place_id: int) -> None:
    with open_place(place_id):
        forget_owner_emails(actor=Actor.system("retention"), process=Process.objects.get(pk=process_id))
