"""Actions have one shape, and everything that can be called is named in a test of its context."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.architecture.checks.actions import (
    OTHER_SHAPES,
    listed_but_gone,
    public_actions,
    sources_of_actions,
    wrong_actions,
)
from tests.architecture.checks.mentions import Mentions, codes_in_use, commands, mentions_in, predicates, unmentioned
from tests.architecture.checks.views import Address, addresses
from tests.architecture.house import ROOT, SOURCE, Source, agreed, contexts, sources

CONTEXTS = list(contexts())
BY_NAME = {"argvalues": CONTEXTS, "ids": [path.name for path in CONTEXTS]}
JOURNEYS = ROOT / "tests/journeys"

GOOD = """
def close(*, actor, gathering):
    require(actor, "gatherings.close", gathering)
    with recorded("gatherings.close", actor=actor, on=gathering):
        pass
"""


def _file(text: str, path: str = "actions.py") -> Source:
    return Source(SOURCE / "meet/capture" / path, text)


@pytest.mark.parametrize("context", **BY_NAME)
def test_actions_have_the_shape_of_actions(context: Path) -> None:
    agreed(wrong_actions(sources_of_actions(context)))


def test_listed_actions_exist_and_have_reasons() -> None:
    assert listed_but_gone() == []
    assert all(OTHER_SHAPES.values())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("*, actor", "actor"), "by position"),
        (GOOD.replace("actor, gathering", "gathering, actor"), "first argument"),
        (GOOD.replace("require(", "print("), "asks for no right"),
        (GOOD.replace("recorded(", "atomic("), "leaves no trace"),
    ],
)
def test_action_of_another_shape_is_caught(text: str, complaint: str) -> None:
    assert any(complaint in found for found in wrong_actions([_file(text)]))


def test_action_of_the_right_shape_passes() -> None:
    assert wrong_actions([_file(GOOD)]) == []
    through_another = (
        GOOD.replace("def close(*, ", "def _close(")
        + "\ndef close(*, actor, gathering):\n    _close(actor, gathering)\n"
    )
    assert wrong_actions([_file(through_another)]) == []


def test_package_of_actions_shows_what_it_exports() -> None:
    package = [
        _file('__all__ = ["close"]', "actions/__init__.py"),
        _file(GOOD + "\ndef step(): ...\n", "actions/steps.py"),
    ]
    assert [node.name for _, node in public_actions(package)] == ["close"]


# ---- Coverage by list ---------------------------------------------------------------------------


@pytest.mark.parametrize("context", **BY_NAME)
def test_every_action_is_tested(context: Path) -> None:
    names = [node.name for _, node in public_actions(sources_of_actions(context))]
    agreed(unmentioned(names, mentions_in(context).words, where=context.name, what="action"))


@pytest.mark.parametrize("context", **BY_NAME)
def test_every_rule_is_tested(context: Path) -> None:
    """A predicate by its name, or by a right of it; a right also through the action or the page that asks for it."""
    path = context / "rules.py"
    if not path.exists():
        assert not sources_of_actions(context), f"{context.name} has actions and no rules.py."
        return
    rules = Source(path, path.read_text(encoding="utf-8"))
    codes = {text for text in Mentions.of([rules]).texts if text.startswith(f"{context.name}.")}
    mentioned = mentions_in(context)
    used = codes_in_use(sources())
    tested = mentioned.texts | used
    by_predicate = {code for name in predicates(rules) & mentioned.words for code in _rights_of(rules, name)}
    agreed(unmentioned(codes, tested | by_predicate, where=context.name, what="right"))
    by_right = {name for name in predicates(rules) if _rights_of(rules, name) & tested}
    agreed(unmentioned(predicates(rules), mentioned.words | by_right, where=context.name, what="predicate"))


def _rights_of(rules: Source, predicate: str) -> set[str]:
    """The rights in whose line a predicate stands."""
    lines = [line for line in rules.text.splitlines() if predicate in line]
    return {line.partition('"')[2].partition('"')[0] for line in lines if '": ' in line}


@pytest.mark.parametrize("context", **BY_NAME)
def test_every_view_is_tested(context: Path) -> None:
    known = list(addresses(get_resolver().url_patterns))
    mentioned = mentions_in(context).views(known, context=context.name)
    mentioned |= Mentions.of(sources(JOURNEYS, tests=True)).views(known)
    names = {
        address.name
        for address in known
        if getattr(address.view, "__module__", "").startswith(f"ortsdialog.{context.parent.name}.{context.name}.")
    }
    agreed(unmentioned(names, mentioned, where=context.name, what="view"))


def test_every_command_is_tested() -> None:
    of_the_house = Mentions.of(sources(ROOT / "tests", tests=True))
    complaints = []
    for name, path in commands(SOURCE).items():
        home = path.parents[2]
        found = {
            word for mentions in (of_the_house, mentions_in(home)) for text in mentions.texts for word in text.split()
        }
        complaints += unmentioned([name], found, where=home.name, what="command")
    agreed(complaints)


def test_what_no_test_names_is_caught() -> None:
    tests = Mentions.of([_file('close(actor=1)\nx = "capture.set_up_wall"')])
    assert unmentioned(["close", "open"], tests.words, where="x", what="action") == [
        "x: no test names the action open."
    ]
    assert "capture.set_up_wall" in tests.texts


KNOWN = [
    Address("wand/<code:code>/", None, frozenset(), "capture:wall"),
    Address("wand/<code:code>/karten/", None, frozenset(), "capture:wall-cards"),
    Address("konto/login/", None, frozenset(), "account_login"),
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('reverse("capture:wall")', "capture:wall"),
        ('page("wall-cards")', "capture:wall-cards"),
        ('client.get(f"{page_of(wall)}karten/")', "capture:wall-cards"),
        ('client.get(wall.get_absolute_url() + "karten/?sprache=ar")', None),
        ('client.get(wall.get_absolute_url() + "karten/")', "capture:wall-cards"),
        ('client.get("/konto/login/?next=/")', "account_login"),
        ('START = "/konto"\nPAGE = f"{START}/login/"\nclient.get(PAGE)', "account_login"),
        ('client.get(f"{start}/")', None),
        ('client.get("/gibt/es/nicht/")', None),
        ('"wall"', "capture:wall"),
        ('"cards"', None),
    ],
)
def test_address_in_a_test_counts_for_its_view(text: str, name: str | None) -> None:
    found = Mentions.of([_file(text)]).views(KNOWN, context="capture")
    assert found & {address.name for address in KNOWN} == ({name} if name else set())


def test_rights_that_an_action_or_a_page_asks_for_count_as_tested_there() -> None:
    text = 'require(actor, "a.b", x)\n@desk("c.d", M)\ndef view(): ...\nlabel = "e.f"\n'
    assert codes_in_use([_file(text)]) == {"a.b", "c.d"}


def test_predicates_of_a_rules_file_are_found() -> None:
    assert predicates(_file("@predicate\ndef is_here(a, b): ...\ndef holds(): ...\n")) == {"is_here"}
