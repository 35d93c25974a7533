"""Paper cards: codes, printing, and the document that is cut up."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ortsdialog.kernel.access import Actor, NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import print_paper_cards
from ortsdialog.meet.capture.codes import LENGTH, grouped, near, new_codes, read_card_code
from ortsdialog.meet.capture.documents import card_link, paper_cards
from ortsdialog.meet.capture.models import PaperCard
from ortsdialog.meet.capture.queries import batches_of, cards_of_batch, last_batch
from ortsdialog.meet.capture.tests.pages import text_of
from ortsdialog.meet.contributions.receipts import read_receipt_code
from ortsdialog.meet.gatherings.codes import ALPHABET
from ortsdialog.meet.gatherings.models import Gathering, Table


def printed(actor: Actor, gathering: Gathering, each: int = 2, **more: Any) -> list[PaperCard]:
    tables, rounds = list(gathering.tables.all()), list(gathering.rounds.all())
    chosen = {"tables": tables, "rounds": rounds, "cards_per_table": each, **more}
    return print_paper_cards(actor=actor, gathering=gathering, **chosen)


def test_new_codes_are_different_and_have_no_signs_that_look_alike() -> None:
    codes = new_codes(500)
    assert len(set(codes)) == 500
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) <= set(ALPHABET)


@pytest.mark.parametrize(
    "typed", ["ACD-EFG", " acd efg ", "acdefg", "https://ortsdialog.test/k/ACDEFG/", "https://ortsdialog.test/k/acdefg"]
)
def test_a_card_code_is_read_however_it_was_typed_or_scanned(typed: str) -> None:
    assert read_card_code(typed) == "ACDEFG"
    assert grouped("ACDEFG") == "ACD-EFG"


def test_near_codes_are_those_with_one_slip() -> None:
    codes = ["ACDEFG", "ACDEGF", "ACDEF3", "CADEFG", "QQQQQQ", "ACDE34"]
    assert near("ACDEF9", codes) == ["ACDEFG", "ACDEF3"]
    assert near("ACDEGF", ["ACDEFG"]) == ["ACDEFG"]
    assert near("ACDEF", ["ACDEFG"]) == ["ACDEFG"]
    assert near("ACDEFFG", ["ACDEFG"]) == ["ACDEFG"]
    assert near("ACDE43", ["ACDEFG"]) == []


def test_print_paper_cards_makes_cards_for_each_table_and_round(
    in_altdorf: Any, evening: Gathering, as_alma: Actor
) -> None:
    cards = printed(as_alma, evening, 3)
    assert len(cards) == 2 * 2 * 3
    assert len({card.code for card in cards}) == len({card.receipt_code for card in cards}) == 12
    assert all(read_receipt_code(card.receipt_code) == card.receipt_code for card in cards)
    assert {(card.table_id, card.round_id, card.question_id) for card in cards} == {
        (table.pk, round.pk, round.question_id) for table in evening.tables.all() for round in evening.rounds.all()
    }
    (entry,) = AuditEntry.objects.filter(code="capture.print_paper_cards")
    assert entry.detail == {"batch": 1, "cards": 12, "tables": [1, 2], "rounds": [1, 2]}


def test_print_paper_cards_without_rounds_makes_cards_without_a_question(
    in_altdorf: Any, evening: Gathering, as_alma: Actor
) -> None:
    cards = printed(as_alma, evening, 2, rounds=[])
    assert [(card.round, card.question) for card in cards] == [(None, None)] * 4


def test_print_paper_cards_again_makes_new_cards(in_altdorf: Any, evening: Gathering, as_alma: Actor) -> None:
    first, second = printed(as_alma, evening), printed(as_alma, evening)
    assert not {card.code for card in first} & {card.code for card in second}
    assert last_batch(evening) == 2
    assert [(one["batch"], one["cards"], one["keyed"], one["tables"]) for one in batches_of(evening)] == [
        (2, 8, 0, 2),
        (1, 8, 0, 2),
    ]


def test_print_paper_cards_sent_twice_gives_the_same_cards(in_altdorf: Any, evening: Gathering, as_alma: Actor) -> None:
    first, again = printed(as_alma, evening, batch=1), printed(as_alma, evening, batch=1)
    assert {card.pk for card in first} == {card.pk for card in again}
    assert AuditEntry.objects.filter(code="capture.print_paper_cards").count() == 1


@pytest.mark.parametrize("each", [0, 501])
def test_print_paper_cards_for_none_or_too_many_is_refused(
    each: int, in_altdorf: Any, evening: Gathering, as_alma: Actor
) -> None:
    with pytest.raises(ValidationError):
        printed(as_alma, evening, each)
    assert not PaperCard.objects.exists()


def test_print_paper_cards_for_a_table_of_another_event_is_refused(
    in_altdorf: Any, evening: Gathering, other_table: Table, as_alma: Actor
) -> None:
    with pytest.raises(ValidationError):
        printed(as_alma, evening, tables=[other_table])


def test_print_paper_cards_by_others_is_refused(
    in_altdorf: Any, evening: Gathering, as_kim: Actor, as_nils: Actor, tessa: Actor, rolf: Actor
) -> None:
    for actor in (as_kim, as_nils, tessa, rolf):
        with pytest.raises(NotAllowed):
            printed(actor, evening)


def test_print_paper_cards_in_an_archive_is_refused(in_altdorf: Any, evening: Gathering, as_alma: Actor) -> None:
    evening.process.state = "closed"
    evening.process.save()
    with pytest.raises(NotAllowed):
        printed(as_alma, evening)


@pytest.fixture
def cards(in_altdorf: Any, evening: Gathering, as_alma: Actor) -> list[PaperCard]:
    evening.languages = ["de", "ar", "uk"]
    evening.save()
    evening.questions.update(text=MultilingualText.of({"de": "Was läuft gut?", "ar": "ما الذي يسير جيدًا؟"}))
    printed(as_alma, evening, 3)
    return list(cards_of_batch(evening, 1))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def streams(document: pikepdf.Pdf) -> bytes:
    return b"".join(page.Contents.read_bytes() for page in document.pages)


@pytest.mark.parametrize(("per_sheet", "pages"), [(4, 3), (6, 2)])
def test_paper_cards_are_a_tagged_document_with_several_on_a_sheet(
    per_sheet: int, pages: int, cards: list[PaperCard], evening: Gathering
) -> None:
    document = opened(paper_cards(cards, gathering=evening, languages=["de", "ar"], per_sheet=per_sheet))
    assert len(document.pages) == pages
    assert bool(document.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in document.Root
    assert str(document.Root.Lang) == "de"
    assert str(document.docinfo["/Title"]).endswith("Auftakt")
    with document.open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"


def test_paper_cards_describe_each_qr_code_by_its_card(cards: list[PaperCard], evening: Gathering) -> None:
    document = opened(paper_cards(cards, gathering=evening, languages=["de"]))
    texts = [str(one.Alt) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert len(texts) == len(cards)
    assert all(any(card.written_code in text for text in texts) for card in cards)
    assert card_link(cards[0]) == f"https://ortsdialog.test/k/{cards[0].code}/"


def test_paper_cards_mark_the_second_language(cards: list[PaperCard], evening: Gathering) -> None:
    document = opened(paper_cards(cards, gathering=evening, languages=["de", "ar"]))
    assert {"ar"} <= {found.decode() for found in re.findall(rb"/Lang ?\(([a-z-]+)\)", streams(document))}
    assert str(opened(paper_cards(cards, gathering=evening, languages=["ar"])).Root.Lang) == "ar"


def test_paper_cards_with_long_and_hostile_words_stay_one_card_each(cards: list[PaperCard], evening: Gathering) -> None:
    hostile = '#eval("1") $x$ *fett* <marke> @bezug ' + "Flüchtlingsunterbringungskonzept " * 12
    evening.questions.update(text=MultilingualText.written(hostile))
    fresh = list(cards_of_batch(evening, 1))
    for per_sheet, pages in ((4, 3), (6, 2)):
        document = opened(paper_cards(fresh, gathering=evening, languages=["de"], per_sheet=per_sheet))
        assert len(document.pages) == pages


def address(gathering: Gathering, rest: str) -> str:
    place = {"place": "altdorf", "pk": gathering.pk}
    if rest == "karten/":
        return reverse("capture:desk-cards", kwargs=place)
    batch = int(rest.removeprefix("karten-").removesuffix(".pdf"))
    return reverse("capture:desk-cards-pdf", kwargs={**place, "batch": batch})


def choice(gathering: Gathering, **changes: Any) -> dict[str, Any]:
    with open_place(gathering.place_id):
        return {
            "batch": 1,
            "tables": [str(table.pk) for table in gathering.tables.all()],
            "rounds": [str(round.pk) for round in gathering.rounds.all()],
            "cards_per_table": 2,
            "first_language": "de",
            "second_language": "ar",
            "per_sheet": 6,
            **changes,
        }


def test_cards_page_makes_cards_once_and_offers_their_document(sign_in: Any, alma: Any, evening: Gathering) -> None:
    client = sign_in(alma)
    for _again in range(2):
        answer = client.post(address(evening, "karten/"), choice(evening))
        assert answer.status_code == 302
    page = client.get(answer.url)
    assert "8 " in text_of(page)
    with open_place(evening.place_id):
        assert PaperCard.objects.count() == 8
    (link,) = set(re.findall(r'href="([^"]+karten-1\.pdf[^"]*)"', page.content.decode()))
    pdf = client.get(link.replace("&amp;", "&"))
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]
    assert len(opened(pdf.content).pages) == 2


@pytest.mark.parametrize(
    "changes", [{"tables": []}, {"cards_per_table": 0}, {"cards_per_table": 1000}, {"first_language": "xx"}]
)
def test_cards_page_with_a_wrong_choice_says_so_and_makes_none(
    changes: dict[str, Any], sign_in: Any, alma: Any, evening: Gathering
) -> None:
    answer = sign_in(alma).post(address(evening, "karten/"), choice(evening, **changes))
    assert answer.status_code == 422
    with open_place(evening.place_id):
        assert not PaperCard.objects.exists()


def test_cards_pages_are_closed_to_others(
    sign_in: Any, nils: Any, kim: Any, evening: Gathering, cards: list[PaperCard]
) -> None:
    for person in (nils, kim):
        client = sign_in(person)
        for rest in ("karten/", "karten-1.pdf"):
            assert client.get(address(evening, rest)).status_code == 404
    client = sign_in(kim)
    assert client.get(address(evening, "karten-7.pdf")).status_code == 404


def test_cards_page_takes_few_queries_whatever_was_printed(
    sign_in: Any, alma: Any, evening: Gathering, as_alma: Actor, django_assert_num_queries: Any
) -> None:
    client = sign_in(alma)
    with open_place(evening.place_id):
        for _time in range(3):
            printed(as_alma, evening, 5)
    client.get(address(evening, "karten/"))
    with django_assert_num_queries(11):
        client.get(address(evening, "karten/"))
