"""The import contracts hold, and each of them has been seen broken."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SOURCE, contexts

CONTRACTS = ROOT / ".importlinter"
# A house in miniature, with contexts that do not exist yet: the contracts have to know them already.
CONTEXTS = (
    "ground/places", "ground/accounts", "ground/process", "prepare/mapping", "prepare/selfcheck", "meet/gatherings",
    "meet/participants", "meet/contributions", "meet/capture", "deliver/plan", "deliver/funding",
    "deliver/recommendations", "learn/evaluation", "learn/network", "show/site", "show/opendata", "shelter/protection",
)  # fmt: skip
FILES = (
    "apps", "signals", "choices", "models", "rules", "queries", "actions", "receivers", "tasks", "documents",
    "privacy", "open_data", "web/urls", "web/desk", "management/commands/do", "tests/factories",
)  # fmt: skip
TOP = ("__main__", "cli", "asgi", "urls", "settings", "running/site", "config/reading", "demo/people", "kernel/tenancy",
       "kernel/language/fields", "engines/seating")  # fmt: skip


def lint(folder: Path, *contracts: str) -> tuple[int, str]:
    """Run the linter over the package `ortsdialog` in a folder; nothing is imported by it."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(CONTRACTS)]
    for contract in contracts:
        command += ["--contract", contract]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def miniature(folder: Path, *imports: tuple[str, str]) -> Path:
    """Build the house in miniature. Each of `imports` is a module and what it imports."""
    modules = {*TOP, *(f"{context}/{file}" for context in CONTEXTS for file in FILES)}
    for module in (*modules, *(module for module, _ in imports)):
        path = folder / "ortsdialog" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for module, imported in imports:
        with (folder / "ortsdialog" / f"{module}.py").open("a", encoding="utf-8") as file:
            file.write(f"import {imported}\n")
    for place in (folder / "ortsdialog", *(folder / "ortsdialog").rglob("*")):
        if place.is_dir():
            (place / "__init__.py").touch()
    return folder


def test_the_house_keeps_its_contracts() -> None:
    code, report = lint(SOURCE.parent)
    assert code == 0, f"Imports go against the drawing (see ARCHITECTURE.md):\n{report}"


def test_every_context_is_in_the_miniature() -> None:
    """So that the violations below are about the house as it is."""
    assert {path.relative_to(SOURCE).as_posix() for path in contexts()} <= set(CONTEXTS)


def test_the_house_in_miniature_keeps_all_contracts(tmp_path: Path) -> None:
    """The negative control: without a violation nothing is broken. Tests may import what they like."""
    miniature(
        tmp_path,
        ("urls", "ortsdialog.meet.capture.web.urls"),
        ("urls", "ortsdialog.shelter.protection.web.urls"),
        ("running/site", "ortsdialog.demo.people"),
        ("running/site", "ortsdialog.config.reading"),
        ("settings", "ortsdialog.config"),
        ("settings", "ortsdialog.kernel.language"),
        ("meet/gatherings/tests/factories", "ortsdialog.show.site.web.urls"),
        ("meet/gatherings/tests/factories", "ortsdialog.meet.capture.tests.factories"),
        ("meet/capture/actions", "ortsdialog.meet.contributions.actions"),
        ("meet/capture/actions", "ortsdialog.meet.gatherings.queries"),
        ("meet/participants/models", "ortsdialog.meet.gatherings.models"),
        ("deliver/funding/models", "ortsdialog.deliver.plan.models"),
        ("deliver/funding/models", "ortsdialog.meet.participants.models"),
        ("show/site/queries", "ortsdialog.deliver.plan.queries"),
        ("show/site/queries", "ortsdialog.engines.seating"),
        ("meet/capture/apps", "ortsdialog.meet.capture.receivers"),
        ("meet/capture/receivers", "ortsdialog.meet.capture.tasks"),
        ("shelter/protection/models", "ortsdialog.ground.places.models"),
        ("shelter/protection/models", "ortsdialog.kernel.tenancy"),
    )
    code, report = lint(tmp_path)
    assert code == 0, report


