from __future__ import annotations

from typing import Any

import pytest

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel import access
from ortsdialog.kernel.access import Actor, Grant, NotAllowed, UnknownPermission, allowed, declare, place_id_of, require


@pytest.fixture(autouse=True)
def own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights declared here are forgotten after the test."""
    monkeypatch.setattr(access, "_permissions", {})
    monkeypatch.setattr(access, "_declared_by", {})
    declare(
        {"tests.open_door": lambda actor, obj: obj == "door", "tests.never": lambda actor, obj: None}, context="tests"
    )


def test_require_by_the_holder_of_the_right_passes() -> None:
    require(Actor.guest(), "tests.open_door", "door")


def test_require_without_the_right_is_refused_and_names_who_and_what() -> None:
    with pytest.raises(NotAllowed, match=r"guest may not tests\.open_door"):
        require(Actor.guest(), "tests.open_door", "window")


def test_require_of_an_unknown_right_is_an_error_also_for_the_system() -> None:
    with pytest.raises(UnknownPermission, match=r"tests\.fly"):
        require(Actor.system("nightly"), "tests.fly")


def test_predicate_without_an_answer_is_a_refusal() -> None:
    assert allowed(Actor.guest(), "tests.never") is False


def test_system_may_do_everything_that_is_declared() -> None:
    assert allowed(Actor.system("nightly"), "tests.never") is True


def test_predicate_that_fails_is_not_swallowed() -> None:
    def broken(actor: Actor, obj: Any) -> bool:
        raise ZeroDivisionError

    declare({"tests.broken": broken}, context="tests")
    with pytest.raises(ZeroDivisionError):
        allowed(Actor.guest(), "tests.broken")


def test_declaring_a_right_twice_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"tests\.open_door is declared by tests and by others"):
        declare({"tests.open_door": lambda actor, obj: True}, context="others")
    assert access.declared_by("tests.open_door") == "tests"
    assert list(access.permissions()) == ["tests.never", "tests.open_door"]


def test_role_counts_in_its_own_place_or_programme_alone() -> None:
    actor = Actor(
        kind="person",
        label="Alma",
        grants=frozenset({Grant("coordinator", place_id=1), Grant("adviser", programme="land"), Grant("system_admin")}),
    )
    assert actor.has_role("coordinator", place_id=1)
    assert not actor.has_role("coordinator", place_id=2)
    assert not actor.has_role("coordinator")
    assert not actor.has_role("coordinator", programme="land")
    assert actor.has_role("adviser", programme="land")
    assert not actor.has_role("adviser", programme="bund")
    assert not actor.has_role("adviser", place_id=1)
    assert actor.has_role("system_admin")
    assert not actor.has_role("system_admin", place_id=1)
    assert actor.place_ids() == {1}


def test_link_opens_one_object() -> None:
    assert Actor.by_link("table_host", 17).link == ("table_host", "17")
    assert Actor.by_link("table_host", 17).grants == frozenset()


def test_place_of_an_object() -> None:
    class Owned:
        place_id = 5

    assert place_id_of(Place(pk=3)) == 3
    assert place_id_of(Owned()) == 5
    assert place_id_of(None) is None
    assert place_id_of(object()) is None
