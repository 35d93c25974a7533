"""Photos of pin boards, tablecloths and cards: adding, looking at, writing down from, deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ortsdialog.kernel.access import require
from ortsdialog.kernel.access.doors import desk
from ortsdialog.meet.capture.web.bench import Bench, at_desk, for_host
from ortsdialog.meet.capture.web.keying import key_in
from ortsdialog.meet.capture.web.paper_forms import PhotoForm
from ortsdialog.meet.contributions.actions import add_source, delete_source
from ortsdialog.meet.contributions.models import Source
from ortsdialog.meet.contributions.pictures import PictureNotStored, read_picture
from ortsdialog.meet.contributions.queries import sources_of
from ortsdialog.meet.gatherings.models import Gathering

SIZES = {"gross": False, "klein": True}


@desk("contributions.add_source", Gathering)
def desk_photos(request: HttpRequest, *, place: Any, gathering: Gathering) -> HttpResponse:
    return _photos(request, at_desk(request, place, gathering))


@for_host
def host_photos(request: HttpRequest, bench: Bench) -> HttpResponse:
    return _photos(request, bench)


@desk("contributions.see_sources", Gathering)
def desk_photo(request: HttpRequest, *, place: Any, gathering: Gathering, number: int) -> HttpResponse:
    return _photo(request, at_desk(request, place, gathering), number)


@for_host
def host_photo(request: HttpRequest, bench: Bench, number: int) -> HttpResponse:
    return _photo(request, bench, number)


@desk("contributions.see_sources", Gathering)
@require_safe
def desk_photo_picture(
    request: HttpRequest, *, place: Any, gathering: Gathering, number: int, size: str
) -> HttpResponse:
    return _picture(at_desk(request, place, gathering), number, size)


@for_host
def host_photo_picture(request: HttpRequest, bench: Bench, number: int, size: str) -> HttpResponse:
    return _picture(bench, number, size)


@desk("contributions.delete_source", Gathering)
def desk_photo_delete(request: HttpRequest, *, place: Any, gathering: Gathering, number: int) -> HttpResponse:
    return _delete(request, at_desk(request, place, gathering), number)


@for_host
def host_photo_delete(request: HttpRequest, bench: Bench, number: int) -> HttpResponse:
    return _delete(request, bench, number)


def _photos(request: HttpRequest, bench: Bench) -> HttpResponse:
    """Every photo of the event or the table, and the form for more."""
    require(bench.actor, "contributions.add_source", bench.where)
    form, status = PhotoForm(bench=bench), 200
    refused: list[tuple[str, str]] = []
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES, bench=bench)
        status = 422
        if form.is_valid():
            added, known, refused, status = _add(bench, form)
            if added:
                words = ngettext("%(number)d photo is stored.", "%(number)d photos are stored.", added)
                messages.success(request, words % {"number": added})
            if known:
                words = ngettext("%(number)d photo was there already.", "%(number)d photos were there already.", known)
                messages.info(request, words % {"number": known})
            if not refused:
                return redirect(bench.url("photos"))
    rows = [
        (one, bench.url("photo", number=one.number), bench.url("photo-picture", number=one.number, size="klein"))
        for one in sources_of(bench.where)
    ]
    context = {**bench.context(), "form": form, "rows": rows, "refused": refused}
    return render(request, "capture/photos.html", context, status=status)


def _add(bench: Bench, form: PhotoForm) -> tuple[int, int, list[tuple[str, str]], int]:
    """Store each photo for itself; how many are new and known, what was refused and why, and the status."""
    added, known, refused, status = 0, 0, [], 422
    for file in form.cleaned_data["photos"]:
        try:
            _source, new = add_source(actor=bench.actor, gathering=bench.gathering, sent=file.read(), **form.place_of())
        except ValidationError as refusal:
            refused.append((file.name, " ".join(refusal.messages)))
        except (PictureNotStored, OperationalError):
            status = 503
            refused.append((file.name, _("It could not be stored just now: the disk is full or busy.")))
        else:
            added, known = added + new, known + (not new)
    return added, known, refused, status


def _photo(request: HttpRequest, bench: Bench, number: int) -> HttpResponse:
    """One photo, and beside it the form for what stands on it."""
    source = _source(bench, number)
    return key_in(
        request,
        bench,
        source=source,
        template="capture/photo.html",
        picture_url=bench.url("photo-picture", number=number, size="gross"),
        delete_url=bench.url("photo-delete", number=number),
        statement_count=source.statements.count(),
    )


def _picture(bench: Bench, number: int, size: str) -> HttpResponse:
    """The file itself, only through this door."""
    source = _source(bench, number)
    content = read_picture(source.picture, small=SIZES[size]) if size in SIZES and source.has_picture else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/jpeg")
    name = _("photo")
    response["Content-Disposition"] = f'inline; filename="{name}-{source.number}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _delete(request: HttpRequest, bench: Bench, number: int) -> HttpResponse:
    source = _source(bench, number)
    if request.method != "POST":
        return redirect(bench.url("photo", number=number))
    try:
        delete_source(actor=bench.actor, source=source)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(bench.url("photo", number=number))
    messages.success(request, _("Photo %(number)d is deleted, on the disk too.") % {"number": number})
    return redirect(bench.url("photos"))


def _source(bench: Bench, number: int) -> Source:
    source: Source = get_object_or_404(sources_of(bench.where), number=number)
    require(bench.actor, "contributions.see_sources", source)
    return source
