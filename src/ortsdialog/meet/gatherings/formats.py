"""Templates of the formats: what a format is good for and how it usually runs. They prefill the form; nobody is bound.

The figures are taken from the sources named with each format, in own words. Where the sources say
nothing, the template says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from ortsdialog.meet.gatherings.choices import Format

_PROFILES = "https://www.fluechtlingsdialoge.de/de/fluechtlingsdialoge/steckbriefe-1"
_METHODS = (
    "https://www.buergergesellschaft.de/mitentscheiden/methoden-verfahren/"
    "methoden-und-verfahren-der-buergerbeteiligung-von-a-bis-z"
)

# The three guiding questions of the dialogue in Schwäbisch Gmünd, in German: they are data to be edited.
THREE_QUESTIONS = ("Was läuft gut?", "Was muss verbessert werden?", "Was braucht es?")

HOST = _("a host at each table")
NOTES = _("a note-taker at each table")
CHAIR = _("somebody who leads through the evening")
INTERPRETERS = _("interpreters for the languages at the tables")
SIGNS = _("table signs with QR code")
CARDS = _("cards and pens for those who prefer paper")
SCREEN = _("projector or screen for the wall")
PINBOARDS = _("pinboards")


@dataclass(frozen=True)
class FormatTemplate:
    """How a format usually runs. `round_minutes` and `questions` belong together, one by one."""

    format: Format
    purpose: Any
    group_size: Any = ""
    duration: Any = ""
    limits: Any = ""
    tables: int = 1
    round_minutes: tuple[int, ...] = ()
    questions: tuple[str, ...] = ()
    roles: tuple[Any, ...] = ()
    material: tuple[Any, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def named_sources(self) -> list[tuple[str, str]]:
        """(address, words) of each source; a source in words has no address."""
        return [
            (source, urlsplit(source).hostname or source) if source.startswith("https://") else ("", source)
            for source in self.sources
        ]


_TEMPLATES = (
    FormatTemplate(
        Format.THEME_TABLES,
        purpose=_("Each table has a theme. People move freely and write down what occurs to them; easy to join."),
        group_size=_("about 100 to 150 people; with more it gets tight"),
        duration=_("half a day"),
        tables=5,
        round_minutes=(35, 35, 35),
        questions=THREE_QUESTIONS,
        roles=(CHAIR, HOST, NOTES, INTERPRETERS),
        material=(SIGNS, CARDS, SCREEN),
        sources=(f"{_PROFILES}/schwaebisch-gmuend",),
    ),
    FormatTemplate(
        Format.WORLD_CAFE,
        purpose=_("Small tables, several rounds: people change tables, the host stays and tells what was said."),
        group_size=_("12 to 200 people and more, four to six at a table"),
        duration=_("usually three rounds of 20 to 30 minutes, then everybody together"),
        limits=_("It lives on good open questions."),
        tables=6,
        round_minutes=(25, 25, 25),
        questions=THREE_QUESTIONS,
        roles=(CHAIR, HOST, INTERPRETERS),
        material=(SIGNS, CARDS, SCREEN),
        sources=(
            "https://www.iat.eu/aq-nrw/modulbaukasten/modul-11-welt-cafe-methode/umsetzung-und-durchfuehrung/",
            "https://www.beteiligungskompass.org/article/show/166",
            f"{_PROFILES}/denzlingen",
        ),
    ),
    FormatTemplate(
        Format.FUTURE_WORKSHOP,
        purpose=_("From criticism through free imagination to first steps: a shared picture and what to begin with."),
        group_size=_("10 to 25 people; up to 200 in several groups"),
        duration=_("one day at least, in its classic form two to three"),
        limits=_("It needs experienced facilitation."),
        tables=3,
        round_minutes=(60, 60, 60),
        questions=("Was stört uns?", "Wie wäre es, wenn alles möglich wäre?", "Womit fangen wir an?"),
        roles=(CHAIR, HOST, INTERPRETERS),
        material=(CARDS, PINBOARDS),
        sources=(
            "https://www.iat.eu/aq-nrw/modulbaukasten/modul-01-zukunftswerkstatt/umsetzung-und-durchfuehrung/",
            f"{_PROFILES}/ostfildern",
            f"{_PROFILES}/leinfelden-echterdingen",
        ),
    ),
    FormatTemplate(
        Format.IDEAS_WORKSHOP,
        purpose=_(
            "First the situation, then ideas, then how to carry them out; many measures with somebody who cares."
        ),
        group_size=_("about 30 to 70 people in small groups"),
        duration=_("half a day to a day"),
        limits=_("The timing is tight."),
        tables=6,
        round_minutes=(45, 45, 45),
        questions=("Wie ist die Lage heute?", "Welche Ideen haben wir?", "Was sind die ersten Schritte?"),
        roles=(CHAIR, HOST, INTERPRETERS),
        material=(SIGNS, CARDS, PINBOARDS),
        sources=(f"{_PROFILES}/muehlacker", f"{_PROFILES}/uhldingen-muehlhofen", f"{_PROFILES}/leimen"),
    ),
    FormatTemplate(
        Format.CITIZENS_COUNCIL,
        purpose=_("A small group drawn by lot writes a joint statement, which is then discussed in public."),
        group_size=_("12 to 15 people drawn by lot"),
        duration=_("one and a half days; the whole process about eight weeks"),
        limits=_("Good where opinions clash. It gives ideas, not finished measures."),
        tables=1,
        round_minutes=(90, 90, 90),
        questions=THREE_QUESTIONS,
        roles=(CHAIR, NOTES, INTERPRETERS),
        material=(CARDS, PINBOARDS),
        sources=("https://www.buergerrat.net/at/vorarlberg/", f"{_PROFILES}/tuebingen"),
    ),
    FormatTemplate(
        Format.RESIDENTS_ASSEMBLY,
        purpose=_(
            "The council decides on it, the mayor chairs it. All residents may speak, also without a German passport."
        ),
        group_size=_("open to all residents"),
        duration=_("an evening"),
        limits=_("Time, place and agenda are announced in good time."),
        tables=4,
        round_minutes=(30,),
        questions=("Was ist Ihnen wichtig?",),
        roles=(CHAIR, HOST, INTERPRETERS),
        material=(SIGNS, SCREEN),
        sources=("Gemeindeordnung Baden-Württemberg, § 20a",),
    ),
    FormatTemplate(
        Format.LARGE_GROUP_FORUM,
        purpose=_("All who have a part in it come together: input, groups for each field, and people who take charge."),
        group_size=_("about 140 to 190 people in the documented dialogues"),
        duration=_("a day"),
        tables=8,
        round_minutes=(60, 45),
        questions=("Was braucht es in diesem Feld?", "Wer übernimmt was?"),
        roles=(CHAIR, HOST, NOTES, INTERPRETERS),
        material=(SIGNS, CARDS, SCREEN),
        sources=(f"{_PROFILES}/landkreis-heidenheim", f"{_PROFILES}/ulm"),
    ),
    FormatTemplate(
        Format.OPEN_SPACE,
        purpose=_("The guests set the topics at a marketplace; groups run themselves and write down what they found."),
        group_size=_("10 to 2,000 people"),
        duration=_("one to three days"),
        limits=_("Not for finished plans or hardened conflict. It needs somebody who carries on afterwards."),
        tables=6,
        round_minutes=(60, 60),
        questions=("Worüber möchten Sie sprechen?",) * 2,
        roles=(CHAIR, NOTES),
        material=(PINBOARDS, CARDS),
        sources=(
            "https://menger-mediation.de/ressourcen/methodensammlung-buergerbeteiligung/open-space",
            f"{_METHODS}/methode/open-space",
        ),
    ),
    FormatTemplate(
        Format.FUTURE_CONFERENCE,
        purpose=_("Past, present and future of a town in one room, then what all agree on, then a plan."),
        group_size=_("64 people at best: eight tables of eight"),
        duration=_("about 20 hours over three days; shorter in the documented dialogues"),
        tables=8,
        round_minutes=(60, 60, 60),
        questions=("Woher kommen wir?", "Wo stehen wir?", "Wohin wollen wir?"),
        roles=(CHAIR, HOST, INTERPRETERS),
        material=(PINBOARDS, CARDS),
        sources=("https://www.boscop.org/angebot/future-search", f"{_PROFILES}/tettnang", f"{_PROFILES}/markdorf"),
    ),
    FormatTemplate(
        Format.PUBLIC_SPACE,
        purpose=_("Go where people are, listen and do not persuade. Reaches those who do not come to events."),
        group_size=_("several hundred talks a week, with five to ten helpers"),
        duration=_("about four hours at each stop"),
        limits=_("There is no list of guests."),
        tables=1,
        round_minutes=(240,),
        questions=("Was bewegt Sie hier?",),
        roles=(_("helpers who were trained to listen"), NOTES),
        material=(CARDS, _("something to eat and drink")),
        sources=(f"{_PROFILES}/friedrichshafen",),
    ),
    FormatTemplate(
        Format.DECENTRAL_TALKS,
        purpose=_("Talks in shelters and neighbourhood houses, in groups by location, under guiding questions."),
        group_size=_("about 40 people in the documented evening"),
        duration=_("about four hours"),
        tables=3,
        round_minutes=(45, 45),
        questions=THREE_QUESTIONS[:2],
        roles=(HOST, NOTES, INTERPRETERS),
        material=(SIGNS, CARDS),
        sources=(f"{_PROFILES}/weinheim",),
    ),
    FormatTemplate(
        Format.GROUP_DIALOGUE,
        purpose=_(
            "A dialogue for one group, in rooms where its members speak freely, for example women among themselves."
        ),
        tables=2,
        round_minutes=(45, 45),
        questions=THREE_QUESTIONS[:2],
        roles=(HOST, NOTES, INTERPRETERS),
        material=(CARDS,),
        sources=(f"{_PROFILES}/stuttgart",),
    ),
    FormatTemplate(
        Format.FIELD_EVENT,
        purpose=_("An evening on one field of action, for example housing, with those who know it."),
        tables=3,
        round_minutes=(40, 40),
        questions=THREE_QUESTIONS[1:],
        roles=(CHAIR, HOST, NOTES),
        material=(SIGNS, CARDS, SCREEN),
    ),
    FormatTemplate(
        Format.ROUND_TABLE,
        purpose=_("Those who decide and those who are affected sit at one table, as equals."),
        tables=1,
        round_minutes=(60,),
        questions=("Was vereinbaren wir?",),
        roles=(CHAIR, NOTES),
        material=(),
    ),
    FormatTemplate(
        Format.NETWORK_MEETING,
        purpose=_("Towns that have held a dialogue meet towns that will."),
        tables=5,
        round_minutes=(25, 25, 25),
        questions=("Wie haben Sie das gemacht?", "Was würden Sie anders machen?", "Was raten Sie anderen?"),
        roles=(CHAIR, HOST, NOTES),
        material=(SIGNS, CARDS),
    ),
    FormatTemplate(
        Format.OTHER,
        purpose=_("Your own format. Set tables, rounds and questions as you need them."),
        tables=1,
        round_minutes=(30,),
        questions=THREE_QUESTIONS[:1],
    ),
)

FORMATS: dict[Format, FormatTemplate] = {template.format: template for template in _TEMPLATES}