# One import against the drawing a line. Each contract is broken in every way that it is there for.
VIOLATIONS: dict[str, list[tuple[str, str]]] = {
    "floors": [
        ("kernel/tenancy", "ortsdialog.ground.places.models"),
        ("ground/process/models", "ortsdialog.meet.gatherings.models"),
        ("meet/gatherings/actions", "ortsdialog.deliver.plan.actions"),
        ("meet/gatherings/queries", "ortsdialog.learn.evaluation.queries"),
        ("prepare/mapping/models", "ortsdialog.meet.gatherings.models"),
        ("deliver/plan/queries", "ortsdialog.show.site.queries"),
        ("show/site/queries", "ortsdialog.shelter.protection.models"),
        ("show/site/queries", "ortsdialog.urls"),
        ("kernel/tenancy", "ortsdialog.config.reading"),
        ("config/reading", "ortsdialog.kernel.tenancy"),
    ],
    "ground": [
        ("ground/places/models", "ortsdialog.ground.accounts.models"),
        ("ground/accounts/queries", "ortsdialog.ground.process.models"),
    ],
    "meet": [
        ("meet/gatherings/models", "ortsdialog.meet.contributions.models"),
        ("meet/contributions/models", "ortsdialog.meet.capture.models"),
        ("meet/contributions/models", "ortsdialog.meet.participants.models"),
    ],
    "deliver": [
        ("deliver/plan/models", "ortsdialog.deliver.recommendations.models"),
        ("deliver/funding/models", "ortsdialog.deliver.recommendations.models"),
    ],
    "neighbours": [
        ("prepare/mapping/models", "ortsdialog.prepare.selfcheck.models"),
        ("learn/network/models", "ortsdialog.learn.evaluation.models"),
        ("show/site/queries", "ortsdialog.show.opendata.queries"),
    ],
    "context": [
        ("meet/capture/models", "ortsdialog.meet.capture.queries"),
        ("meet/capture/rules", "ortsdialog.meet.capture.queries"),
        ("meet/capture/queries", "ortsdialog.meet.capture.actions"),
        ("meet/capture/actions", "ortsdialog.meet.capture.web.desk"),
        ("meet/capture/actions", "ortsdialog.meet.capture.tasks"),
        ("meet/capture/signals", "ortsdialog.meet.capture.models"),
        ("meet/capture/choices", "ortsdialog.meet.capture.signals"),
        ("meet/capture/receivers", "ortsdialog.meet.capture.web.desk"),
        ("ground/places/models", "ortsdialog.ground.places.apps"),
    ],
    "web": [
        ("show/site/web/desk", "ortsdialog.meet.capture.web.desk"),
        ("running/site", "ortsdialog.meet.capture.web.urls"),
    ],
    "demo": [
        ("show/site/queries", "ortsdialog.demo.people"),
        ("asgi", "ortsdialog.demo.people"),
    ],
    "tests": [
        ("demo/people", "ortsdialog.ground.accounts.tests.factories"),
    ],
    "wall-said": [
        ("meet/contributions/queries", "ortsdialog.meet.participants.models"),
        ("meet/capture/web/desk", "ortsdialog.meet.participants.queries"),
    ],
    "wall-who": [
        ("meet/participants/documents", "ortsdialog.meet.contributions.models"),
        ("meet/participants/web/desk", "ortsdialog.meet.capture.queries"),
    ],
    "shelter": [
        ("shelter/protection/models", "ortsdialog.meet.gatherings.models"),
        ("shelter/protection/queries", "ortsdialog.learn.network.models"),
    ],
    "shelter-door": [
        ("show/opendata/queries", "ortsdialog.shelter.protection.models"),
    ],
    "engines": [
        ("engines/seating", "django"),
        ("engines/seating", "ortsdialog.kernel.tenancy"),
    ],
}
# Folders that the drawing does not know.
UNKNOWN = {"floors": "attic", "ground": "ground.drawer", "meet": "meet.drawer", "deliver": "deliver.drawer"}


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_every_violation_of_a_contract_is_caught(tmp_path: Path, contract: str) -> None:
    code, report = lint(miniature(tmp_path, *VIOLATIONS[contract]), contract)
    assert code == 1, report
    caught = set(re.findall(r"^\s*-\s+ortsdialog\.(\S+) -> (\S+) \(l", report, re.MULTILINE))
    assert {(module.replace("/", "."), imported) for module, imported in VIOLATIONS[contract]} - caught == set(), report


@pytest.mark.parametrize(("contract", "name"), UNKNOWN.items())
def test_folder_that_the_drawing_does_not_know_is_caught(tmp_path: Path, contract: str, name: str) -> None:
    code, report = lint(
        miniature(tmp_path, (f"{name}/models".replace(".", "/"), "ortsdialog.kernel.tenancy")), contract
    )
    assert (code, f"- ortsdialog.{name}" in report) == (1, True), report


@pytest.mark.parametrize("through", ["show/site/queries", "ground/places/register"])
def test_wall_is_not_passed_by_a_detour(tmp_path: Path, through: str) -> None:
    """A chain over a third module counts as well."""
    first = ("meet/contributions/queries", f"ortsdialog.{through.replace('/', '.')}")
    folder = miniature(tmp_path, first, (through, "ortsdialog.meet.participants.models"))
    assert lint(folder, "wall-said")[0] == 1


def test_every_contract_has_its_violations() -> None:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, encoding="utf-8")
    names = {section.rpartition(":")[2] for section in parser.sections() if ":contract:" in section}
    assert set(VIOLATIONS) == names
