"""Reading the register's file: what a record says, and what is wrong with a broken one."""

from __future__ import annotations

import lzma
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.register_file import RegisterBroken, Unit, read_register
from ortsdialog.ground.places.tests.gv100ad import record, small_germany, write


def faults_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(RegisterBroken) as caught:
        read_register(path)
    return caught.value.faults


def units_by_key(path: Path) -> dict[tuple[int, str], Unit]:
    return {(unit.level, unit.ars): unit for unit in read_register(path).units}


def test_read_register_counts_every_level(tmp_path: Path) -> None:
    register = read_register(write(tmp_path, small_germany()))
    assert register.as_of_on == date(2023, 11, 30)
    assert register.encoding == "UTF-8"
    assert Counter(unit.level for unit in register.units) == {10: 16, 20: 1, 30: 1, 40: 2, 50: 3, 60: 4}


def test_read_register_keys_have_the_digits_of_their_level(tmp_path: Path) -> None:
    units = units_by_key(write(tmp_path, small_germany()))
    assert units[Level.LAND, "08"].ags == "08"
    assert units[Level.DISTRICT, "081"].name == "Reg.-Bez. Stuttgart"
    assert units[Level.REGION, "0811"].name == "Region Stuttgart"
    assert units[Level.COUNTY, "08116"].kind == 44
    assert units[Level.ASSOCIATION, "081165001"].ags == "08116"
    assert units[Level.MUNICIPALITY, "081165001056"].ags == "08116056"


def test_read_register_municipality_has_all_facts(tmp_path: Path) -> None:
    units = units_by_key(write(tmp_path, small_germany()))
    assert units[Level.MUNICIPALITY, "081160080080"] == Unit(
        level=60, ars="081160080080", ags="08116080", name="Ostfildern", title="Stadt", kind=67, seat="",
        postcode="73760", population=39806, area_hectares=2281,
    )  # fmt: skip


def test_read_register_uninhabited_area_has_zero_people_and_no_postcode(tmp_path: Path) -> None:
    forest = units_by_key(write(tmp_path, small_germany()))[Level.MUNICIPALITY, "081165001999"]
    assert (forest.name, forest.title, forest.population, forest.postcode) == ("Forst", "gemfr.Geb.", 0, "")


def test_read_register_title_begins_behind_the_first_comma(tmp_path: Path) -> None:
    town = units_by_key(write(tmp_path, small_germany()))[Level.MUNICIPALITY, "081165001056"]
    assert (town.name, town.title) == ("Plochingen (Neckar)", "Seebad, Stadt")


def test_read_register_association_that_lists_its_members_has_no_title(tmp_path: Path) -> None:
    association = units_by_key(write(tmp_path, small_germany()))[Level.ASSOCIATION, "081165001"]
    assert (association.name, association.title) == ("Oelsnitz/Vogtl., Bösenbrunn, Eichigt", "")


def test_read_register_latin_1_says_so(tmp_path: Path) -> None:
    lines = small_germany()
    lines[0] = record(10, "01", "Größtes Land")
    register = read_register(write(tmp_path, lines, encoding="iso-8859-1"))
    assert register.encoding == "ISO-8859-1"
    assert register.units[0].name == "Größtes Land"


def test_read_register_windows_line_ends_and_dos_end_mark_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "GV100AD.txt"
    path.write_bytes(("\r\n".join(small_germany()) + "\r\n\x1a").encode())
    assert len(read_register(path).units) == 27


