"""Every model is sealed or listed."""

from __future__ import annotations

from django.db import models
from django.test.utils import isolate_apps

from ortsdialog.kernel.tenancy import PlaceOwned, PlaceScoped
from tests.architecture.checks.models import SHARED, needless_entries, unsealed_models
from tests.architecture.house import agreed, house_models


def test_every_model_belongs_to_a_town_or_is_shared_for_a_reason() -> None:
    agreed(unsealed_models(house_models()))


def test_list_of_shared_models_is_true() -> None:
    agreed(needless_entries(house_models()))
    assert all(SHARED.values())


@isolate_apps()
def test_model_without_a_town_is_caught() -> None:
    class Homeless(models.Model):
        class Meta:
            app_label = "process"

    assert "process.Homeless belongs to no town" in unsealed_models([Homeless])[0]


@isolate_apps()
def test_table_that_django_makes_for_many_to_many_is_caught() -> None:
    class Left(PlaceOwned):
        many = models.ManyToManyField("self", related_name="+")

        class Meta(PlaceOwned.Meta):
            app_label = "process"

    assert unsealed_models([Left]) == []
    assert "belongs to no town" in unsealed_models([Left.many.through])[0]


@isolate_apps()
def test_plain_manager_beside_the_sealed_one_is_caught() -> None:
    class SideDoor(PlaceOwned):
        everything = models.Manager()

        class Meta(PlaceOwned.Meta):
            app_label = "process"

    class Replaced(PlaceOwned):
        objects = models.Manager()

        class Meta(PlaceOwned.Meta):
            app_label = "process"

    assert "SideDoor.everything is a plain manager" in unsealed_models([SideDoor])[0]
    assert ["read past the seal" in text or "objects is a plain" in text for text in unsealed_models([Replaced])] == [
        True,
        True,
    ]


@isolate_apps()
def test_other_base_manager_is_caught() -> None:
    class Bare(PlaceOwned):
        class Meta:
            app_label = "process"
            base_manager_name = "plain"

        plain = models.Manager()

    assert any("read past the seal" in text for text in unsealed_models([Bare]))


@isolate_apps()
def test_sealed_model_without_the_column_is_caught() -> None:
    class Rootless(PlaceScoped):
        class Meta(PlaceScoped.Meta):
            app_label = "process"

    assert unsealed_models([Rootless]) == ["process.Rootless has no column place_id."]


@isolate_apps()
def test_owned_model_that_forgets_the_parents_meta_stays_sealed() -> None:
    class Forgetful(PlaceOwned):
        class Meta:
            app_label = "process"

    assert unsealed_models([Forgetful]) == []
