"""The programmes, and the dialogues that are known from sources. Real towns, so nothing is invented here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.text import slugify

from ortsdialog.demo.content_files import read
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Programme
from ortsdialog.ground.process.programmes import load_programmes as load_programme_document
from ortsdialog.ground.process.programmes import programmes_of_the_house
from ortsdialog.ground.process.records import load_dialogue_record
from ortsdialog.kernel.tenancy import open_place

_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def load_programmes() -> dict[str, Programme]:
    """Both programmes, by slug."""
    loaded = load_programme_document(programmes_of_the_house())
    return {one.programme.slug: one.programme for one in loaded}


def load_documented_dialogues(programme: Programme) -> int:
    """The 45 documented dialogues of 41 municipalities and counties; returns how many there are."""
    units = {entry["ags"]: _unit(entry) for entry in read("places")["places"]}
    dialogues = read("dialogues")["dialogues"]
    for entry in dialogues:
        place = _taking_part(units[entry["ags"]])
        with open_place(place):
            load_dialogue_record(place=place, programme=programme, entry=entry)
    return len(dialogues)


def _unit(entry: dict[str, Any]) -> Place:
    """The register's entry for one town, county or region. Where the register was imported, its row is kept."""
    known = Place.objects.filter(level=entry["level"], ars=entry["ars"]).first()
    return known or Place.objects.create(**{**entry, "as_of_on": date.fromisoformat(entry["as_of_on"])})


def _taking_part(place: Place) -> Place:
    if not place.slug:
        place.slug = slugify(place.called.translate(_GERMAN_LETTERS))
        place.save(update_fields=["slug"])
    return place