def test_read_register_packed_files(tmp_path: Path) -> None:
    plain = write(tmp_path, small_germany())
    (tmp_path / "a.xz").write_bytes(lzma.compress(plain.read_bytes()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(plain, "ordner/GV100AD_301123.txt")
        archive.writestr("hinweise.txt", "Bitte lesen")
    expected = read_register(plain).units
    assert read_register(tmp_path / "a.xz").units == expected
    assert read_register(tmp_path / "a.zip").units == expected


def test_read_register_names_the_line_that_is_too_short(tmp_path: Path) -> None:
    lines = small_germany()
    lines[24] = lines[24][:100]
    assert faults_of(write(tmp_path, lines)) == ("Zeile 25: 100 statt 220 Zeichen.",)


@pytest.mark.parametrize(
    ("columns", "text", "fault"),
    [
        (slice(0, 2), "77", "Zeile 25: beginnt mit „77“, nicht mit einer Satzart (10, 20, 30, 40, 50 oder 60)."),
        (slice(2, 10), "20221130", "Zeile 25: Gebietsstand 20221130, in der ersten Zeile aber 20231130."),
        (slice(2, 10), "20231399", "Zeile 25: „20231399“ ist kein Gebietsstand (JJJJMMTT)."),
        (slice(10, 18), "0811608 ", "Zeile 25: der Schlüssel (AGS) hat nicht 8 Ziffern: „0811608“."),
        (slice(18, 22), "00 0", "Zeile 25: der Gemeindeverband hat nicht 4 Ziffern: „00 0“."),
        (slice(22, 72), " " * 50, "Zeile 25: der Name fehlt."),
        (slice(122, 124), "6x", "Zeile 25: das Textkennzeichen hat nicht 2 Ziffern: „6x“."),
        (slice(128, 139), "0000000x281", "Zeile 25: die Fläche hat nicht 11 Ziffern: „0000000x281“."),
        (slice(139, 150), "           ", "Zeile 25: die Bevölkerung hat nicht 11 Ziffern: „           “."),
        (slice(165, 170), "7376 ", "Zeile 25: die Postleitzahl hat nicht 5 Ziffern: „7376 “."),
    ],
)
def test_read_register_names_the_line_and_what_is_wrong(tmp_path: Path, columns: slice, text: str, fault: str) -> None:
    lines = small_germany()
    assert "Ostfildern" in lines[24]
    lines[24] = lines[24][: columns.start] + text + lines[24][columns.stop :]
    assert faults_of(write(tmp_path, lines)) == (fault,)


def test_read_register_names_at_most_five_lines(tmp_path: Path) -> None:
    lines = [line[:50] for line in small_germany()]
    assert faults_of(write(tmp_path, lines)) == tuple(
        f"Zeile {number}: 50 statt 220 Zeichen." for number in range(1, 6)
    )


def test_read_register_key_twice_names_both_lines(tmp_path: Path) -> None:
    lines = small_germany()
    lines.append(lines[-2])
    assert faults_of(write(tmp_path, lines)) == ("Zeile 28: der Schlüssel 081165001056 steht schon in Zeile 26.",)


def test_read_register_cut_off_between_laender_is_incomplete(tmp_path: Path) -> None:
    assert faults_of(write(tmp_path, small_germany()[:14])) == (
        "Nach Zeile 14 ist die Datei zu Ende, und es fehlen Länder: 15, 16. Sie ist unvollständig.",
    )


@pytest.mark.parametrize("kept", [22, 23, 24, 25])
def test_read_register_cut_off_within_a_county_is_incomplete(tmp_path: Path, kept: int) -> None:
    assert faults_of(write(tmp_path, small_germany()[:kept])) == (
        f"Nach Zeile {kept} bricht die Datei ab: Im letzten Kreis (08116) fehlen Gemeinden.",
    )


def test_read_register_municipality_without_its_association_names_the_line(tmp_path: Path) -> None:
    lines = [line for line in small_germany() if "Bösenbrunn" not in line]
    assert faults_of(write(tmp_path, lines)) == (
        "Zeile 25: Plochingen (Neckar) gehört zu Verbandsschlüssel 081165001, und der fehlt in der Datei.",
    )


def test_read_register_land_shared_with_luxembourg_needs_no_county(tmp_path: Path) -> None:
    lines = small_germany()
    lines[16:16] = [
        record(50, "07000", "Gemeinsames Gebiet", association="9999", kind="50"),
        record(60, "07000999", "Gemeinsames Gebiet", association="9999", kind="66", area=62, population=0),
    ]
    assert len(read_register(write(tmp_path, lines)).units) == 29


def test_read_register_other_encodings_are_refused(tmp_path: Path) -> None:
    lines = small_germany()
    lines[1] = record(10, "02", "Größtes Land")
    assert faults_of(write(tmp_path, lines, encoding="cp850")) == (
        "Zeile 2: Die Zeichenkodierung ist weder UTF-8 noch ISO-8859-1.",
    )
    assert faults_of(write(tmp_path, lines, encoding="utf-16")) == (
        "Das ist keine Textdatei. Gebraucht wird das Gemeindeverzeichnis im Format GV100AD (.txt).",
    )


def test_read_register_damaged_utf_8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "GV100AD.txt"
    path.write_bytes("\n".join(small_germany()).encode().replace(b"Plochingen (", b"Plochi\xfegen ("))
    assert faults_of(path) == ("Zeile 26: Ein Zeichen ist kein gültiges UTF-8.",)


def test_read_register_wrong_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "leer.txt").write_bytes(b"")
    (tmp_path / "tabelle.csv").write_text("AGS;Name\n08116080;Ostfildern\n", encoding="utf-8")
    (tmp_path / "kaputt.xz").write_bytes(lzma.compress(b"x" * 10_000)[:60])
    with zipfile.ZipFile(tmp_path / "tabelle.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    (tmp_path / "kaputt.zip").write_bytes(b"PK\x03\x04nichts")
    assert faults_of(tmp_path / "leer.txt") == ("Die Datei ist leer.",)
    assert faults_of(tmp_path / "tabelle.csv")[0].startswith("Zeile 1: beginnt mit „AG“")
    assert faults_of(tmp_path / "kaputt.xz") == ("Die gepackte Datei kaputt.xz ist unvollständig oder beschädigt.",)
    assert faults_of(tmp_path / "kaputt.zip") == ("Die gepackte Datei kaputt.zip ist unvollständig oder beschädigt.",)
    assert faults_of(tmp_path / "tabelle.xlsx") == ("In der ZIP-Datei steht nicht genau eine Datei GV100AD….txt.",)
    assert faults_of(tmp_path / "fehlt.txt") == (f"Die Datei {tmp_path / 'fehlt.txt'} gibt es nicht.",)
    assert faults_of(tmp_path)[0].startswith(f"Die Datei {tmp_path} lässt sich nicht lesen")


def test_read_register_much_too_large_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bombe.xz").write_bytes(lzma.compress(b" " * (65 * 1024 * 1024), preset=0))
    assert faults_of(tmp_path / "bombe.xz") == ("Die Datei ist viel zu groß für ein Gemeindeverzeichnis (GV100AD).",)
