"""Programmes and processes for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.choices import ProcessState
from ortsdialog.ground.process.models import BlockTemplate, BuildingBlock, Process, Programme
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place


def make_programme(slug: str = "kommunale-dialoge", blocks: int = 6) -> Programme:
    programme = Programme.objects.create(slug=slug, title=MultilingualText.written("Kommunale Dialoge"))
    for number in range(1, blocks + 1):
        BlockTemplate.objects.create(
            programme=programme,
            number=number,
            key=f"block-{number}",
            title=MultilingualText.written(f"Baustein {number}"),
            tasks=[{"key": "a", "title": MultilingualText.written("Eine Aufgabe").to_json()}],
        )
    return programme


def make_process(
    place: Place,
    programme: Programme,
    *,
    title: str = "Wie leben wir zusammen?",
    published: bool = False,
    **fields: Any,
) -> Process:
    """A process with goal, promise and blocks. Published: with an intention made public long ago."""
    today = timezone.localdate()
    if published:
        fields = {
            "state": ProcessState.RUNNING,
            "published_at": timezone.now() - timedelta(days=60),
            "intention_published_on": today - timedelta(days=60),
            "starts_on": today - timedelta(days=90),
            **fields,
        }
    with open_place(place):
        process = Process.objects.create(
            **{
                "place": place,
                "programme": programme,
                "slug": "dialog",
                "title": MultilingualText.written(title),
                "goal": MultilingualText.written("Wir wollen wissen, was fehlt."),
                "promise": MultilingualText.written("Der Gemeinderat antwortet auf jeden Vorschlag."),
                **fields,
            }
        )
        for template in programme.block_templates.all():
            BuildingBlock.objects.create(
                place=place, process=process, number=template.number, key=template.key, title=template.title
            )
    return process
