from __future__ import annotations

import pytest

from ortsdialog.meet.contributions.receipts import ALPHABET, new_receipt_code, read_receipt_code


def test_new_code_has_three_groups_of_the_alphabet():
    code = new_receipt_code()
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)


def test_codes_are_not_repeated():
    assert len({new_receipt_code() for _ in range(2_000)}) == 2_000


def test_every_letter_of_the_alphabet_occurs():
    assert set("".join(new_receipt_code() for _ in range(500))) == {*ALPHABET, "-"}


@pytest.mark.parametrize(
    "written",
    ["7K4D-9XQM-20P1", "7k4d9xqm20p1", " 7K4D 9XQM 2OPI ", "7K4D–9XQM–20PL", "7k4d-9xqm-2opl"],
)
def test_reading_forgives(written):
    assert read_receipt_code(written) == "7K4D-9XQM-20P1"


@pytest.mark.parametrize("written", ["", "7K4D-9XQM", "7K4D-9XQM-20P1-X", "7K4D-9XQM-20PU", "٧K4D-9XQM-20P1"])
def test_what_is_no_code_is_none(written):
    assert read_receipt_code(written) is None
