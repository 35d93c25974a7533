"""Every row belongs to one town and is sealed, or its model is listed as shared with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from ortsdialog.kernel.tenancy import PlaceManager, PlaceScoped

SHARED = {
    "accounts.User": "a person may work for several towns; her roles say where",
    "accounts.RoleGrant": "a person's rights are read before any place is open; pages of a town filter by place",
    "accounts.Invitation": "opened by its link before anybody knows the town; pages of a town filter by place",
    "places.Place": "the official register is public, and is what places are opened with",
    "places.RegisterImport": "which register file was read when; concerns the whole installation",
    "process.Programme": "a programme is the same for all towns that take part",
    "process.BlockTemplate": "a part of a programme",
    "kernel.LiveEvent": "topics, names and ids only; who hears of one still has to ask a sealed view",
    "kernel.ScheduledRun": "the clock of the installation",
}


def unsealed_models(found: Iterable[type[models.Model]]) -> list[str]:
    complaints = []
    for model in found:
        meta = model._meta
        if meta.abstract or meta.proxy:
            continue
        if not issubclass(model, PlaceScoped):
            if meta.label not in SHARED:
                complaints.append(
                    f"{meta.label} belongs to no town. Inherit PlaceOwned; or, if all towns share it, "
                    "list it in tests/architecture/checks/models.py with the reason."
                )
            continue
        if meta.label in SHARED:
            complaints.append(f"{meta.label} is sealed and listed as shared: take it off the list.")
        if "place_id" not in {field.attname for field in meta.concrete_fields}:
            complaints.append(f"{meta.label} has no column place_id.")
        if not isinstance(model._base_manager, PlaceManager):
            complaints.append(
                f"{meta.label}: foreign keys would read past the seal; keep base_manager_name = 'objects'."
            )
        complaints += [
            f"{meta.label}.{manager.name} is a plain manager; derive it from PlaceManager."
            for manager in meta.managers
            if not isinstance(manager, PlaceManager)
        ]
    return complaints


def needless_entries(found: Iterable[type[models.Model]]) -> list[str]:
    labels = {model._meta.label for model in found}
    return [f"{label} is listed as shared and does not exist." for label in SHARED if label not in labels]
