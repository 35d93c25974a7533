"""Photos from which statements are written down."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import note_entry, recorded
from ortsdialog.meet.contributions.choices import SourceKind
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.pictures import (
    cleaned_picture,
    new_name,
    remove_picture,
    sha256_of,
    write_picture,
)
from ortsdialog.meet.gatherings.models import Gathering, Round, Table

# Nobody writes down more; a lost host card must not fill the disk.
MOST_SOURCES = 500
# Stands for the name of a picture that was destroyed.
GONE = "gone-"


def add_source(
    *,
    actor: Actor,
    gathering: Gathering,
    sent: bytes,
    table: Table | None = None,
    round: Round | None = None,
    kind: str = SourceKind.PIN_BOARD,
    caption: str = "",
) -> tuple[Source, bool]:
    """Keep a photo of an event, or of one of its tables; the source and whether it is new.

    The same file twice is one source. Raises ValidationError for a file that is no fit photo and
    `PictureNotStored` where the disk takes none; then nothing is stored.
    """
    require(actor, "contributions.add_source", table or gathering)
    if any(one is not None and one.gathering_id != gathering.pk for one in (table, round)):
        raise ValidationError(_("This table or round belongs to another event."), code="other_gathering")
    kind = SourceKind(kind)
    known = _same(gathering, sha256_of(sent))
    if known is not None:
        return known, False
    picture, name = cleaned_picture(sent), new_name()
    # The file first: a row without its file would be a hole, a file without its row is found and swept up.
    write_picture(name, picture)
    source = Source(
        place_id=gathering.place_id,
        gathering=gathering,
        table=table,
        round=round,
        kind=kind,
        caption=caption.strip()[:200],
        picture=name,
        width=picture.width,
        height=picture.height,
        sha256=picture.sha256,
        uploaded_by=actor.label[:200],
        rehearsal=gathering.is_rehearsing,
    )
    try:
        with recorded("contributions.add_source", actor=actor, on=source) as detail:
            # Whoever numbers next waits for this row. A rehearsal may have ended while the picture was cleaned.
            source.rehearsal = Gathering.objects.select_for_update().get(pk=gathering.pk).is_rehearsing
            found = Source.objects.filter(gathering=gathering).aggregate(last=Max("number"), count=Count("pk"))
            if found["count"] >= MOST_SOURCES:
                raise ValidationError(
                    _("This event has %(count)d photos; more are not possible. Please delete some first."),
                    code="too_many",
                    params={"count": found["count"]},
                )
            source.number = (found["last"] or 0) + 1
            source.save(force_insert=True)
            detail["number"] = source.number
    except IntegrityError:
        remove_picture(name)
        known = _same(gathering, picture.sha256)
        if known is None:
            raise
        return known, False
    except BaseException:
        remove_picture(name)
        raise
    return source, True


def _same(gathering: Gathering, sha256: str) -> Source | None:
    found: Source | None = Source.objects.filter(gathering=gathering, sha256=sha256).first()
    return found


def delete_source(*, actor: Actor, source: Source) -> None:
    """Destroy a photo from which nothing was written down. Its files go when the change is on disk."""
    require(actor, "contributions.delete_source", source)
    with recorded("contributions.delete_source", actor=actor, on=source, detail={"number": source.number}) as detail:
        held = Source.objects.select_for_update().get(pk=source.pk)
        count = Statement.everything.filter(source=held).count()
        if count:
            raise ValidationError(
                _("Statements were written down from this photo: %(count)d. It stays, so that they can be checked."),
                code="in_use",
                params={"count": count},
            )
        detail["picture"] = name = held.picture
        held.delete()
        transaction.on_commit(partial(remove_picture, name))


def forget_pictures(*, actor: Actor, process: Process) -> int:
    """Destroy all photos of a dialogue that has ended: they may show faces. What was written down stays."""
    require(actor, "contributions.forget_pictures", process)
    with transaction.atomic():
        sources = list(
            Source.objects.select_for_update().filter(gathering__process=process).exclude(picture__startswith=GONE)
        )
        for source in sources:
            name = source.picture
            source.picture, source.sha256, source.uploaded_by = f"{GONE}{source.pk}", f"{GONE}{source.pk}", ""
            source.save(update_fields=["picture", "sha256", "uploaded_by"])
            note_entry("contributions.forget_pictures", actor=actor, on=source)
            transaction.on_commit(partial(remove_picture, name))
    return len(sources)
