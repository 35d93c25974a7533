"""Bringing the register in: new, changed, vanished, older, broken."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ortsdialog.ground.places import register as register_module
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place, RegisterImport
from ortsdialog.ground.places.register import RegisterRefused, import_register
from ortsdialog.ground.places.register_file import RegisterBroken
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.places.tests.gv100ad import record, small_germany, write
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import Reason, across_places

pytestmark = pytest.mark.django_db
NEWER = "20241231"


def totals(report: Any) -> tuple[int, int, int, int]:
    levels = report.levels
    return (
        sum(counts.created for counts in levels),
        sum(counts.updated for counts in levels),
        sum(counts.closed for counts in levels),
        sum(counts.unchanged for counts in levels),
    )


def newer_germany() -> list[str]:
    """A year later: Ostfildern has grown, Plochingen has another title, the forest is gone, a new town is there."""
    lines = [line for line in small_germany(NEWER) if "Forst" not in line]
    lines = [line.replace(f"{39806:011d}", f"{40000:011d}") for line in lines]
    lines = [line.replace("Seebad , Stadt", "Stadt         ") for line in lines]
    lines.append(
        record(60, "08116077", "Neue Stadt, Stadt", association="5001", kind="63", area=5, population=6, as_of=NEWER)
    )
    return lines


def test_import_register_stores_every_unit(tmp_path: Path) -> None:
    report = import_register(write(tmp_path, small_germany()))
    assert totals(report) == (27, 0, 0, 0)
    town = Place.objects.get(level=Level.MUNICIPALITY, ags="08116080")
    assert (town.name, town.title, town.ars, town.population, town.area_hectares, town.as_of_on, town.slug) == (
        "Ostfildern", "Stadt", "081160080080", 39806, 2281, date(2023, 11, 30), None,
    )  # fmt: skip


def test_import_register_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, small_germany())
    import_register(path)
    before = list(Place.objects.order_by("pk").values())
    report = import_register(path)
    assert totals(report) == (0, 0, 0, 27)
    assert not report.has_changes
    assert list(Place.objects.order_by("pk").values()) == before
    assert RegisterImport.objects.count() == 1


def test_import_register_newer_file_updates_and_closes(tmp_path: Path) -> None:
    import_register(write(tmp_path, small_germany()))
    key = Place.objects.get(ags="08116080", level=Level.MUNICIPALITY).pk
    report = import_register(write(tmp_path, newer_germany()))
    assert totals(report) == (1, 2, 1, 24)
    town = Place.objects.get(pk=key)
    assert (town.population, town.as_of_on, town.closed_on) == (40000, date(2024, 12, 31), None)
    assert Place.objects.get(ags="08116056").title == "Stadt"
    forest = Place.objects.get(ags="08116999")
    assert (forest.closed_on, forest.as_of_on) == (date(2024, 12, 31), date(2023, 11, 30))
    assert Place.objects.get(ags="08116077").population == 6
    assert Place.objects.get(level=Level.LAND, ars="01").as_of_on == date(2024, 12, 31)


def test_import_register_closed_unit_can_come_back(tmp_path: Path) -> None:
    import_register(write(tmp_path, small_germany()))
    import_register(write(tmp_path, newer_germany()))
    report = import_register(write(tmp_path, small_germany("20251231")))
    assert totals(report) == (0, 3, 1, 24)
    assert Place.objects.get(ags="08116999").closed_on is None
    assert Place.objects.get(ags="08116077").closed_on == date(2025, 12, 31)


def test_import_register_older_file_is_refused(tmp_path: Path) -> None:
    import_register(write(tmp_path, newer_germany()))
    with pytest.raises(RegisterRefused) as refused:
        import_register(write(tmp_path, small_germany()))
    assert str(refused.value) == (
        "Die Datei hat den Gebietsstand 30.11.2023. Gespeichert ist schon ein neuerer: 31.12.2024. "
        "Es wurde nichts geändert."
    )
    assert Place.objects.get(ags="08116080", level=Level.MUNICIPALITY).population == 40000


def test_import_register_broken_file_changes_nothing(tmp_path: Path) -> None:
    import_register(write(tmp_path, small_germany()))
    before = list(Place.objects.order_by("pk").values())
    lines = newer_germany()
    lines[-1] = lines[-1][:219]
    with pytest.raises(RegisterBroken):
        import_register(write(tmp_path, lines))
    assert list(Place.objects.order_by("pk").values()) == before


def test_import_register_that_fails_halfway_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_register(write(tmp_path, small_germany()))
    before = list(Place.objects.order_by("pk").values())

    def break_off(*args: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(register_module, "_close", break_off)
    with pytest.raises(RuntimeError):
        import_register(write(tmp_path, newer_germany()))
    assert list(Place.objects.order_by("pk").values()) == before


def test_import_register_joined_town_keeps_its_address_and_is_reported_when_it_vanishes(tmp_path: Path) -> None:
    import_register(write(tmp_path, small_germany()))
    Place.objects.filter(ags="08116080", level=Level.MUNICIPALITY).update(slug="ostfildern")
    Place.objects.filter(ags="08116999").update(slug="forst")
    report = import_register(write(tmp_path, newer_germany()))
    assert report.closed_participants == ("Forst, gemfr.Geb.",)
    assert Place.objects.get(slug="ostfildern").population == 40000
    assert Place.objects.get(slug="forst").closed_on == date(2024, 12, 31)


def test_import_register_leaves_invented_places_alone(tmp_path: Path) -> None:
    make_place("Lindenbronn", "lindenbronn", is_demonstration=True)
    import_register(write(tmp_path, small_germany()))
    invented = Place.objects.get(slug="lindenbronn")
    assert (invented.closed_on, invented.as_of_on, invented.is_demonstration) == (None, None, True)


def test_import_register_takes_over_a_town_that_was_entered_before(tmp_path: Path) -> None:
    known = make_place("Ostfildern", "ostfildern", ars="081160080080", ags="08116080")
    report = import_register(write(tmp_path, small_germany()))
    assert totals(report) == (26, 1, 0, 0)
    known.refresh_from_db()
    assert (known.slug, known.population, known.title) == ("ostfildern", 39806, "Stadt")


def test_import_register_that_would_close_many_needs_a_word(tmp_path: Path) -> None:
    many = [
        record(60, f"08116{number:03d}", f"Dorf {number}", association="5001", kind="64", area=1, population=1)
        for number in range(200, 320)
    ]
    import_register(write(tmp_path, small_germany() + many))
    with pytest.raises(RegisterRefused, match="120 von 147 Einträgen fehlen"):
        import_register(write(tmp_path, small_germany(NEWER)))
    assert Place.objects.filter(closed_on__isnull=False).count() == 0
    report = import_register(write(tmp_path, small_germany(NEWER)), close_many=True)
    assert totals(report) == (0, 0, 120, 27)


def test_import_register_leaves_an_audit_entry_only_when_something_changed(tmp_path: Path) -> None:
    for _ in range(2):
        import_register(write(tmp_path, small_germany()))
    with across_places(reason=Reason.SITE_MAINTENANCE):
        entries = list(AuditEntry.objects.filter(code="places.import_register").values_list("actor_label", "detail"))
    assert entries == [("import_places", {"as_of_on": "2023-11-30", "created": 27, "updated": 0, "closed": 0})]


def test_import_register_by_a_coordinator_is_refused(tmp_path: Path, as_alma: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_register(write(tmp_path, small_germany()), actor=as_alma)


def test_import_register_number_of_queries_does_not_follow_the_rows(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        import_register(write(tmp_path, small_germany()))


# ---- The command --------------------------------------------------------------------------------


def test_import_places_reports_counts_per_level(tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_places", str(write(tmp_path, small_germany())), stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["Gemeinden", "4", "4", "0", "0", "0"] in lines
    assert ["Länder", "16", "16", "0", "0", "0"] in lines
    assert "27 Einträge, Gebietsstand 30.11.2023, UTF-8" in out.getvalue()


def test_import_places_again_says_that_nothing_changed(tmp_path: Path) -> None:
    path = str(write(tmp_path, small_germany()))
    call_command("import_places", path, stdout=StringIO())
    out = StringIO()
    call_command("import_places", path, stdout=out)
    assert "Alles war schon auf diesem Stand." in out.getvalue()


def test_import_places_broken_file_names_the_line(tmp_path: Path) -> None:
    lines = small_germany()
    lines[3] = lines[3][:7]
    with pytest.raises(CommandError, match=r"es wurde nichts geändert\.\n  Zeile 4: 7 statt 220 Zeichen\."):
        call_command("import_places", str(write(tmp_path, lines)), stdout=StringIO())
    assert Place.objects.count() == 0


def test_import_places_older_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    call_command("import_places", str(write(tmp_path, small_germany(NEWER))), stdout=StringIO())
    with pytest.raises(CommandError, match=r"Gespeichert ist schon ein neuerer: 31\.12\.2024"):
        call_command("import_places", str(write(tmp_path, small_germany())), stdout=StringIO())


def test_import_places_tells_of_a_participant_that_vanished(tmp_path: Path) -> None:
    call_command("import_places", str(write(tmp_path, small_germany())), stdout=StringIO())
    Place.objects.filter(ags="08116999").update(slug="forst")
    out = StringIO()
    call_command("import_places", str(write(tmp_path, newer_germany())), stdout=out)
    assert "Achtung: Forst, gemfr.Geb. nimmt teil, steht aber nicht mehr im Verzeichnis." in out.getvalue()
