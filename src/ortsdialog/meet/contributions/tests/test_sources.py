"""Photos as sources: added once, traced, deleted only when nothing came from them, gone with the dialogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from ortsdialog.ground.process.actions import close_process
from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.contributions import pictures
from ortsdialog.meet.contributions.actions import add_source, delete_source, forget_pictures, sources
from ortsdialog.meet.contributions.choices import SourceKind
from ortsdialog.meet.contributions.models import Source
from ortsdialog.meet.contributions.pictures import PictureNotStored, read_picture
from ortsdialog.meet.contributions.queries import names_of_pictures, sources_of
from ortsdialog.meet.contributions.tests.factories import make_statement
from ortsdialog.meet.contributions.tests.test_pictures import media, photo  # noqa: F401
from ortsdialog.meet.gatherings.models import Gathering, Table


@pytest.fixture
def source(in_altdorf: Any, evening: Gathering, table: Table, as_alma: Actor) -> Source:
    made, _new = add_source(actor=as_alma, gathering=evening, table=table, sent=photo())
    return made


def files(folder: Path) -> list[str]:
    return [path.name for path in (folder / "sources").iterdir()] if (folder / "sources").is_dir() else []


def test_add_source_keeps_the_picture_and_who_added_it(
    in_altdorf: Any, evening: Gathering, table: Table, as_alma: Actor
) -> None:
    made, new = add_source(
        actor=as_alma, gathering=evening, table=table, sent=photo(), kind=SourceKind.TABLECLOTH, caption=" links "
    )
    assert new
    made.refresh_from_db()
    assert (made.number, made.kind, made.caption, made.uploaded_by) == (1, "tablecloth", "links", "Alma")
    assert (made.width, made.height) == (640, 480)
    assert read_picture(made.picture) is not None
    (entry,) = AuditEntry.objects.filter(code="contributions.add_source")
    assert entry.detail == {"number": 1}


def test_add_source_of_the_same_file_gives_the_first_one(
    source: Source,
    evening: Gathering,
    as_alma: Actor,
    media: Path,  # noqa: F811
) -> None:
    again, new = add_source(actor=as_alma, gathering=evening, sent=photo())
    assert (again, new) == (source, False)
    assert len(files(media)) == 2
    other, new = add_source(actor=as_alma, gathering=evening, sent=photo(size=(300, 200)))
    assert (other.number, new) == (2, True)


def test_add_source_that_is_no_photo_stores_nothing(
    in_altdorf: Any,
    evening: Gathering,
    as_alma: Actor,
    media: Path,  # noqa: F811
) -> None:
    with pytest.raises(ValidationError):
        add_source(actor=as_alma, gathering=evening, sent=b"%PDF-1.7")
    assert not Source.objects.exists()
    assert files(media) == []


def test_add_source_on_a_full_disk_stores_nothing(
    in_altdorf: Any, evening: Gathering, as_alma: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures.os, "fsync", full)
    with pytest.raises(PictureNotStored):
        add_source(actor=as_alma, gathering=evening, sent=photo())
    assert not Source.objects.exists()


def test_add_source_of_an_unknown_kind_leaves_no_file(
    in_altdorf: Any,
    evening: Gathering,
    as_alma: Actor,
    media: Path,  # noqa: F811
) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        add_source(actor=as_alma, gathering=evening, sent=photo(), kind="nonsense")
    assert files(media) == []


def test_add_source_beyond_the_most_is_refused_and_leaves_no_file(
    source: Source,
    evening: Gathering,
    as_alma: Actor,
    media: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources, "MOST_SOURCES", 1)
    with pytest.raises(ValidationError) as refusal:
        add_source(actor=as_alma, gathering=evening, sent=photo(size=(300, 200)))
    assert refusal.value.code == "too_many"
    assert len(files(media)) == 2


def test_add_source_to_a_table_of_another_event_is_refused(
    in_altdorf: Any, evening: Gathering, other_table: Table, as_alma: Actor
) -> None:
    with pytest.raises((ValidationError, NotAllowed)):
        add_source(actor=as_alma, gathering=evening, table=other_table, sent=photo())


def test_add_source_by_a_host_only_at_her_own_table(
    in_altdorf: Any, evening: Gathering, table: Table, second_table: Table, tessa: Actor
) -> None:
    add_source(actor=tessa, gathering=evening, table=table, sent=photo())
    for other in (second_table, None):
        with pytest.raises(NotAllowed):
            add_source(actor=tessa, gathering=evening, table=other, sent=photo(size=(200, 200)))


def test_add_source_by_others_is_refused(
    in_altdorf: Any, evening: Gathering, as_kim: Actor, as_nils: Actor, rolf: Actor
) -> None:
    for actor in (as_kim, as_nils, rolf):
        with pytest.raises(NotAllowed):
            add_source(actor=actor, gathering=evening, sent=photo())


def test_delete_source_takes_row_and_files_when_the_change_is_on_disk(
    source: Source, as_alma: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    name = source.picture
    with django_capture_on_commit_callbacks(execute=True) as later:
        delete_source(actor=as_alma, source=source)
        assert read_picture(name) is not None
    assert later
    assert read_picture(name) is None
    assert not Source.objects.exists()


def test_delete_source_that_is_taken_back_keeps_the_files(source: Source, as_alma: Actor) -> None:
    with transaction.atomic():
        delete_source(actor=as_alma, source=source)
        transaction.set_rollback(True)
    assert read_picture(source.picture) is not None
    assert Source.objects.exists()


def test_delete_source_with_statements_is_refused_with_words(source: Source, table: Table, as_alma: Actor) -> None:
    make_statement(table, source=source)
    with pytest.raises(ValidationError) as refusal:
        delete_source(actor=as_alma, source=source)
    assert refusal.value.code == "in_use"
    assert Source.objects.exists()
    assert read_picture(source.picture) is not None


def test_delete_source_by_others_is_refused(source: Source, second_table: Table, as_kim: Actor, as_nils: Actor) -> None:
    for actor in (as_kim, as_nils, Actor.by_link("table_host", second_table.pk)):
        with pytest.raises(NotAllowed):
            delete_source(actor=actor, source=source)


def test_sources_of_an_event_and_a_table_count_what_was_written_down(
    source: Source, evening: Gathering, table: Table, second_table: Table, as_alma: Actor
) -> None:
    add_source(actor=as_alma, gathering=evening, sent=photo(size=(300, 200)))
    make_statement(table, source=source)
    assert [(one.number, one.statement_count) for one in sources_of(evening)] == [(1, 1), (2, 0)]
    assert [one.number for one in sources_of(table)] == [1]
    assert list(sources_of(second_table)) == []
    assert source.picture in names_of_pictures()


def test_forget_pictures_destroys_the_photos_and_keeps_the_trace(
    source: Source, table: Table, evening: Gathering, django_capture_on_commit_callbacks: Any
) -> None:
    statement, name = make_statement(table, source=source), source.picture
    system = Actor.system("end of dialogue")
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_pictures(actor=system, process=evening.process) == 1
    assert forget_pictures(actor=system, process=evening.process) == 0
    source.refresh_from_db()
    assert not source.has_picture
    assert source.uploaded_by == ""
    assert read_picture(name) is None
    statement.refresh_from_db()
    assert statement.source == source


def test_forget_pictures_by_a_person_is_refused(source: Source, evening: Gathering, as_alma: Actor) -> None:
    with pytest.raises(NotAllowed):
        forget_pictures(actor=as_alma, process=evening.process)


def test_the_end_of_a_dialogue_destroys_its_photos_and_no_others(
    source: Source,
    evening: Gathering,
    other_evening: Gathering,
    as_alma: Actor,
    as_nils: Actor,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with open_place(other_evening.place_id):
        foreign, _new = add_source(actor=as_nils, gathering=other_evening, sent=photo())
    with django_capture_on_commit_callbacks(execute=True):
        close_process(actor=as_alma, process=evening.process)
    assert read_picture(source.picture) is None
    assert read_picture(foreign.picture) is not None
