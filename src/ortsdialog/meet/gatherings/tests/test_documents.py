"""Table signs and host cards: tagged, in the right language, and never markup."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from ortsdialog.ground.places.models import Place
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings import documents
from ortsdialog.meet.gatherings.models import Gathering
from ortsdialog.meet.gatherings.tests.factories import make_gathering

HOSTILE = '#eval("1") $x$ *fett* _kursiv_ \\ <marke> @bezug [klammer] 👩‍🔧 日本'


@pytest.fixture
def town(dialogue: Process):
    with open_place(dialogue.place):
        yield dialogue.place


@pytest.fixture
def gathering(town: Place, dialogue: Process) -> Gathering:
    gathering = make_gathering(dialogue, tables=3, rounds=2)
    gathering.languages = ["de", "ar", "uk"]
    gathering.save()
    first = gathering.tables.get(number=1)
    first.theme = MultilingualText.of({"de": "Wohnen", "ar": "السكن", "uk": "Житло"})
    first.save()
    return gathering


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def alternative_texts(document: pikepdf.Pdf) -> list[str]:
    return [str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]


def languages(document: pikepdf.Pdf) -> set[str]:
    """The languages in which parts of the pages are marked."""
    streams = b"".join(page.Contents.read_bytes() for page in document.pages)
    return {match.decode() for match in re.findall(rb"/Lang ?\(([a-z-]+)\)", streams)}


def test_table_signs_are_tagged_and_have_one_page_a_table(gathering: Gathering) -> None:
    document = opened(documents.table_signs(gathering, language="de"))
    assert len(document.pages) == 3
    assert bool(document.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in document.Root
    assert str(document.Root.Lang) == "de"
    assert str(document.docinfo["/Title"]).endswith("Auftakt")
    with document.open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"


def test_table_signs_describe_every_qr_code_by_its_address(gathering: Gathering) -> None:
    document = opened(documents.table_signs(gathering, language="de"))
    texts = alternative_texts(document)
    codes = gathering.tables.values_list("code", flat=True)
    assert len(texts) == 3
    assert all(any(f"https://ortsdialog.test/t/{code}/" in text for text in texts) for code in codes)


def test_table_signs_mark_the_languages_of_their_parts(gathering: Gathering) -> None:
    document = opened(documents.table_signs(gathering, language="de"))
    assert {"ar", "uk"} <= languages(document)


def test_signs_in_arabic_are_arabic_documents(gathering: Gathering) -> None:
    document = opened(documents.table_signs(gathering, language="ar"))
    assert str(document.Root.Lang) == "ar"


def test_host_cards_carry_the_secret_link_of_each_table(gathering: Gathering) -> None:
    document = opened(documents.host_cards(gathering, language="de"))
    texts = alternative_texts(document)
    for table in gathering.tables.all():
        assert any(f"/t/{table.code}/gastgeber/{table.host_key}/" in text for text in texts)
    assert str(document.Root.Lang) == "de"


def test_hostile_words_are_printed_not_run(gathering: Gathering, dialogue: Process) -> None:
    gathering.tables.update(theme=MultilingualText.written(HOSTILE), host_name=HOSTILE[:100])
    gathering.questions.update(text=MultilingualText.written(HOSTILE))
    gathering.title = MultilingualText.written(HOSTILE)
    gathering.process.promise = MultilingualText.written(HOSTILE)
    for pdf in (documents.table_signs(gathering, language="de"), documents.host_cards(gathering, language="de")):
        document = opened(pdf)
        title = str(document.docinfo["/Title"])
        assert '#eval("1") $x$ *fett* _kursiv_ \\ <marke> @bezug [klammer]' in title


def test_signs_without_tables_are_still_a_document(town: Place, dialogue: Process) -> None:
    empty = make_gathering(dialogue, tables=0, rounds=0, slug="leer")
    assert len(opened(documents.table_signs(empty, language="de")).pages) == 1
    assert len(opened(documents.host_cards(empty, language="de")).pages) == 1
