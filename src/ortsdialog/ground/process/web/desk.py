"""The coordinator's pages for dialogues, building blocks and tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process import actions, queries
from ortsdialog.ground.process.choices import BlockState
from ortsdialog.ground.process.conditions import (
    missing_for_intention,
    missing_for_invitation,
    missing_for_publication,
)
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.ground.process.web.forms import (
    BlockForm,
    CloseForm,
    DueDatesForm,
    NewProcessForm,
    ProcessForm,
    TaskForm,
)
from ortsdialog.ground.process.workplaces import open_workplaces
from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of, desk
from ortsdialog.kernel.language.forms import VersionsForm, chosen_language
from ortsdialog.kernel.language.versions import OriginalChanged, completeness

UNPROCESSABLE = 422
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@desk("process.see_draft")
@require_safe
def process_list(request: HttpRequest, *, place: Place) -> HttpResponse:
    may_create = allowed(actor_of(request), "process.create_process", place)
    return render(
        request,
        "process/desk/list.html",
        {"place": place, "processes": list(queries.processes(place)), "may_create": may_create},
    )


@reads_and_writes
@desk("process.create_process")
def process_create(request: HttpRequest, *, place: Place) -> HttpResponse:
    form = NewProcessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        process = actions.create_process(actor=actor_of(request), place=place, **form.cleaned_data)
        messages.success(request, _("The dialogue has been created. Only your team sees it until you publish it."))
        return redirect("process:desk-show", place=place.slug, pk=process.pk)
    context = {"place": place, "form": form, "programmes": Programme.objects.exists()}
    return render(request, "process/desk/create.html", context, status=_status(form))


@desk("process.see_draft", Process)
@require_safe
def process_show(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    actor = actor_of(request)
    may_edit = allowed(actor, "process.edit_process", process)
    languages = queries.languages_of(place) if may_edit and not process.is_archived else []
    return render(
        request,
        "process/desk/show.html",
        {
            "place": place,
            "process": process,
            "workplaces": open_workplaces(actor, process),
            "languages": completeness(queries.texts_of_process(process), languages),
            "steps": queries.block_steps(process, urls=True),
            "next_steps": queries.next_steps(process) if may_edit else [],
            "missing": missing_for_publication(process) if not process.is_archived else [],
            "invitation_missing": missing_for_invitation(process) if not process.is_archived else [],
            "timeline": queries.timeline(process),
            "may_edit": may_edit and not process.is_archived,
        },
    )


@reads_and_writes
@desk("process.edit_process", Process)
def process_edit(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    if process.is_archived:
        return redirect("process:desk-show", place=place.slug, pk=process.pk)
    form = ProcessForm.of(process, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_process(actor=actor_of(request), process=process, **form.cleaned_data)
        except NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("process:desk-show", place=place.slug, pk=process.pk)
    return render(
        request, "process/desk/edit.html", {"place": place, "process": process, "form": form}, status=_status(form)
    )


@reads_and_writes
@desk("process.edit_process", Process)
def process_languages(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    """The dialogue's texts in another language (`?in=ar`), each beside its original."""
    if process.is_archived:
        return redirect("process:desk-show", place=place.slug, pk=process.pk)
    languages = queries.languages_of(place)
    language = chosen_language(request.GET.get("in", ""), languages)
    form = VersionsForm(queries.texts_of_process(process), language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.translate_process(
                actor=actor_of(request), process=process, language=language, wordings=form.wordings()
            )
        except OriginalChanged as changed:
            form.refuse(changed)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?in={language}")
    context = {"place": place, "process": process, "form": form, "languages": completeness(form.texts, languages)}
    return render(request, "process/desk/languages.html", context, status=_status(form))


@reads_and_writes
@desk("process.publish_process", Process)
def intention_publish(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    context = {"missing": missing_for_intention(process)}
    return _confirmed(
        request,
        process,
        "process/desk/publish_intention.html",
        context,
        lambda: actions.publish_intention(actor=actor_of(request), process=process),
        _("The intention is public. The waiting time counts from today."),
    )


@reads_and_writes
@desk("process.publish_process", Process)
def process_publish(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    context = {"missing": missing_for_publication(process)}
    return _confirmed(
        request,
        process,
        "process/desk/publish.html",
        context,
        lambda: actions.publish_process(actor=actor_of(request), process=process),
        _("The dialogue is public."),
    )


@reads_and_writes
@desk("process.close_process", Process)
def process_close(request: HttpRequest, *, place: Place, process: Process) -> HttpResponse:
    form = CloseForm(request.POST or None)
    reason = form.cleaned_data["reason"] if request.method == "POST" and form.is_valid() else ""
    return _confirmed(
        request,
        process,
        "process/desk/close.html",
        {"form": form},
        lambda: actions.close_process(actor=actor_of(request), process=process, reason=reason),
        _("The dialogue is finished. It stays readable."),
    )


def _confirmed(
    request: HttpRequest,
    process: Process,
    template: str,
    context: dict[str, Any],
    act: Callable[[], Any],
    words: str,
) -> HttpResponse:
    """A page that asks once and then does it; a refusal stands on the same page in words."""
    status = 200
    if request.method == "POST":
        try:
            act()
        except NotReady as refusal:
            context["refused"] = refusal.reasons
            status = UNPROCESSABLE
        else:
            messages.success(request, words)
            return redirect("process:desk-show", place=process.place.slug, pk=process.pk)
    return render(request, template, {"place": process.place, "process": process, **context}, status=status)


@reads_and_writes
@desk("process.see_draft", BuildingBlock)
def block_show(request: HttpRequest, *, place: Place, buildingblock: BuildingBlock) -> HttpResponse:
    """A block with its tasks; saving its dates needs the right to edit (the action asks for it)."""
    block = buildingblock
    form = BlockForm.of(block, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_block(actor=actor_of(request), block=block, **form.cleaned_data)
        except NotReady as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _to_block(block)
    return _block_page(request, block, form=form)


def _block_page(
    request: HttpRequest,
    block: BuildingBlock,
    *,
    form: BlockForm | None = None,
    task_form: TaskForm | None = None,
    due_form: DueDatesForm | None = None,
) -> HttpResponse:
    tasks = list(block.tasks.all())
    process = block.process
    forms = [form or BlockForm.of(block), task_form or TaskForm(), due_form or _due_form(block)]
    return render(
        request,
        "process/desk/block.html",
        {
            "place": block.place,
            "process": process,
            "building_block": block,
            "tasks": tasks,
            "tasks_all": len(tasks),
            "tasks_done": sum(task.done_at is not None for task in tasks),
            "states": BlockState.choices,
            "form": forms[0],
            "task_form": forms[1],
            "due_form": forms[2],
            "may_edit": allowed(actor_of(request), "process.edit_process", block) and not process.is_archived,
        },
        status=UNPROCESSABLE if any(each.is_bound and each.errors for each in forms) else 200,
    )


@desk("process.edit_process", BuildingBlock)
@require_POST
def block_state(request: HttpRequest, *, place: Place, buildingblock: BuildingBlock) -> HttpResponse:
    state = request.POST.get("state", "")
    if state in BlockState.values:
        _try(request, lambda: actions.set_block_state(actor=actor_of(request), block=buildingblock, state=state))
    return _to_block(buildingblock)


@desk("process.edit_process", BuildingBlock)
@require_POST
def task_add(request: HttpRequest, *, place: Place, buildingblock: BuildingBlock) -> HttpResponse:
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _block_page(request, buildingblock, task_form=form)
    _try(request, lambda: actions.add_task(actor=actor_of(request), block=buildingblock, **form.cleaned_data))
    return _to_block(buildingblock)


@desk("process.edit_process", BuildingBlock)
@require_POST
def due_dates(request: HttpRequest, *, place: Place, buildingblock: BuildingBlock) -> HttpResponse:
    form = _due_form(buildingblock, request.POST)
    if not form.is_valid():
        return _block_page(request, buildingblock, due_form=form)
    _try(request, lambda: actions.set_due_dates(actor=actor_of(request), block=buildingblock, due=form.due()))
    return _to_block(buildingblock)


@desk("process.edit_process", BlockTask)
@require_POST
def task_finish(request: HttpRequest, *, place: Place, blocktask: BlockTask) -> HttpResponse:
    _try(request, lambda: actions.finish_task(actor=actor_of(request), task=blocktask))
    return _to_block(blocktask.block)


@desk("process.edit_process", BlockTask)
@require_POST
def task_reopen(request: HttpRequest, *, place: Place, blocktask: BlockTask) -> HttpResponse:
    _try(request, lambda: actions.reopen_task(actor=actor_of(request), task=blocktask))
    return _to_block(blocktask.block)


def _due_form(block: BuildingBlock, data: Any = None) -> DueDatesForm:
    return DueDatesForm(data, tasks=list(block.tasks.filter(done_at__isnull=True)))


def _try(request: HttpRequest, act: Callable[[], Any]) -> None:
    try:
        act()
    except NotReady as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)


def _to_block(block: BuildingBlock) -> HttpResponse:
    return redirect("process:desk-block", place=block.place.slug, pk=block.pk)


def _explain(form: Any, refusal: NotReady) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200
