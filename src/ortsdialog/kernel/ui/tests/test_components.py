"""Every component renders, in German and mirrored, with nothing left unrendered."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

import ortsdialog
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.ui.blocks import BuildingBlock
from ortsdialog.kernel.ui.way import way_of_many, way_of_one

COMPONENTS = Path(ortsdialog.__file__).parent / "templates" / "cotton"

TEXT = MultilingualText.written("Der Kurs beginnt zu früh.").with_version("ar", "الدورة مبكرة", State.MACHINE)


class Form(forms.Form):
    title = forms.CharField(label="Titel", help_text="Ein Satz.")
    kind = forms.ChoiceField(label="Art", choices=[("a", "Läuft gut"), ("b", "Braucht es")], widget=forms.RadioSelect)
    state = forms.ChoiceField(label="Stand", choices=[("a", "Vorgeschlagen")], required=False)
    agreed = forms.BooleanField(label="Zugestimmt", required=False)


VALUES = {
    "text": TEXT,
    "way": way_of_one(
        said=date(2026, 3, 14), sorted=True, proposed=date(2026, 5, 5), urls={"proposed": "/p/"}, texts={"sorted": TEXT}
    ),
    "stream": way_of_many({"said": 212, "sorted": 96, "proposed": 40, "taken_on": 9, "done": 3, "not_possible": 2}),
    "steps": [BuildingBlock(1, "Erstberatung", "done", date(2025, 11, 3), date(2025, 11, 20))],
    "day": date(2026, 3, 14),
    "page": Paginator(range(200), 10).page(7),
    "options": [("", "Alle", 12), ("gut", "Läuft gut")],
    "trail": [("Lindenbronn", "/orte/lindenbronn/"), ("Plan", "")],
    "items": [("Zusage erbitten", "/z/", "seit 12 Tagen offen")],
    "version": TEXT.in_language("ar"),
}

# One use of each component, and a word that must be on the page.
USES = {
    "answer": ('<c-answer :text="text" by="Amt" :on="day">Mehr</c-answer>', "14. März"),
    "blocks": ('<c-blocks :steps="steps" title="Wo wir stehen" />', "Erstberatung"),
    "button": ('<c-button href="/x/" kind="secondary" icon="add">Anlegen</c-button>', 'href="/x/"'),
    "buttons": ("<c-buttons><c-button>Senden</c-button></c-buttons>", "<button"),
    "card": ('<c-card title="Altdorf" href="/a/">Text<c-slot name="footer">Fuß</c-slot></c-card>', "Fuß"),
    "chip": ('<c-chip kind="success">erledigt</c-chip>', "erledigt"),
    "code": ('<c-code code="wald-lampe-sieben" label="Merkwort" />', "lampe"),
    "count": ('<c-count number="45" label="Dialoge" />', "45"),
    "crumbs": ('<c-crumbs :trail="trail" />', 'aria-current="page"'),
    "delivery": ('<c-delivery state="wall" />', "chip--success"),
    "empty": ('<c-empty title="Noch nichts" href="/n/" label="Beginnen">Hier steht bald etwas.</c-empty>', "Beginnen"),
    "field": ('<c-field :field="form.title" />', 'aria-describedby="id_title_helptext"'),
    "filters": ('<c-filters label="Art" name="art" :options="options" />', "?art=gut"),
    "form": ('<c-form :form="form" submit="Speichern" />', "csrfmiddlewaretoken"),
    "head": ('<c-head title="Plan" preline="Dialog" lead="Ein Satz." />', "<h1>Plan</h1>"),
    "language_note": ('<c-language-note :version="version" />', "text-state"),
    "notice": ('<c-notice kind="error" title="Das ging nicht">Text</c-notice>', "kern-icon--danger"),
    "pagination": ('<c-pagination :page="page" />', "?seite=8"),
    "progress": ('<c-progress :value="3" :of="6" label="Bausteine" />', 'max="6"'),
    "sheet": ('<c-sheet title="Bogen">Text</c-sheet>', "Bogen"),
    "statement": ('<c-statement :text="text" kind="Problem" where="Tisch 3" :on="day" href="/w/" />', "Tisch 3"),
    "table": ('<c-table caption="Maßnahmen"><tbody><tr><td>1</td></tr></tbody></c-table>', "<caption>Maßnahmen"),
    "todo": ('<c-todo title="Als Nächstes" :items="items" />', "seit 12 Tagen offen"),
    "wall_card": ('<ul><c-wall-card :text="text" where="Tisch 3" /></ul>', "Tisch 3"),
    "wall_question": ("<c-wall-question :text=\"text\" :languages=\"['de', 'ar']\" />", 'lang="ar"'),
    "way": ('<c-way :way="way" title="Stand" /><c-way :way="stream" />', 'aria-current="step"'),
}


def render(source: str, language: str = "de", query: str = "", **values: object) -> str:
    request = RequestFactory().get(f"/seite/{query}")
    # Templates from files pass through the loader; these few words have to be compiled by hand.
    template = engines["django"].from_string(CottonCompiler().process(source))
    with translation.override(language):
        return template.render({**VALUES, "form": Form(), **values}, request)


def test_every_component_has_a_use_here() -> None:
    assert sorted(USES) == sorted(path.stem for path in COMPONENTS.glob("*.html"))


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("name", sorted(USES))
@pytest.mark.time_machine("2026-11-22")
def test_component_renders_whole(name: str, language: str) -> None:
    source, word = USES[name]
    page = render(source, language)
    if language == "de":
        assert word in page
    assert not re.search(r"<c-|</c-|\{%|\{\{", page)
    assert " style=" not in page


def test_way_of_one_shows_words_for_every_station() -> None:
    page = render('<c-way :way="way" />', "en")
    labels = re.findall(r'<span class="way__label">([^<]+)</span>', page)
    assert labels == ["Said", "Sorted", "Proposed", "Taken on", "Done"]
    assert page.count("not yet") == 2
    assert page.count("reached, day not recorded") == 1
    assert page.count('aria-current="step"') == 1


def test_way_with_a_refusal_ends_there() -> None:
    way = way_of_one(said=date(2026, 3, 14), not_possible=date(2026, 7, 1), texts={"not_possible": "Kein Geld."})
    page = render('<c-way :way="way" />', "en", way=way)
    assert [station.key for station in way.stations] == ["said", "not_possible"]
    assert "Not possible, because:" in page
    assert "Kein Geld." in page


def test_stream_of_people_hides_small_counts_in_words_and_drawing() -> None:
    small = way_of_many({"said": 100, "sorted": 4, "proposed": 1}, people=True)
    smaller = way_of_many({"said": 100, "sorted": 3, "proposed": 0}, people=True)
    page = render('<c-way :way="way" />', "en", way=small)
    assert page.count("fewer than 5") == 4
    assert small.river == smaller.river


def test_stream_of_statements_is_exact() -> None:
    page = render('<c-way :way="stream" />', "de")
    assert re.findall(r'<span class="way__count">(\d+)</span>', page) == ["212", "96", "40", "9", "3"]
    assert re.findall(r'<strong class="way__count">(\d+)</strong>', page) == ["2"]


def test_statement_in_arabic_carries_its_state_and_direction() -> None:
    arabic = render("{% say text %}", "ar")
    german_page = render("{% say version %}", "de")
    assert 'class="text-state"' in arabic
    assert '<span lang="ar" dir="rtl">الدورة مبكرة</span>' in german_page


def test_say_escapes_what_people_write() -> None:
    hostile = MultilingualText.written("<script>x</script>\nzwei")
    assert render("{% say text lines=True %}", text=hostile) == "&lt;script&gt;x&lt;/script&gt;<br>zwei"


@pytest.mark.parametrize(
    ("source", "language", "words"),
    [
        ("{{ moment|people_datetime }}", "de", "Samstag, 12. Dezember, 10 Uhr"),
        ("{{ moment|people_datetime }}", "en", "Saturday 12 December, 10:00"),
        ("{{ day|people_date }}", "de", "Samstag, 14. März"),
        ("{{ old|people_date }}", "de", "Freitag, 14. März 2025"),
        ("{{ half|people_time }}", "de", "10.30 Uhr"),
    ],
)
@pytest.mark.time_machine("2026-11-22")
def test_dates_are_said_as_people_say_them(source: str, language: str, words: str) -> None:
    page = render(
        source,
        language,
        moment=datetime(2026, 12, 12, 9, tzinfo=UTC),
        half=datetime(2026, 12, 12, 9, 30, tzinfo=UTC),
        old=date(2025, 3, 14),
    )
    assert re.sub(r"<[^>]+>", "", page) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 11, 3), date(2025, 11, 20), "3.–20. November 2025"),
        (date(2026, 2, 10), date(2026, 3, 13), "10. Februar – 13. März"),
        (date(2026, 3, 14), date(2026, 3, 14), "14. März"),
        (None, None, ""),
    ],
)
@pytest.mark.time_machine("2026-11-22")
def test_date_range_says_nothing_twice(first: date | None, last: date | None, words: str) -> None:
    page = render("{% date_range first last %}", first=first, last=last)
    assert re.sub(r"<[^>]+>", "", page) == words


@pytest.mark.parametrize(("number", "words"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (None, "not known")])
def test_protected_count_never_tells_a_small_group(number: int | None, words: str) -> None:
    assert render("{{ number|protected_count }}", "en", number=number) == words


def test_filters_keep_the_query_and_drop_the_page_number() -> None:
    page = render('<c-filters label="Art" name="art" :options="options" />', query="?thema=7&art=gut&seite=3")
    assert re.findall(r'href="([^"]+)"', page) == ["/seite/?thema=7", "/seite/?thema=7&amp;art=gut"]
    assert page.count('aria-current="true"') == 1


def test_language_links_keep_the_page() -> None:
    page = " ".join(render('{% include "layouts/_languages.html" %}', query="?seite=3").split())
    assert '<a href="/seite/?seite=3&amp;sprache=ar" lang="ar" hreflang="ar" dir="rtl">' in page
    assert re.search(r'sprache=de" [^>]*aria-current="true"', page)


def test_form_with_errors_links_its_summary_to_the_fields() -> None:
    page = render("{{ form }}", form=Form({"title": "", "kind": ""}))
    assert re.findall(r'<a href="#([^"]+)">', page) == ["id_title", "id_kind_0"]
    for target in ("id_title", "id_kind_0", "id_title_error", "id_kind_error"):
        assert page.count(f'id="{target}"') == 1
    title = re.search(r'<input type="text"[^>]*>', page)
    assert title
    assert 'aria-invalid="true"' in title[0]
    assert 'aria-describedby="id_title_helptext id_title_error"' in title[0]
    # A radio button has no invalid state of its own; its group carries the description.
    assert "aria-invalid" not in "".join(re.findall(r'<input type="radio"[^>]*>', page))
    assert re.search(r'<fieldset[^>]* aria-describedby="id_kind_error"', page)


def test_form_keeps_what_was_typed() -> None:
    page = render("{{ form }}", form=Form({"title": "Abendkurs", "kind": ""}))
    assert 'value="Abendkurs"' in page
