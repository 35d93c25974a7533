"""Rendering: tagged, closed to the network, and data are never markup."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ortsdialog.kernel.documents import DocumentFailed, qr_svg, render_pdf
from ortsdialog.kernel.documents.coverage import only_printable, printable
from ortsdialog.kernel.documents.pdf import FONTS
from ortsdialog.kernel.language import MultilingualText

HOSTILE = '#eval("panic()") #import "x" $x^2$ *a* _b_ `c` \\ <d> @e [f] // g /* h */ = i'


@pytest.fixture
def template(tmp_path: Path) -> Any:
    """template("markup") → a template file with the house's page around it."""

    def write(body: str) -> Path:
        path = tmp_path / "probe.typ"
        path.write_text(f'#import "/document.typ": *\n#show: page-of\n{body}\n', encoding="utf-8")
        return path

    return write


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def shown_text(document: pikepdf.Pdf) -> str:
    """The characters on the pages, read through each font's map, as a screen reader gets them."""
    words = []
    for page in document.pages:
        maps = {name: _unicode_map(font) for name, font in page.Resources.Font.items()}
        current: dict[int, str] = {}
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator == "Tf":
                current = maps[str(instruction.operands[0])]
            elif operator in ("Tj", "TJ"):
                pieces = instruction.operands[0] if operator == "TJ" else [instruction.operands[0]]
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        raw = bytes(piece)
                        words += [current.get(int.from_bytes(raw[i : i + 2]), "") for i in range(0, len(raw), 2)]
    return "".join(words)


def _unicode_map(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode()
    found = {}
    for glyph, text in re.findall(r"^<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>$", table, re.MULTILINE):
        found[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


def test_document_is_tagged_named_and_has_a_language(template: Any) -> None:
    document = opened(render_pdf(template("= #say(given.name)"), {"name": "Tisch 1"}, language="de", title="Schild"))
    assert bool(document.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in document.Root
    assert str(document.Root.Lang) == "de"
    assert str(document.docinfo["/Title"]) == "Schild"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"


def test_only_the_fonts_of_the_house_are_embedded(template: Any) -> None:
    arabic = MultilingualText.written("كيف نعيش معًا؟", "ar")
    document = opened(
        render_pdf(template("#say(given.a) #say(given.b)"), {"a": "Ja", "b": arabic}, language="de", title="T")
    )
    fonts = {str(font.BaseFont).partition("+")[2] for page in document.pages for font in page.Resources.Font.values()}
    assert {name.partition("-")[0] for name in fonts} == {"FiraSans", "NotoSansArabic"}


def test_hostile_words_stand_on_the_page_as_they_are(template: Any) -> None:
    data = {"plain": HOSTILE, "text": MultilingualText.written(HOSTILE)}
    document = opened(
        render_pdf(template("#say(given.plain)\n\n#say-block(given.text)"), data, language="de", title=HOSTILE)
    )
    shown = shown_text(document).replace(" ", "")
    assert shown.count(HOSTILE.replace(" ", "")) == 2
    assert str(document.docinfo["/Title"]) == HOSTILE


def test_values_arrive_as_the_template_expects_them(template: Any) -> None:
    data = {"on": date(2026, 3, 12), "count": 3, "rows": [{"name": "A"}, {"name": "B"}], "none": None, "yes": True}
    body = '#say(given.on)|#str(given.count)|#given.rows.map(r => r.name).join("+")|#say(given.none)|#repr(given.yes)'
    assert "2026-03-12|3|A+B||true" in shown_text(opened(render_pdf(template(body), data, language="de", title="T")))


def test_reader_gets_her_version_and_its_direction(template: Any) -> None:
    text = MultilingualText.of({"de": "Wohnen", "ar": "السكن"})
    body = "#given.text.lang #given.text.dir"
    assert "arrtl" in shown_text(opened(render_pdf(template(body), {"text": text}, language="ar", title="T"))).replace(
        " ", ""
    )
    assert "deltr" in shown_text(
        opened(render_pdf(template(body), {"text": text}, language="de-ls", title="T"))
    ).replace(" ", "")


def test_image_without_alternative_text_is_refused(template: Any) -> None:
    body = '#image("/images/a.svg")'
    with pytest.raises(DocumentFailed):
        render_pdf(template(body), {}, language="de", title="T", images={"a.svg": qr_svg("x")})


def test_mistake_in_a_template_names_it(template: Any) -> None:
    with pytest.raises(DocumentFailed, match=r"probe\.typ"):
        render_pdf(template("#given.missing"), {}, language="de", title="T")


def test_template_cannot_read_beyond_its_folder(template: Any) -> None:
    with pytest.raises(DocumentFailed):
        render_pdf(template('#read("/../../etc/hostname")'), {}, language="de", title="T")


def test_image_name_with_a_path_is_refused(template: Any) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        render_pdf(template(""), {}, language="de", title="T", images={"../a.svg": b""})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Größe – „ja“\nZeile", "Größe – „ja“\nZeile"),
        ("Українська", "Українська"),
        ("كيف نعيش معًا؟", "كيف نعيش معًا؟"),
        ("日本", "??"),
        ("ab\u202ecd\x00\x07\ufeff", "abcd"),
        ("a\u3000b", "a b"),
    ],
)
def test_only_what_the_fonts_have_is_printed(text: str, shown: str) -> None:
    box = only_printable("日", FONTS)
    assert len(box) == 1
    assert only_printable(text, FONTS) == shown.replace("?", box)


def test_fonts_cover_german_arabic_and_ukrainian() -> None:
    points = printable(FONTS)
    assert {ord(character) for character in "aZäöüßÄÖÜ€…ґїєщابتثجحخ"} <= points


def test_qr_code_is_a_dark_on_light_picture_with_a_size() -> None:
    svg = qr_svg("https://ortsdialog.test/t/K7M3QF/").decode()
    assert svg.startswith("<svg")
    assert 'width="' in svg
    assert "#fff" in svg
    assert qr_svg("a") != qr_svg("b")
