"""Forms for paper: choosing cards to print, keying in, adding photos."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.language import SPOKEN_LANGUAGES
from ortsdialog.meet.capture.actions.cards import MOST_IN_A_BATCH
from ortsdialog.meet.capture.documents import SHEETS
from ortsdialog.meet.capture.web.bench import Bench
from ortsdialog.meet.contributions.choices import SourceKind
from ortsdialog.meet.contributions.models import Source, Statement
from ortsdialog.meet.contributions.words import LONGEST, MOST_SPEAKERS, checked_text
from ortsdialog.meet.gatherings.models import Gathering, GuidingQuestion, Round, Table

# The words in the address that keep a choice from one card to the next, and their fields.
STICKY = {"tisch": "table", "runde": "round", "rede": "language", "am": "collected_on", "frei": "approve"}


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _numbered(rows: Sequence[Table | Round]) -> list[tuple[str, str]]:
    """Nothing chosen, then each table with its theme or each round with its question."""
    words = [(row, row.theme if isinstance(row, Table) else row.question.text) for row in rows]
    return [("", "–"), *((str(row.pk), f"{row.number} · {said}") for row, said in words)]


class PrintForm(forms.Form):
    """Which cards to print. `batch` is the number of this printing, so that sending twice prints once."""

    batch = forms.IntegerField(widget=forms.HiddenInput)
    tables = forms.MultipleChoiceField(label=_("Tables"), widget=forms.CheckboxSelectMultiple)
    rounds = forms.MultipleChoiceField(
        label=_("Rounds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a round the cards are for the whole evening and carry no question."),
    )
    cards_per_table = forms.IntegerField(
        label=_("Cards for each table and round"), min_value=1, max_value=MOST_IN_A_BATCH, initial=8
    )
    first_language = forms.ChoiceField(label=_("Question in"), choices=list(SPOKEN_LANGUAGES.items()))
    second_language = forms.ChoiceField(
        label=_("and also in"), required=False, choices=[("", _("no second language")), *SPOKEN_LANGUAGES.items()]
    )
    per_sheet = forms.TypedChoiceField(
        label=_("Cards on a sheet of A4"),
        coerce=int,
        choices=[(4, _("4, postcard size")), (6, _("6, smaller"))],
        initial=4,
    )

    def __init__(self, data: Any = None, *, gathering: Gathering, next_batch: int) -> None:
        self.table_rows = list(gathering.tables.order_by("number"))
        self.round_rows = list(gathering.rounds.select_related("question").order_by("number"))
        tables, rounds = [str(one.pk) for one in self.table_rows], [str(one.pk) for one in self.round_rows]
        others = [code for code in gathering.languages if code in SPOKEN_LANGUAGES and code != "de"]
        initial = {
            "batch": next_batch,
            "tables": tables,
            "rounds": rounds,
            "first_language": "de",
            "second_language": others[0] if others else "",
        }
        super().__init__(data, initial=initial)
        _offer(self, "tables", _numbered(self.table_rows)[1:])
        _offer(self, "rounds", _numbered(self.round_rows)[1:])
        if not self.round_rows:
            del self.fields["rounds"]

    def chosen(self) -> dict[str, Any]:
        """What the action takes."""
        values = self.cleaned_data
        return {
            "tables": [one for one in self.table_rows if str(one.pk) in values["tables"]],
            "rounds": [one for one in self.round_rows if str(one.pk) in values.get("rounds", [])],
            "cards_per_table": values["cards_per_table"],
            "batch": values["batch"],
        }

    def layout(self) -> dict[str, str]:
        """How they are laid out: the words of the document's address."""
        values = self.cleaned_data
        languages = [code for code in (values["first_language"], values["second_language"]) if code]
        return {"sprachen": ",".join(dict.fromkeys(languages)), "je-blatt": str(values["per_sheet"])}


def layout_of(query: Mapping[str, str]) -> tuple[list[str], int]:
    """Languages and cards a sheet, from the document's address; what makes no sense is left out."""
    languages = [code for code in query.get("sprachen", "").split(",") if code in SPOKEN_LANGUAGES]
    per_sheet = query.get("je-blatt", "")
    return languages or ["de"], int(per_sheet) if per_sheet in {str(one) for one in SHEETS} else 4


