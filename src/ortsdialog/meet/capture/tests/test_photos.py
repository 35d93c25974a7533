"""Photos at the desk and on the host's page: sent, seen only through their door, written down from, deleted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.capture.tests.test_keying import typed
from ortsdialog.meet.contributions import pictures
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.pictures import read_picture
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.contributions.tests.test_pictures import media, photo, photo_with_everything  # noqa: F401
from ortsdialog.meet.gatherings.models import Gathering, Table


def _address(names: dict[str, str], place: dict[str, Any], rest: str) -> str:
    number, _slash, last = rest.partition("/")
    if not number:
        return reverse(names["all"], kwargs=place)
    place = {**place, "number": int(number)}
    if last.endswith(".jpg"):
        return reverse(names["picture"], kwargs={**place, "size": last.removesuffix(".jpg")})
    return reverse(names["delete" if last else "one"], kwargs=place)


def address(gathering: Gathering, rest: str = "") -> str:
    names = {
        "all": "capture:desk-photos",
        "one": "capture:desk-photo",
        "picture": "capture:desk-photo-picture",
        "delete": "capture:desk-photo-delete",
    }
    return _address(names, {"place": "altdorf", "pk": gathering.pk}, rest)


def host_address(table: Table, rest: str = "") -> str:
    names = {
        "all": "capture:host-photos",
        "one": "capture:host-photo",
        "picture": "capture:host-photo-picture",
        "delete": "capture:host-photo-delete",
    }
    return _address(names, {"code": table.code}, rest)


def file(content: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def desk(sign_in: Any, alma: Any) -> Client:
    return sign_in(alma)  # type: ignore[no-any-return]


def sources(gathering: Gathering) -> list[Source]:
    with open_place(gathering.place_id):
        return list(Source.objects.filter(gathering=gathering).order_by("number"))


def send(client: Client, path: str, *files: SimpleUploadedFile, **more: Any) -> Any:
    return client.post(path, {"photos": list(files), "kind": "pin_board", **more})


def test_photos_are_stored_several_at_once(desk: Client, evening: Gathering, second_table: Table) -> None:
    answer = send(
        desk, address(evening), file(photo()), file(photo("PNG", (300, 200)), "b.png"), table=str(second_table.pk)
    )
    assert answer.status_code == 302
    assert [(one.number, one.table_id) for one in sources(evening)] == [(1, second_table.pk), (2, second_table.pk)]
    page = desk.get(address(evening))
    assert "2 Fotos sind gespeichert." in text_of(page)
    assert page.content.decode().count("/klein.jpg") == 2


def test_a_photo_sent_twice_is_there_once_and_says_so(desk: Client, evening: Gathering) -> None:
    for _again in range(2):
        send(desk, address(evening), file(photo()))
    assert len(sources(evening)) == 1
    assert "1 Foto war schon da." in text_of(desk.get(address(evening)))


def test_a_file_that_is_no_photo_is_named_and_the_others_are_stored(desk: Client, evening: Gathering) -> None:
    heic = file(b"\0\0\0\x18ftypheic" + b"0" * 99, "<b>urlaub</b>.heic")
    answer = send(desk, address(evening), heic, file(photo()), file(b"<svg/>", "bild.jpg"))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "<b>urlaub" not in answer.content.decode()
    assert "HEIC" in words
    assert "bild.jpg" in words
    assert len(sources(evening)) == 1


@pytest.mark.parametrize("files", [[], [file(b"", "leer.jpg")]])
def test_no_file_at_all_is_said_in_words(files: list[Any], desk: Client, evening: Gathering) -> None:
    answer = send(desk, address(evening), *files)
    assert answer.status_code == 422
    assert sources(evening) == []


def test_a_full_disk_is_said_in_words_and_stores_nothing(
    desk: Client,
    evening: Gathering,
    media: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures.os, "fsync", full)
    answer = send(desk, address(evening), file(photo()))
    assert answer.status_code == 503
    assert "IMG_1.jpg" in text_of(answer)
    assert sources(evening) == []
    assert list((media / "sources").iterdir()) == []


def test_a_busy_database_is_said_in_words_and_leaves_no_file(
    desk: Client,
    evening: Gathering,
    media: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Source, "save", locked)
    assert send(desk, address(evening), file(photo())).status_code == 503
    assert list((media / "sources").iterdir()) == []


@pytest.fixture
def source(desk: Client, evening: Gathering, table: Table) -> Source:
    """A photo of table 1, with everything a phone writes into it."""
    send(desk, address(evening), file(photo_with_everything()), table=str(table.pk))
    (made,) = sources(evening)
    return made


@pytest.mark.parametrize("size", ["gross", "klein"])
def test_a_picture_comes_through_its_door_only(size: str, desk: Client, source: Source, evening: Gathering) -> None:
    answer = desk.get(address(evening, f"1/{size}.jpg"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="foto-1.jpg"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == read_picture(source.picture, small=size == "klein")
    for guessed in (f"/media/sources/{source.picture}", f"/sources/{source.picture}", f"/static/{source.picture}"):
        assert desk.get(guessed).status_code == 404
    assert desk.get(address(evening, "1/riesig.jpg")).status_code == 404
    assert desk.get(address(evening, "2/gross.jpg")).status_code == 404


def test_photos_are_closed_to_other_towns_onlookers_and_guests(
    sign_in: Any, nils: Any, kim: Any, source: Source, evening: Gathering, table: Table
) -> None:
    paths = [address(evening, rest) for rest in ("", "1/", "1/gross.jpg", "1/klein.jpg")]
    for person in (nils, kim):
        client = sign_in(person)
        assert [client.get(path).status_code for path in paths] == [404] * 4
        assert send(client, address(evening), file(photo())).status_code == 404
        assert client.post(address(evening, "1/loeschen/")).status_code == 404
    guest = Client()
    assert [guest.get(path).status_code for path in paths] == [302] * 4
    assert guest.get(host_address(table, "1/gross.jpg")).status_code == 404
    assert len(sources(evening)) == 1


def test_a_host_sees_and_adds_photos_of_her_own_table_only(
    host_phone: Client, desk: Client, source: Source, evening: Gathering, table: Table, second_table: Table
) -> None:
    send(desk, address(evening), file(photo(size=(320, 200))), table=str(second_table.pk))
    assert host_phone.get(host_address(table, "1/")).status_code == 200
    assert host_phone.get(host_address(table, "1/klein.jpg")).status_code == 200
    assert host_phone.get(host_address(table, "2/gross.jpg")).status_code == 404
    assert host_phone.get(host_address(table, "2/")).status_code == 404
    assert host_phone.get(host_address(second_table)).status_code == 404
    assert send(host_phone, host_address(table), file(photo(size=(200, 200)))).status_code == 302
    assert sources(evening)[-1].table_id == table.pk
    assert "/2/" not in host_phone.get(host_address(table)).content.decode()


def test_a_statement_written_down_from_a_photo_keeps_its_way_back(
    desk: Client, source: Source, evening: Gathering, table: Table
) -> None:
    page = desk.get(address(evening, "1/"))
    assert re.search(rf'<option value="{table.pk}"[^>]*selected', page.content.decode())
    answer = desk.post(address(evening, "1/"), typed(table=str(table.pk)))
    assert answer.status_code == 302
    with open_place(evening.place_id):
        statement = Statement.objects.get()
    assert (statement.source_id, statement.channel, statement.table_id) == (source.pk, "paper", table.pk)
    page = desk.get(answer.url)
    assert "1 Beitrag von diesem Foto abgeschrieben" in text_of(page)
    assert "Der Bus" in text_of(page)
    detail = desk.get(f"/schreibtisch/altdorf/beitraege/{statement.handle}/")
    assert "Foto 1" in text_of(detail)
    assert address(evening, "1/") in detail.content.decode()


def test_a_mistake_beside_the_photo_keeps_photo_and_text(desk: Client, source: Source, evening: Gathering) -> None:
    answer = desk.post(address(evening, "1/"), typed(card="QQQQQQ"))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "/1/gross.jpg" in html
    assert "Der Bus fährt abends nicht mehr." in html


def test_the_host_writes_down_from_a_photo(
    host_phone: Client, source: Source, evening: Gathering, table: Table
) -> None:
    assert host_phone.post(host_address(table, "1/"), typed()).status_code == 302
    with open_place(evening.place_id):
        assert Statement.objects.get().source_id == source.pk


def test_a_photo_is_deleted_only_while_nothing_came_from_it(
    desk: Client, source: Source, evening: Gathering, table: Table, django_capture_on_commit_callbacks: Any
) -> None:
    statement = make_statement(table, source=source)
    assert desk.get(address(evening, "1/loeschen/")).status_code == 302
    answer = desk.post(address(evening, "1/loeschen/"), follow=True)
    assert "Es bleibt, damit man sie prüfen kann." in text_of(answer)
    with open_place(evening.place_id):
        Statement.objects.filter(pk=statement.pk).update(source=None)
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(address(evening, "1/loeschen/"), follow=True)
    assert "Foto 1 ist gelöscht" in text_of(answer)
    assert sources(evening) == []
    assert read_picture(source.picture) is None


def test_the_host_deletes_a_photo_of_her_table(
    host_phone: Client, source: Source, evening: Gathering, table: Table, second_table: Table
) -> None:
    assert host_phone.post(host_address(second_table, "1/loeschen/")).status_code == 404
    assert host_phone.post(host_address(table, "1/loeschen/")).status_code == 302
    assert sources(evening) == []


def test_the_page_of_a_photo_that_was_destroyed_says_so(desk: Client, source: Source, evening: Gathering) -> None:
    with open_place(evening.place_id):
        Source.objects.update(picture="gone-1")
    assert desk.get(address(evening, "1/gross.jpg")).status_code == 404
    page = desk.get(address(evening, "1/"))
    assert "Das Foto wurde mit dem Ende des Dialogs gelöscht." in text_of(page)
    assert "<img" not in page.content.decode()


def test_photo_page_warns_of_faces(desk: Client, evening: Gathering) -> None:
    assert "Bitte keine Gesichter" in text_of(desk.get(address(evening)))


def test_photo_pages_take_the_same_queries_whatever_the_rows(
    desk: Client, source: Source, evening: Gathering, table: Table, django_assert_num_queries: Any
) -> None:
    for side in (100, 200, 300):
        send(desk, address(evening), file(photo(size=(side, 100))))
    for _statement in range(3):
        make_statement(table, source=source, channel="paper")
    desk.get(address(evening))
    with django_assert_num_queries(10):
        desk.get(address(evening))
    with django_assert_num_queries(14):
        desk.get(address(evening, "1/"))
