"""Every change of a process, its blocks and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import BlockState, ProcessState
from ortsdialog.ground.process.conditions import missing_for_intention, missing_for_publication
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.ground.process.queries import texts_of_process
from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.ground.process.signals import process_closed, process_published
from ortsdialog.ground.process.slugs import free_slug
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.language.versions import Wording, changed_versions, write_versions

Text = str | MultilingualText


class ProcessFacts(TypedDict, total=False):
    """What staff may write. A plain string rewrites the original; its translations then count as out of date."""

    goal: Text
    promise: Text
    intention: Text
    starts_on: date | None
    ends_on: date | None
    accompanying_group: list[dict[str, str]]


class ProcessChanges(ProcessFacts, total=False):
    title: Text


class BlockChanges(TypedDict, total=False):
    starts_on: date | None
    ends_on: date | None
    note: Text


def create_process(
    *,
    actor: Actor,
    place: Place,
    programme: Programme,
    title: Text,
    slug: str = "",
    **facts: Unpack[ProcessFacts],
) -> Process:
    """Begin a dialogue: a draft with the programme's building blocks and their tasks."""
    require(actor, "process.create_process", place)
    process = Process(place=place, programme=programme)
    _write(process, {**facts, "title": title})
    _check_facts(process)
    taken = set(Process.objects.filter(place=place).values_list("slug", flat=True))
    process.slug = free_slug(slug or process.title.original_text, taken, otherwise="dialog")
    with recorded("process.create_process", actor=actor, on=process) as detail:
        process.save()
        _copy_template(process)
        detail["programme"] = programme.slug
    return process


def _copy_template(process: Process) -> None:
    for template in process.programme.block_templates.order_by("number"):
        block = BuildingBlock.objects.create(
            place=process.place,
            process=process,
            number=template.number,
            key=template.key,
            title=template.title,
            purpose=template.purpose,
            town_share=template.town_share,
            paid_by=template.paid_by,
        )
        BlockTask.objects.bulk_create(
            BlockTask(
                place=process.place,
                block=block,
                number=number,
                key=task["key"],
                title=MultilingualText.from_json(task["title"]),
            )
            for number, task in enumerate(template.tasks, start=1)
        )


def edit_process(*, actor: Actor, process: Process, **changes: Unpack[ProcessChanges]) -> Process:
    """Rewrite texts and dates. What is public cannot lose its goal or its promise."""
    require(actor, "process.edit_process", process)
    _refuse_if_archived(process)
    _write(process, changes)
    _check_facts(process)
    if process.is_public and (missing := missing_for_publication(process)):
        raise NotReady(missing)
    with recorded("process.edit_process", actor=actor, on=process, detail={"fields": sorted(changes)}):
        process.save(update_fields=sorted(changes))
    return process


def translate_process(*, actor: Actor, process: Process, language: str, wordings: Mapping[str, Wording]) -> int:
    """Write versions of the dialogue's texts in a language; returns how many changed.

    Raises `OriginalChanged` where an original is not the one that lay beside the version.
    """
    require(actor, "process.edit_process", process)
    _refuse_if_archived(process)
    changes = changed_versions(texts_of_process(process), language, wordings)
    if changes:
        detail = {"language": language, "texts": [stored.key for stored, _wording in changes]}
        with recorded("process.translate_process", actor=actor, on=process, detail=detail):
            write_versions(language, changes)
    return len(changes)


def publish_intention(*, actor: Actor, process: Process, on: date | None = None) -> Process:
    """Make topic, intention and format public. From this date the waiting time before invitations counts."""
    require(actor, "process.publish_process", process)
    _refuse_if_archived(process)
    if process.intention_published_on is not None:
        raise NotReady([_("The intention is public already. Its date stays as it is.")])
    if missing := missing_for_intention(process):
        raise NotReady(missing)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise NotReady([_("The date of publication cannot be in the future.")])
    with recorded("process.publish_intention", actor=actor, on=process, detail={"on": day.isoformat()}):
        process.intention_published_on = day
        process.save(update_fields=["intention_published_on"])
    return process


def publish_process(*, actor: Actor, process: Process) -> Process:
    """Make the dialogue's page public. Refused without goal and promise."""
    require(actor, "process.publish_process", process)
    _refuse_if_archived(process)
    if missing := missing_for_publication(process):
        raise NotReady(missing)
    if process.is_public:
        return process
    with recorded("process.publish_process", actor=actor, on=process):
        process.published_at = timezone.now()
        process.state = ProcessState.RUNNING
        process.starts_on = process.starts_on or timezone.localdate()
        process.save(update_fields=["published_at", "state", "starts_on"])
        process_published.send_on_commit(process_id=process.pk, place_id=process.place_id)
    return process


