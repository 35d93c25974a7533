"""No way round the contracts and the seal in the sources, and each check seen failing."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture import across_places
from tests.architecture.checks.sources import (
    MAY_WRITE_SQL,
    hand_written_sql,
    models_by_name,
    seal_opened_by_hand,
    texts_put_together,
    uses_across_places,
)
from tests.architecture.house import ROOT, SOURCE, Source, agreed, sources

EVERYTHING = list(sources())


def _file(text: str) -> list[Source]:
    return [Source(SOURCE / "meet/capture/actions.py", text)]


def test_models_are_imported_not_looked_up() -> None:
    agreed(models_by_name(EVERYTHING))


def test_model_looked_up_by_name_is_caught() -> None:
    (complaint,) = models_by_name(
        _file('from django.apps import apps\nx = apps.get_model("participants.Registration")\n')
    )
    assert complaint.startswith("meet/capture/actions.py:2")
    assert models_by_name(_file("get_user = 1\nmodel = Registration\n")) == []


def test_migrations_may_look_models_up() -> None:
    assert not any("migrations" in source.path.parts for source in EVERYTHING)


def test_nobody_writes_sql() -> None:
    agreed(hand_written_sql(EVERYTHING))
    assert all((SOURCE / name).exists() for name in MAY_WRITE_SQL)


@pytest.mark.parametrize(
    "text",
    [
        'connection.cursor().execute("SELECT 1")',
        'Table.objects.raw("SELECT 1")',
        'Table.objects.extra(where=["1"])',
        'RawSQL("1", [])',
    ],
)
def test_hand_written_sql_is_caught(text: str) -> None:
    assert len(hand_written_sql(_file(text))) == 1


def test_seal_is_opened_by_its_own_doors_alone() -> None:
    agreed(seal_opened_by_hand(EVERYTHING))


@pytest.mark.parametrize(
    "text",
    [
        "from ortsdialog.kernel.tenancy import _open",
        "Table._base_manager.all()",
        "Table.objects.all()._raw_delete('x')",
    ],
)
def test_seal_opened_by_hand_is_caught(text: str) -> None:
    assert len(seal_opened_by_hand(_file(text))) == 1


# ---- The number of looks over all towns ---------------------------------------------------------


def test_looks_over_all_towns_are_as_many_as_recorded() -> None:
    agreed(across_places.differences(uses_across_places(EVERYTHING), across_places.recorded()))


def test_look_over_all_towns_is_counted_by_its_reason() -> None:
    text = "with across_places(reason=Reason.OWN_DESK):\n  pass\nwith tenancy.across_places(reason=why):\n  pass\n"
    assert uses_across_places(_file(text)) == {"OWN_DESK": 1, "?": 1}


def test_more_and_fewer_looks_over_all_towns_are_told() -> None:
    more, fewer = across_places.differences(Counter(A=2, B=1), Counter(A=1, B=2))
    assert more.startswith("A: 2 uses of across_places, 1 are recorded")
    assert fewer.startswith("B: 1 uses of across_places, fewer than")
    assert across_places.differences(Counter(A=1), Counter(A=1)) == []


def test_record_rises_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    monkeypatch.setattr(across_places, "RECORD", record)
    record.write_text("{}", encoding="utf-8")
    assert across_places.main([]) == 1
    assert json.loads(record.read_text(encoding="utf-8")) == {}
    assert "across_places" in capsys.readouterr().err
    assert across_places.main(["--more"]) == 0
    assert json.loads(record.read_text(encoding="utf-8")) == uses_across_places(EVERYTHING)
    assert across_places.main([]) == 0


# ---- Translatable texts -------------------------------------------------------------------------


def test_translatable_texts_are_literals() -> None:
    agreed(texts_put_together(EVERYTHING))


@pytest.mark.parametrize(
    "text", ['_(f"Table {number}")', '_("Table " + name)', 'gettext("a {}".format(1))', '_("%s" % x)']
)
def test_text_that_is_put_together_is_caught(text: str) -> None:
    assert len(texts_put_together(_file(text))) == 1


def test_linter_looks_at_translatable_texts_as_well() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "INT" in rules["select"]
    assert not [rule for rule in rules.get("ignore", []) if rule.startswith("INT")]
