"""The invented town: its place, its process with building blocks, and its gatherings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ortsdialog.demo.content_files import moment, read, text
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place, PlaceProfile
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import BlockTask, BuildingBlock, Process, Programme
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.gatherings.choices import GatheringState
from ortsdialog.meet.gatherings.codes import new_host_key, new_table_code
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table

SLUG = "lindenbronn"


def load_town() -> tuple[Place, bool]:
    """The place, and whether it is new."""
    place = Place.objects.filter(slug=SLUG).first()
    if place:
        return place, False
    entry = read("lindenbronn_process")["place"]
    return Place.objects.create(
        level=Level.MUNICIPALITY,
        name=entry["name"],
        title=entry["title"],
        population=entry["population"],
        slug=SLUG,
        is_demonstration=True,
    ), True


def load_profile(place: Place) -> None:
    content = read("lindenbronn_process")
    entry, states = content["place"], content["translation_state"]
    PlaceProfile.objects.create(
        place=place,
        languages=entry["languages"],
        contact_office=entry["contact_office"]["de"],
        contact_email=entry["contact_email"],
        contact_phone=entry["contact_phone"],
        contact_address=entry["contact_address"],
        welcome=text(entry["about"], states),
        legal_notice=text(entry["legal_notice"], states),
        accessibility_statement=text(entry["accessibility_statement"], states),
    )


def load_process(place: Place, programme: Programme) -> Process:
    content = read("lindenbronn_process")
    entry, states = content["process"], content["translation_state"]
    published = entry["notice"]["published_offset_days"]
    process = Process.objects.create(
        place=place,
        programme=programme,
        slug=entry["slug"],
        title=text(entry["title"], states),
        goal=text(entry["goal"], states),
        promise=text(entry["promise"], states),
        state=ProcessState.RUNNING,
        starts_on=moment(entry["starts_offset_days"]).date(),
        intention=text(entry["notice"]["text"], states),
        accompanying_group=entry["accompanying_group"],
        intention_published_on=moment(published).date(),
        published_at=moment(published),
    )
    templates = {template.key: template for template in programme.block_templates.all()}
    for block_entry in entry["blocks"]:
        _load_block(process, templates[block_entry["key"]], block_entry, states)
    return process


def _load_block(process: Process, template: Any, entry: dict[str, Any], states: dict[str, str]) -> None:
    def day(name: str) -> Any:
        return moment(entry[name]).date() if entry.get(name) is not None else None

    block = BuildingBlock.objects.create(
        place=process.place,
        process=process,
        number=entry["number"],
        key=entry["key"],
        title=template.title,
        purpose=template.purpose,
        state=entry["state"],
        starts_on=day("starts_offset_days"),
        ends_on=day("ends_offset_days"),
    )
    titles = {task["key"]: task["title"] for task in template.tasks}
    for number, task in enumerate(entry["tasks"], start=1):
        due, done = task.get("due_offset_days"), task.get("done_offset_days")
        BlockTask.objects.create(
            place=process.place,
            block=block,
            number=number,
            title=MultilingualText.from_json(titles[task["key"]]),
            due_on=moment(due).date() if due is not None else None,
            done_at=moment(done if done is not None else -1) if task["done"] else None,
        )


def load_gatherings(process: Process) -> list[Gathering]:
    """The evening that was, the workshop that will be, and one that runs now, to try the tables."""
    content = read("lindenbronn_process")
    states = content["translation_state"]
    return [_load_gathering(process, entry, states) for entry in [*content["gatherings"], read("lindenbronn_today")]]


def _load_gathering(process: Process, entry: dict[str, Any], states: dict[str, str]) -> Gathering:
    place = process.place
    state = GatheringState(entry["state"])
    ended = state == GatheringState.CLOSED
    gathering = Gathering.objects.create(
        place=place,
        process=process,
        slug=entry["slug"],
        title=text(entry["title"], states),
        about=text(entry["intro"], states),
        format=entry["format"],
        state=state,
        starts_at=moment(entry["offset_days"], entry["starts_at"]),
        ends_at=moment(entry["offset_days"], entry["ends_at"]),
        venue=entry["venue"]["de"],
        address=entry["address"],
        languages=["de", "en", "ar", "uk"],
        how_to_take_part=text(entry.get("how_to_take_part"), states),
        expected_guests=entry["expected_guests"],
        counted_guests=entry["counted_guests"],
        published_at=moment(entry["notice_published_offset_days"]),
        closed_at=moment(entry["offset_days"], entry["ends_at"]) if ended else None,
    )
    for table in entry["tables"]:
        Table.objects.create(
            place=place,
            gathering=gathering,
            number=table["number"],
            theme=text(table["theme"], states),
            host_name=table["host"],
            interpreter_languages=table["interpreter_languages"],
            code=_code(entry, table["number"]),
            host_key=new_host_key(),
        )
    _load_rounds(gathering, entry, states)
    Wall.objects.create(place=place, gathering=gathering, number=1, code=_code(entry, 0), second_language="ar")
    return gathering


def _code(entry: dict[str, Any], number: int) -> str:
    """Codes of the evening to try are fixed, so that handbook and demonstration can name them; others are random."""
    if entry["state"] == GatheringState.RUNNING:
        return f"LINDE{number}" if number else "LINDEWAND"
    return new_table_code()


def _load_rounds(gathering: Gathering, entry: dict[str, Any], states: dict[str, str]) -> None:
    for item in entry["rounds"]:
        question = GuidingQuestion.objects.create(
            place=gathering.place, gathering=gathering, number=item["number"], text=text(item["question"], states)
        )
        started = moment(entry["offset_days"], item["starts_at"])
        held = gathering.state == GatheringState.CLOSED
        round_ = Round.objects.create(
            place=gathering.place,
            gathering=gathering,
            number=item["number"],
            question=question,
            duration_minutes=item["minutes"],
            started_at=started if held else None,
            ended_at=started + timedelta(minutes=item["minutes"]) if held else None,
        )
        if gathering.state == GatheringState.RUNNING and item["number"] == 1:
            # It has been going on for a while, so that something stands on the wall.
            round_.started_at = timezone.now() - timedelta(minutes=20)
            round_.save(update_fields=["started_at"])
            gathering.current_round = round_
            gathering.save(update_fields=["current_round"])