def close_process(*, actor: Actor, process: Process, reason: str = "") -> Process:
    """Finish the dialogue. It stays readable and is changed no more."""
    require(actor, "process.close_process", process)
    _refuse_if_archived(process)
    if not process.is_public:
        raise NotReady([_("A dialogue that was never public cannot be finished.")])
    with recorded("process.close_process", actor=actor, on=process, reason=reason):
        process.state = ProcessState.CLOSED
        process.ends_on = process.ends_on or timezone.localdate()
        process.save(update_fields=["state", "ends_on"])
        process_closed.send_on_commit(process_id=process.pk, place_id=process.place_id)
    return process


def edit_block(*, actor: Actor, block: BuildingBlock, **changes: Unpack[BlockChanges]) -> BuildingBlock:
    """Set a block's dates and what came out of it."""
    require(actor, "process.edit_process", block)
    _refuse_if_archived(block.process)
    _write(block, changes)
    _check_order(block.starts_on, block.ends_on)
    with recorded("process.edit_block", actor=actor, on=block, detail={"fields": sorted(changes)}):
        block.save(update_fields=sorted(changes))
    return block


def set_block_state(*, actor: Actor, block: BuildingBlock, state: str) -> BuildingBlock:
    """Not started, under way, done. The day of beginning and end is noted where none stands yet."""
    require(actor, "process.edit_process", block)
    _refuse_if_archived(block.process)
    state = BlockState(state)
    today = timezone.localdate()
    with recorded("process.set_block_state", actor=actor, on=block, detail={"from": block.state, "to": state.value}):
        block.state = state
        block.done_on = today if state == BlockState.DONE else None
        if state != BlockState.OPEN and (block.starts_on is None or block.starts_on > today):
            block.starts_on = today
        if state == BlockState.DONE and (block.ends_on is None or block.ends_on > today):
            block.ends_on = today
        block.save(update_fields=["state", "done_on", "starts_on", "ends_on"])
    return block


def add_task(*, actor: Actor, block: BuildingBlock, title: Text, due_on: date | None = None) -> BlockTask:
    """Put one more thing on the block's list."""
    require(actor, "process.edit_process", block)
    _refuse_if_archived(block.process)
    last = block.tasks.order_by("-number").values_list("number", flat=True).first() or 0
    task = BlockTask(place=block.place, block=block, number=last + 1, due_on=due_on)
    _write(task, {"title": title})
    with recorded("process.add_task", actor=actor, on=task):
        task.save()
    return task


def finish_task(*, actor: Actor, task: BlockTask) -> BlockTask:
    """Tick a task off. A second time changes nothing."""
    require(actor, "process.edit_process", task)
    _refuse_if_archived(task.block.process)
    if task.done_at is None:
        with recorded("process.finish_task", actor=actor, on=task):
            task.done_at = timezone.now()
            task.save(update_fields=["done_at"])
    return task


def reopen_task(*, actor: Actor, task: BlockTask) -> BlockTask:
    """Take the tick back."""
    require(actor, "process.edit_process", task)
    _refuse_if_archived(task.block.process)
    if task.done_at is not None:
        with recorded("process.reopen_task", actor=actor, on=task):
            task.done_at = None
            task.save(update_fields=["done_at"])
    return task


def set_due_dates(*, actor: Actor, block: BuildingBlock, due: Sequence[tuple[BlockTask, date | None]]) -> int:
    """Write the due dates of a block's tasks; returns how many changed."""
    require(actor, "process.edit_process", block)
    _refuse_if_archived(block.process)
    changed = [(task, day) for task, day in due if task.due_on != day]
    for task, _day in changed:
        if task.block_id != block.pk:
            raise ValueError("A task of another block cannot be dated here.")
    if changed:
        with recorded("process.set_due_dates", actor=actor, on=block, detail={"tasks": [t.pk for t, _d in changed]}):
            for task, day in changed:
                task.due_on = day
                task.save(update_fields=["due_on"])
    return len(changed)


def _refuse_if_archived(process: Process) -> None:
    if process.is_archived:
        raise Archived


def _write(target: Any, changes: Any) -> None:
    """Put new values into the object; texts keep their versions in other languages."""
    for name, value in changes.items():
        target._meta.get_field(name).save_form_data(target, value)


def _check_facts(process: Process) -> None:
    if not process.title:
        raise NotReady([_("A dialogue needs a title.")])
    _check_order(process.starts_on, process.ends_on)


def _check_order(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise NotReady([_("The end is before the beginning. Please check the two dates.")])
