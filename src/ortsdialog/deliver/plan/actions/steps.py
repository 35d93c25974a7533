"""One step of a measure: its state, its public history and the bell, always together."""

from __future__ import annotations

from django.db import models

from ortsdialog.deliver.plan.choices import MeasureState
from ortsdialog.deliver.plan.models import Measure, MeasureChange
from ortsdialog.deliver.plan.signals import measure_changed
from ortsdialog.kernel.language import MultilingualText

Text = str | MultilingualText


def as_text(text: Text, language: str = "de") -> MultilingualText:
    """What somebody typed becomes an original; a text with versions stays what it is."""
    return text if isinstance(text, MultilingualText) else MultilingualText.written(text, language)


def write(row: models.Model, name: str, text: Text) -> None:
    """Rewrite the original of a text; its other versions stay and turn out of date by themselves."""
    row._meta.get_field(name).save_form_data(row, text)  # type: ignore[union-attr]


def locked(measure: Measure) -> Measure:
    """The measure as it stands now, kept from other writers until the transaction ends.

    The object in the caller's hand may be old: two people can press a button on the same page.
    """
    fresh = Measure.objects.select_for_update().get(pk=measure.pk)
    measure.state, measure.reason, measure.owner_name, measure.due_on = (
        fresh.state,
        fresh.reason,
        fresh.owner_name,
        fresh.due_on,
    )
    return measure


def take_step(measure: Measure, state: MeasureState, *, note: MultilingualText) -> MeasureChange:
    """Within the caller's transaction: save the measure, write the history, ring the bell after the commit."""
    measure.state = state
    measure.save(update_fields=["state", "reason", "owner_name", "due_on"])
    change = MeasureChange.objects.create(place_id=measure.place_id, measure=measure, state=state, note=note)
    measure_changed.send_on_commit(measure_id=measure.pk, place_id=measure.place_id)
    return change
