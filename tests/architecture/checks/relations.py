"""Foreign keys follow the same drawing as imports; written as text, an import linter cannot see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from ortsdialog.kernel.tenancy import PlaceScoped
from tests.architecture.house import CONTEXTS, may_refer

# Names that lead from a shared row into towns' rows. A join over one of them is not sealed: whoever writes
# it has to say so in a review. The related manager itself is.
WAYS_INTO_TOWNS = {
    "process.Process.programme": "programme.processes is a sealed manager; a programme's page counts over all towns",
}


def _forward_relations(model: type[models.Model]) -> Iterator[Any]:
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.is_relation:
            yield field


def _label_of(field: Any) -> str:
    """The target as "app.Model", also where it is still only text."""
    target = field.remote_field.model
    if isinstance(target, str):
        return target if "." in target else f"{field.model._meta.app_label}.{target}"
    return str(target._meta.label)


def wrong_relations(found: Iterable[type[models.Model]]) -> list[str]:
    """Relations that look ahead in time, through a wall, or into the shelter."""
    complaints = []
    for model in found:
        context = model._meta.app_label
        for field in _forward_relations(model):
            target = _label_of(field)
            other = target.partition(".")[0]
            if other in CONTEXTS and not may_refer(context, other):
                complaints.append(
                    f"{model._meta.label}.{field.name} → {target}: {context} may not refer to {other}. "
                    "Turn the relation round, or store the plain facts that are needed."
                )
    return complaints


def open_ways_into_towns(found: Iterable[type[models.Model]]) -> list[str]:
    """Relations of owned rows to shared rows whose reverse name could be joined past the seal."""
    complaints = []
    for model in found:
        if not issubclass(model, PlaceScoped):
            continue
        for field in _forward_relations(model):
            target = field.remote_field.model
            if isinstance(target, str) or issubclass(target, PlaceScoped) or field.remote_field.hidden:
                continue
            name = f"{model._meta.label}.{field.name}"
            if name not in WAYS_INTO_TOWNS:
                complaints.append(
                    f"{name}: give it related_name='+', or {target._meta.label} can be joined with every town's rows. "
                    "If the reverse name is needed, list it in WAYS_INTO_TOWNS with the reason."
                )
    return complaints