class KeyInForm(forms.Form):
    """One statement from paper. The id is made when the page is rendered, so that sending twice stores once."""

    statement_id = forms.UUIDField(widget=forms.HiddenInput)
    card = forms.CharField(
        label=_("Code of the card"),
        required=False,
        max_length=300,
        help_text=_("Type it or scan it. Leave it empty for paper without a code."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    text = forms.CharField(
        label=_("What stands on it"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Please write down what stands on the card.")},
    )
    language = forms.ChoiceField(label=_("Written in"), choices=list(SPOKEN_LANGUAGES.items()), initial="de")
    said_by_count = forms.IntegerField(
        label=_("Said by how many?"), min_value=1, max_value=MOST_SPEAKERS, initial=1, required=False
    )
    interpreted = forms.BooleanField(label=_("Said through an interpreter"), required=False)
    collected_on = forms.DateField(
        label=_("Written on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    table = forms.ChoiceField(label=_("Table"), required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    approve = forms.BooleanField(label=_("Approve at once"), required=False)

    def __init__(
        self, data: Any = None, *, bench: Bench, source: Source | None = None, kept: Mapping[str, str] | None = None
    ) -> None:
        self.bench, self.source = bench, source
        self.tables = [bench.table] if bench.table else list(_tables(bench.gathering))
        self.rounds = list(bench.gathering.rounds.select_related("question").order_by("number"))
        initial: dict[str, Any] = {
            "statement_id": uuid.uuid4(),
            "collected_on": min(timezone.localtime(bench.gathering.starts_at).date(), timezone.localdate()),
        }
        if source is not None:
            initial |= {"table": source.table_id or "", "round": source.round_id or ""}
        kept = kept or {}
        initial |= {field: kept[word] for word, field in STICKY.items() if kept.get(word)}
        initial["card"] = kept.get("karte", "")
        super().__init__(data, initial=initial, auto_id="key_%s")
        if bench.table:
            del self.fields["table"]
        else:
            _offer(self, "table", [("", "–")] + [(str(one.pk), f"{one.number} · {one.theme}") for one in self.tables])
        _offer(
            self, "round", [("", "–")] + [(str(one.pk), f"{one.number} · {one.question.text}") for one in self.rounds]
        )
        self.fields["card" if source is None and not initial["card"] else "text"].widget.attrs["autofocus"] = True

    def clean_text(self) -> str:
        return checked_text(self.cleaned_data["text"])

    def clean_said_by_count(self) -> int:
        return self.cleaned_data.get("said_by_count") or 1

    def clean_collected_on(self) -> Any:
        day = self.cleaned_data["collected_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come. Please enter the day on which it was written."))
        return day

    def words(self) -> dict[str, Any]:
        """What both actions take."""
        names = ("statement_id", "text", "language", "said_by_count", "interpreted", "collected_on")
        return {name: self.cleaned_data[name] for name in names}

    def chosen_table(self) -> Table | None:
        if self.bench.table:
            return self.bench.table
        return next((one for one in self.tables if str(one.pk) == self.cleaned_data["table"]), None)

    def chosen_round(self) -> Round | None:
        return next((one for one in self.rounds if str(one.pk) == self.cleaned_data["round"]), None)

    def chosen_question(self) -> GuidingQuestion | None:
        """That of the round. Without one the only question there is: the round that runs now is not the paper's."""
        chosen = self.chosen_round()
        return chosen.question if chosen else None

    def table_in_hand(self, stored: Statement | None) -> Table | None:
        """Whose cards are being keyed in just now."""
        if stored is not None and stored.table is not None:
            return stored.table
        key = str(self["table"].value() or "") if "table" in self.fields else ""
        return next((one for one in self.tables if str(one.pk) == key), None)

    def sticky(self) -> dict[str, str]:
        """What stays chosen for the next card, in the words of the address."""
        values = {
            "tisch": self.cleaned_data.get("table", ""),
            "runde": self.cleaned_data["round"],
            "rede": self.cleaned_data["language"],
            "am": self.cleaned_data["collected_on"].isoformat(),
            "frei": "1" if self.cleaned_data["approve"] else "",
        }
        return {word: value for word, value in values.items() if value}

    def once_more(self) -> Self:
        """The same words in a form of their own: a new id, so that they can be stored beside the first ones."""
        data = {**dict(self.data.items()), "statement_id": str(uuid.uuid4())}
        return type(self)(data, bench=self.bench, source=self.source)


def _tables(gathering: Gathering) -> Any:
    return (
        Table.objects.filter(gathering=gathering)
        .select_related("place", "gathering__process", "gathering__current_round__question")
        .order_by("number")
    )


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in files or [None]]


class PhotoForm(forms.Form):
    """Photos of what was written by hand."""

    photos = ManyFilesField(
        label=_("Photos"),
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
        error_messages={"required": _("Please choose at least one photo."), "empty": _("This file is empty.")},
        help_text=_("JPEG, PNG or WebP, up to 15 MB each. Several at once are possible."),
    )
    kind = forms.ChoiceField(
        label=_("What it shows"), choices=[(kind.value, capfirst(kind.label)) for kind in SourceKind]
    )
    table = forms.ChoiceField(label=_("Table"), required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    caption = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, bench: Bench) -> None:
        self.bench = bench
        self.tables = [bench.table] if bench.table else list(_tables(bench.gathering))
        self.rounds = list(bench.gathering.rounds.select_related("question").order_by("number"))
        super().__init__(data, files, auto_id="photo_%s")
        if bench.table:
            del self.fields["table"]
        else:
            _offer(self, "table", [("", "–")] + [(str(one.pk), f"{one.number} · {one.theme}") for one in self.tables])
        _offer(
            self, "round", [("", "–")] + [(str(one.pk), f"{one.number} · {one.question.text}") for one in self.rounds]
        )

    def place_of(self) -> dict[str, Any]:
        """Table, round, kind and note, as the action takes them."""
        values = self.cleaned_data
        table = self.bench.table or next((one for one in self.tables if str(one.pk) == values["table"]), None)
        return {
            "table": table,
            "round": next((one for one in self.rounds if str(one.pk) == values["round"]), None),
            "kind": values["kind"],
            "caption": values["caption"],
        }
