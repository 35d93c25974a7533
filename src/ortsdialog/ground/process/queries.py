"""Reads of processes that more than one page needs. All need the town to be open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.queries import profile_of
from ortsdialog.ground.process.choices import BlockState
from ortsdialog.ground.process.conditions import earliest_invitation_on, missing_for_publication
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process
from ortsdialog.ground.process.workplaces import workplaces
from ortsdialog.kernel.language.versions import StoredText, texts_of_row, wanted_languages
from ortsdialog.kernel.ui import blocks as line

# Newest first; those without a date last on every database.
_NEWEST_FIRST = (F("starts_on").desc(nulls_last=True), "-id")
_STATES: dict[str, line.BlockState] = {
    BlockState.OPEN: "planned",
    BlockState.RUNNING: "running",
    BlockState.DONE: "done",
}
# So many tasks of the running block stand on the coordinator's list; the rest is on the block's own page.
_TASKS_SHOWN = 3


def processes(place: Place) -> QuerySet[Process]:
    """All dialogues of the town, drafts too, newest first, with `open_tasks` and `blocks_done` counted."""
    return (
        Process.objects.filter(place=place)
        .select_related("place", "programme")
        .annotate(
            blocks_all=Count("blocks", distinct=True),
            blocks_done=Count("blocks", filter=Q(blocks__state=BlockState.DONE), distinct=True),
        )
        .order_by(*_NEWEST_FIRST)
    )


def published_processes(place: Place) -> QuerySet[Process]:
    """The dialogues that everybody may see, newest first."""
    return (
        Process.objects.filter(place=place, published_at__isnull=False)
        .select_related("place", "programme", "record")
        .order_by(*_NEWEST_FIRST)
    )


def published_process(place: Place, slug: str) -> Process | None:
    """A public dialogue by its address; None for a draft."""
    return published_processes(place).filter(slug=slug).first()


def process_with_notice(place: Place, slug: str) -> Process | None:
    """A dialogue whose intention is public, also before its own page is."""
    return (
        Process.objects.filter(place=place, slug=slug, intention_published_on__isnull=False)
        .select_related("place", "programme")
        .first()
    )


def block_steps(process: Process, *, urls: bool = False) -> list[line.BuildingBlock]:
    """The building blocks as a line. `urls` leads to the desk."""
    return [
        line.BuildingBlock(
            number=block.number,
            label=block.title,
            state=_STATES[block.state],
            starts_on=block.starts_on,
            ends_on=block.done_on or block.ends_on,
            url=_block_url(process, block) if urls else "",
            text=block.note,
        )
        for block in process.blocks.order_by("number")
    ]


@dataclass(frozen=True)
class TimelineEntry:
    """A dated point in a dialogue's life. `title` is the block's, or empty."""

    on: date
    label: Any
    title: Any = ""

    @property
    def is_past(self) -> bool:
        return self.on < timezone.localdate()


def timeline(process: Process) -> list[TimelineEntry]:
    """What happened and what is dated, in the order of time."""
    entries = []
    if process.intention_published_on:
        entries.append(TimelineEntry(process.intention_published_on, _("Intention published")))
    if process.published_at:
        entries.append(TimelineEntry(timezone.localtime(process.published_at).date(), _("Dialogue published")))
    for block in process.blocks.order_by("number"):
        if block.starts_on:
            entries.append(TimelineEntry(block.starts_on, _("Building block begins"), block.title))
        if block.done_on:
            entries.append(TimelineEntry(block.done_on, _("Building block done"), block.title))
        elif block.ends_on:
            is_over = block.ends_on < timezone.localdate()
            label = _("Building block was planned until") if is_over else _("Building block planned until")
            entries.append(TimelineEntry(block.ends_on, label, block.title))
    if process.ends_on:
        entries.append(TimelineEntry(process.ends_on, _("Dialogue ends")))
    return sorted(entries, key=lambda entry: entry.on)


class NextStep(NamedTuple):
    """One line of a to-do list, in the order that the list component reads."""

    text: Any
    url: str
    hint: Any = ""


def next_steps(process: Process) -> list[NextStep]:
    """What the coordinator does next, the most urgent first. Nothing for a finished dialogue."""
    if process.is_archived:
        return []
    steps = _steps_to_publication(process)
    blocks = list(process.blocks.order_by("number").prefetch_related("tasks"))
    elsewhere = [step for place in workplaces() if place.steps for step in place.steps(process, blocks)]
    return steps + elsewhere + _steps_in_blocks(process, blocks)


def _steps_to_publication(process: Process) -> list[NextStep]:
    edit = _desk_url("process:desk-edit", process)
    steps = []
    if not process.goal:
        steps.append(NextStep(_("Write down the goal"), edit, _("Without it nothing can be published.")))
    if not process.promise:
        steps.append(
            NextStep(_("Write down what happens with the results"), edit, _("It is the promise to the residents."))
        )
    asks_for_intention = bool(process.programme.min_days_before_invitation)
    if asks_for_intention and process.intention_published_on is None:
        if not process.intention:
            steps.append(
                NextStep(
                    _("Write down what is planned"), edit, _("Topic, intention and format, for the public notice.")
                )
            )
        elif not missing_for_publication(process):
            steps.append(
                NextStep(
                    _("Publish the intention"),
                    _desk_url("process:desk-publish-intention", process),
                    format_lazy(
                        _("From then on {days} days pass before anyone is invited."),
                        days=process.programme.min_days_before_invitation,
                    ),
                )
            )
    if not process.is_public and not missing_for_publication(process):
        steps.append(
            NextStep(
                _("Publish the dialogue"),
                _desk_url("process:desk-publish", process),
                _("Its page then shows goal, promise and the way ahead."),
            )
        )
    return steps


def _steps_in_blocks(process: Process, blocks: Iterable[BuildingBlock]) -> list[NextStep]:
    today = timezone.localdate()
    blocks = list(blocks)
    late: list[NextStep] = []
    running: list[NextStep] = []
    for block in blocks:
        open_tasks = [task for task in block.tasks.all() if task.done_at is None]
        for task in open_tasks:
            if task.due_on and task.due_on < today:
                late.append(_task_step(process, block, task, _("overdue")))
        if block.state != BlockState.RUNNING:
            continue
        if not open_tasks:
            running.append(NextStep(_("All tasks are done: finish the block"), _block_url(process, block), block.title))
        in_time = [task for task in open_tasks if not task.due_on or task.due_on >= today]
        running += [_task_step(process, block, task, block.title) for task in in_time[:_TASKS_SHOWN]]
    if not any(block.state == BlockState.RUNNING for block in blocks):
        upcoming = next((block for block in blocks if block.state == BlockState.OPEN), None)
        if upcoming:
            running.append(NextStep(_("Begin the next building block"), _block_url(process, upcoming), upcoming.title))
    return late + running


def _task_step(process: Process, block: BuildingBlock, task: BlockTask, hint: Any) -> NextStep:
    return NextStep(task.title, _block_url(process, block), hint)


def _desk_url(name: str, process: Process) -> str:
    return reverse(name, kwargs={"place": process.place.slug, "pk": process.pk})


def _block_url(process: Process, block: BuildingBlock) -> str:
    return reverse("process:desk-block", kwargs={"place": process.place.slug, "pk": block.pk})


def waiting_until(process: Process) -> date | None:
    """The day from which people may be invited, while it still lies ahead."""
    earliest = earliest_invitation_on(process)
    return earliest if earliest and earliest > timezone.localdate() else None


def texts_of_process(process: Process) -> list[StoredText]:
    """What the dialogue's pages say, to be written in further languages."""
    return texts_of_row(process, "title", "goal", "promise", "intention")


def languages_of(place: Place, *further: Iterable[str]) -> list[str]:
    """The languages in which the open town wants its texts, and those of `further` lists."""
    return wanted_languages(profile_of(place).languages, *further)
