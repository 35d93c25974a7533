"""Foreign keys follow the drawing, also when they are written as text."""

from __future__ import annotations

import pytest
from django.db import models
from django.test.utils import isolate_apps

from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.tenancy import PlaceOwned
from tests.architecture.checks.relations import WAYS_INTO_TOWNS, open_ways_into_towns, wrong_relations
from tests.architecture.house import BEHIND, CONTEXTS, FLOORS, SOURCE, agreed, contexts, house_models, may_refer


def test_relations_follow_time_and_respect_the_walls() -> None:
    agreed(wrong_relations(house_models()))


def test_shared_rows_have_no_way_into_towns() -> None:
    agreed(open_ways_into_towns(house_models()))


def test_listed_ways_exist() -> None:
    found = {f"{m._meta.label}.{f.name}" for m in house_models() for f in m._meta.local_fields if f.is_relation}
    assert set(WAYS_INTO_TOWNS) <= found


def test_drawing_knows_every_context() -> None:
    assert {path.name: path.parent.name for path in contexts()}.items() <= CONTEXTS.items()
    assert {path.parent.parent.name for path in SOURCE.glob("*/*/models.py")} <= {*FLOORS, "shelter"}
    assert set(BEHIND) <= set(CONTEXTS)


@pytest.mark.parametrize(
    ("context", "target"),
    [
        ("process", "contributions.Statement"),
        ("places", "accounts.User"),
        ("gatherings", "contributions.Statement"),
        ("contributions", "capture.Wall"),
        ("contributions", "participants.Registration"),
        ("participants", "contributions.Statement"),
        ("capture", "participants.Registration"),
        ("participants", "capture.Wall"),
        ("funding", "recommendations.Recommendation"),
        ("plan", "recommendations.Recommendation"),
        ("kernel", "places.Place"),
        ("protection", "gatherings.Gathering"),
        ("site", "protection.Incident"),
        ("network", "evaluation.Survey"),
    ],
)
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField, models.ManyToManyField])
def test_relation_as_text_against_the_drawing_is_caught(context: str, target: str, kind: type[models.Field]) -> None:
    options = {} if kind is models.ManyToManyField else {"on_delete": models.CASCADE}
    with isolate_apps():
        meta = type("Meta", (), {"app_label": context})
        wrong = type("Wrong", (models.Model,), {"Meta": meta, "__module__": __name__, "to": kind(target, **options)})
        (complaint,) = wrong_relations([wrong])
    assert complaint.startswith(f"{context}.Wrong.to → {target}")


def test_relation_with_the_drawing_is_not_caught() -> None:
    assert may_refer("plan", "contributions")
    assert may_refer("contributions", "gatherings")
    assert may_refer("participants", "gatherings")
    assert may_refer("protection", "places")
    assert may_refer("process", "process")


@isolate_apps()
def test_way_from_a_shared_row_into_towns_is_caught() -> None:
    class Leaking(PlaceOwned):
        about = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="leaks")

        class Meta(PlaceOwned.Meta):
            app_label = "process"

    (complaint,) = open_ways_into_towns([Leaking])
    assert complaint.startswith("process.Leaking.about")
