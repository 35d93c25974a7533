"""Codes on paper."""

from __future__ import annotations

import pytest

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.gatherings.codes import ALPHABET, LENGTH, new_host_key, new_table_code, read_table_code
from ortsdialog.meet.gatherings.tests.factories import make_gathering


def test_alphabet_has_no_two_signs_that_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    for lookalikes in ["0O", "1IL", "2Z", "5S", "8B", "UV"]:
        assert len(set(lookalikes) & set(ALPHABET)) <= 1


@pytest.mark.django_db
def test_new_table_code_is_short_and_from_the_alphabet() -> None:
    code = new_table_code()
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)


def test_new_host_key_carries_more_than_128_bits() -> None:
    key = new_host_key()
    assert len(key) >= 22
    assert key != new_host_key()


@pytest.mark.parametrize(("typed", "code"), [("k7m-3qf", "K7M3QF"), (" K7 M3 QF ", "K7M3QF"), ("", "")])
def test_typed_code_is_read_kindly(typed: str, code: str) -> None:
    assert read_table_code(typed) == code


def test_factory_makes_a_running_gathering_in_its_first_round(dialogue: Process) -> None:
    gathering = make_gathering(dialogue, tables=3, rounds=2)
    with open_place(dialogue.place):
        assert gathering.tables.count() == 3
        assert gathering.rounds.count() == 2
        assert gathering.current_round is not None
        assert gathering.current_round.number == 1
