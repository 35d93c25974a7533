"""Forms of the desk: narrowing the list, holding back, clusters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.language import SPOKEN_LANGUAGES, MultilingualText
from ortsdialog.meet.contributions.choices import INNOCENT_REASONS, Channel, HoldReason
from ortsdialog.meet.contributions.models import Cluster
from ortsdialog.meet.contributions.queries import StatementFilter
from ortsdialog.meet.gatherings.models import Gathering

# Who reports cannot know what was handed in twice, and can read what she reports.
REPORT_REASONS = [reason for reason in HoldReason if reason not in INNOCENT_REASONS]

# The words of the address, and the part of the filter that each one sets.
QUERY_WORDS = {
    "dialog": "process",
    "veranstaltung": "gathering",
    "tisch": "table",
    "runde": "round",
    "art": "kind",
    "stand": "state",
    "cluster": "cluster",
    "rede": "language",
    "weg": "channel",
    "besonders": "special",
    "suche": "words",
}


SPECIAL: list[tuple[str, Any]] = [
    ("gedolmetscht", _("through an interpreter only")),
    ("hinweis", _("with something to check")),
    ("sprache", _("with a doubtful language")),
    ("ungeprueft", _("with an unchecked translation")),
]


def filter_of(query: QueryDict) -> StatementFilter:
    """What the address asks for."""
    parts = {part: query.get(word, "").strip() for word, part in QUERY_WORDS.items()}
    return StatementFilter(**parts)


def _shown(text: MultilingualText) -> str:
    return str(text)


class NarrowForm(forms.Form):
    """The select boxes over the list. It only shows what the address says; it never refuses."""

    suche = forms.CharField(label=_("Words or receipt code"), required=False, widget=forms.SearchInput)
    dialog = forms.ChoiceField(label=_("Dialogue"), required=False)
    veranstaltung = forms.ChoiceField(label=_("Event"), required=False)
    tisch = forms.ChoiceField(label=_("Table"), required=False)
    runde = forms.ChoiceField(label=_("Round"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    rede = forms.ChoiceField(label=_("Said in"), required=False)
    weg = forms.ChoiceField(label=_("Channel"), required=False)
    besonders = forms.ChoiceField(label=_("Special"), required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(initial=request.GET.dict(), auto_id="narrow_%s")
        self.processes = processes = list(Process.objects.all())
        gatherings = list(Gathering.objects.select_related("process"))
        self._offer("dialog", [(p.slug, _shown(p.title)) for p in processes])
        self._offer("veranstaltung", [(str(g.pk), _shown(g.title)) for g in gatherings])
        chosen = next((g for g in gatherings if str(g.pk) == request.GET.get("veranstaltung")), None)
        if chosen is None and len(gatherings) == 1:
            chosen = gatherings[0]
        self._offer("tisch", [(str(t.pk), f"{t.number} · {t.theme}") for t in chosen.tables.all()] if chosen else [])
        self._offer("runde", [(str(r.pk), str(r.number)) for r in chosen.rounds.all()] if chosen else [])
        slug = request.GET.get("dialog") or (chosen.process.slug if chosen else "")
        process = next((p for p in processes if p.slug == slug), processes[0] if len(processes) == 1 else None)
        clusters = Cluster.objects.filter(process=process) if process else Cluster.objects.none()
        without = [("ohne", _("in no cluster"))]
        self._offer("cluster", [*without, *((str(c.number), f"{c.number} · {c.title}") for c in clusters)])
        self._offer("rede", list(SPOKEN_LANGUAGES.items()))
        self._offer("weg", list(Channel.choices))
        self._offer("besonders", SPECIAL)

    def _offer(self, name: str, options: list[tuple[str, Any]]) -> None:
        # A box with nothing to choose from only takes room.
        if not options:
            del self.fields[name]
            return
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("all")), *options]


class ReportForm(forms.Form):
    """What is wrong with a public statement. Nobody has to say who she is."""

    reason = forms.ChoiceField(label=_("What is wrong with it?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Please describe it in your words"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("For example: which person or which group it is about."),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        help_text=_("Then we write to you what was decided. Without it you find the decision with a code."),
    )
    good_faith = forms.BooleanField(label=_("What I write is true, as far as I know."))
    # Programs fill in what people do not see.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    code = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (reason.value, capfirst(reason.label)) for reason in REPORT_REASONS
        ]


class ClusterForm(forms.Form):
    """Title and summary of a cluster."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences: what do these statements have in common?"),
    )
