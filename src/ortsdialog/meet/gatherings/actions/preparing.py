"""Preparing an event: what it is, its tables and rounds, how its statements appear, its count of guests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import Archived, NotReady
from ortsdialog.ground.process.slugs import free_slug
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.language.versions import Wording, changed_versions, write_versions
from ortsdialog.meet.gatherings.actions.state import refuse, refuse_if_finished
from ortsdialog.meet.gatherings.choices import Format, GatheringState, Moderation
from ortsdialog.meet.gatherings.codes import new_host_key
from ortsdialog.meet.gatherings.conditions import missing_for_announcement
from ortsdialog.meet.gatherings.drafts import RoundDraft, TableDraft, Text
from ortsdialog.meet.gatherings.models import Gathering, Table
from ortsdialog.meet.gatherings.queries import texts_of_gathering
from ortsdialog.meet.gatherings.seating import write_rounds, write_tables
from ortsdialog.meet.gatherings.signals import gathering_published


class GatheringFacts(TypedDict, total=False):
    """What staff may write. A plain string rewrites the original; its translations then count as out of date."""

    ends_at: datetime | None
    venue: str
    address: str
    about: Text
    how_to_take_part: Text
    languages: list[str]
    agenda: list[dict[str, Any]]
    expected_guests: int | None


class GatheringChanges(GatheringFacts, total=False):
    title: Text
    format: str
    starts_at: datetime


def create_gathering(
    *,
    actor: Actor,
    process: Process,
    title: Text,
    format: str,
    starts_at: datetime,
    slug: str = "",
    tables: Sequence[TableDraft] = (),
    rounds: Sequence[RoundDraft] = (),
    **facts: Unpack[GatheringFacts],
) -> Gathering:
    """Prepare an event of a dialogue with its tables, rounds and questions. It is a draft."""
    require(actor, "gatherings.edit_gathering", process)
    if process.is_archived:
        raise Archived
    gathering = Gathering(place=process.place, process=process)
    _write(gathering, {**facts, "title": title, "format": Format(format).value, "starts_at": starts_at})
    _check_facts(gathering)
    taken = set(process.gatherings.values_list("slug", flat=True))
    gathering.slug = free_slug(slug or gathering.title.original_text, taken, otherwise="veranstaltung")
    with recorded("gatherings.create_gathering", actor=actor, on=gathering) as detail:
        gathering.save()
        write_tables(gathering, tables)
        write_rounds(gathering, rounds)
        detail.update(tables=len(tables), rounds=len(rounds))
    return gathering


def edit_gathering(
    *,
    actor: Actor,
    gathering: Gathering,
    tables: Sequence[TableDraft] | None = None,
    rounds: Sequence[RoundDraft] | None = None,
    **changes: Unpack[GatheringChanges],
) -> Gathering:
    """Rewrite an event until it is finished. `tables` and `rounds`, where given, are the whole new lists.

    A table or a round that holds statements stays: `NotReady` says so, and nothing is changed.
    """
    require(actor, "gatherings.edit_gathering", gathering)
    refuse_if_finished(gathering)
    _write(gathering, changes)
    _check_facts(gathering)
    detail = {"fields": sorted(changes), "tables": tables is not None, "rounds": rounds is not None}
    with recorded("gatherings.edit_gathering", actor=actor, on=gathering, detail=detail):
        gathering.save(update_fields=sorted(changes))
        if tables is not None:
            write_tables(gathering, tables)
        if rounds is not None:
            write_rounds(gathering, rounds)
        if gathering.is_public:
            # What everybody can see stays complete.
            refuse(missing_for_announcement(gathering))
    return gathering


def translate_gathering(*, actor: Actor, gathering: Gathering, language: str, wordings: Mapping[str, Wording]) -> int:
    """Write versions of the event's texts in a language, also after it; returns how many changed.

    Raises `OriginalChanged` where an original is not the one that lay beside the version.
    """
    require(actor, "gatherings.edit_gathering", gathering)
    if gathering.process.is_archived:
        raise Archived
    changes = changed_versions(texts_of_gathering(gathering), language, wordings)
    if changes:
        detail = {"language": language, "texts": [stored.key for stored, _wording in changes]}
        with recorded("gatherings.translate_gathering", actor=actor, on=gathering, detail=detail):
            write_versions(language, changes)
    return len(changes)


def publish_gathering(*, actor: Actor, gathering: Gathering) -> Gathering:
    """Announce the event. The waiting time since the intention must be over."""
    require(actor, "gatherings.publish_gathering", gathering)
    refuse_if_finished(gathering)
    if gathering.is_public:
        return gathering
    refuse(missing_for_announcement(gathering))
    with recorded("gatherings.publish_gathering", actor=actor, on=gathering):
        gathering.state = GatheringState.PUBLISHED
        gathering.published_at = timezone.now()
        gathering.save(update_fields=["state", "published_at"])
        gathering_published.send_on_commit(gathering_id=gathering.pk, place_id=gathering.place_id)
    return gathering


def set_moderation(*, actor: Actor, gathering: Gathering, moderation: str) -> Gathering:
    """Choose how what is said becomes public, also while the tables are open. What waits already goes on waiting."""
    require(actor, "gatherings.run_gathering", gathering)
    refuse_if_finished(gathering)
    chosen = Moderation(moderation)
    if gathering.moderation == chosen:
        return gathering
    detail = {"from": gathering.moderation, "to": chosen.value}
    with recorded("gatherings.set_moderation", actor=actor, on=gathering, detail=detail):
        gathering.moderation = chosen.value
        gathering.save(update_fields=["moderation"])
    return gathering


def enter_count(*, actor: Actor, gathering: Gathering, counted_guests: int) -> Gathering:
    """Write down the one official count of guests."""
    require(actor, "gatherings.enter_count", gathering)
    if gathering.state not in (GatheringState.RUNNING, GatheringState.CLOSED):
        raise NotReady([_("Guests can be counted as soon as the event is under way.")])
    detail = {"from": gathering.counted_guests, "to": counted_guests}
    with recorded("gatherings.enter_count", actor=actor, on=gathering, detail=detail):
        gathering.counted_guests = counted_guests
        gathering.save(update_fields=["counted_guests"])
    return gathering


def renew_host_key(*, actor: Actor, table: Table) -> Table:
    """A host's card was lost: its link stops working, a new card has to be printed."""
    require(actor, "gatherings.print_signs", table)
    with recorded("gatherings.renew_host_key", actor=actor, on=table):
        table.host_key = new_host_key()
        table.save(update_fields=["host_key"])
    return table


def forget_names(*, actor: Actor, process: Process) -> int:
    """Empty the names of hosts and note-takers of a dialogue; returns at how many tables. Again = none."""
    require(actor, "gatherings.edit_gathering", process)
    named = Table.objects.filter(gathering__process=process).exclude(host_name="", note_taker_name="")
    with recorded("gatherings.forget_names", actor=actor, on=process) as detail:
        detail["tables"] = named.update(host_name="", note_taker_name="")
    return detail["tables"]


def _write(gathering: Gathering, changes: Any) -> None:
    """Put new values into the object; texts keep their versions in other languages."""
    for name, value in changes.items():
        gathering._meta.get_field(name).save_form_data(gathering, value)  # type: ignore[union-attr]


def _check_facts(gathering: Gathering) -> None:
    reasons: list[Any] = []
    if not gathering.title:
        reasons.append(_("An event needs a title."))
    if gathering.ends_at and gathering.ends_at <= gathering.starts_at:
        reasons.append(_("The end is before the beginning. Please check the times."))
    refuse(reasons)
