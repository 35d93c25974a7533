"""The cast: two towns and the people who try things in them.

Altdorf is where a test works; Neustadt always holds data that could leak. Alma works for Altdorf,
Nils for Neustadt, Kim only looks at Altdorf, Lena works for the state programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.tests.factories import actor_for, make_user
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.tests.factories import make_place
from ortsdialog.ground.process.models import Process, Programme
from ortsdialog.ground.process.tests.factories import make_process, make_programme
from ortsdialog.kernel.access import Actor


@pytest.fixture(autouse=True)
def german_again() -> Iterator[None]:
    """A request in Arabic leaves its language to the thread; the next test begins in German."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def altdorf(db: Any) -> Place:
    return make_place("Altdorf", "altdorf")


@pytest.fixture
def neustadt(db: Any) -> Place:
    return make_place("Neustadt", "neustadt")


@pytest.fixture
def programme(db: Any) -> Programme:
    return make_programme()


@pytest.fixture
def dialogue(altdorf: Place, neustadt: Place, programme: Programme) -> Process:
    """Altdorf's published dialogue. Neustadt has one too."""
    make_process(neustadt, programme, title="Neustadt-Geheimnis", published=True)
    return make_process(altdorf, programme, title="Altdorf spricht", published=True)


@pytest.fixture
def alma(altdorf: Place) -> User:
    return make_user("alma@altdorf.example", "Alma", Role.COORDINATOR, place=altdorf)


@pytest.fixture
def nils(neustadt: Place) -> User:
    return make_user("nils@neustadt.example", "Nils", Role.COORDINATOR, place=neustadt)


@pytest.fixture
def kim(altdorf: Place) -> User:
    return make_user("kim@altdorf.example", "Kim", Role.EVALUATOR, place=altdorf)


@pytest.fixture
def lena(programme: Programme) -> User:
    return make_user("lena@land.example", "Lena", Role.PROGRAMME_STAFF, programme=programme.slug)


@pytest.fixture
def as_alma(alma: User) -> Actor:
    return actor_for(alma)


@pytest.fixture
def as_nils(nils: User) -> Actor:
    return actor_for(nils)


@pytest.fixture
def as_kim(kim: User) -> Actor:
    return actor_for(kim)


@pytest.fixture
def sign_in(client: Any, settings: Any) -> Any:
    """sign_in(user) → a client with that person signed in. The second factor has tests of its own."""
    settings.SECOND_FACTOR_REQUIRED = False

    def enter(user: User) -> Any:
        client.force_login(user)
        return client

    return enter
