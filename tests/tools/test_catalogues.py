"""The catalogues: what is extracted, what is kept, and what the check refuses."""

from __future__ import annotations

import gettext as gnu
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation

from tools import catalogues

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_one(name: str, text: str) -> None:
        path = tmp_path / catalogues.PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    return write_one


def translate(root: Path, name: str, **words: str) -> None:
    """Fill in msgstr of messages, as a translator would in the file."""
    path = catalogues.catalogue_path(name, root)
    text = path.read_text(encoding="utf-8")
    for source, target in words.items():
        before = f'msgid "{source.replace("_", " ")}"\nmsgstr ""'
        assert before in text
        text = text.replace(before, f'msgid "{source.replace("_", " ")}"\nmsgstr "{target}"')
    path.write_text(text, encoding="utf-8")


def test_python_messages_of_every_kind_are_found(write: Write, tmp_path: Path) -> None:
    write(
        "ground/places/models.py",
        """
        from django.utils.translation import gettext_lazy as _, ngettext, pgettext
        NAME = _("Place")
        LONG = _("one "
                 "sentence")
        def count(n): return ngettext("%(n)s place", "%(n)s places", n) % {"n": n}
        MONTH = pgettext("month", "May")
        """,
    )
    found = catalogues.extract(tmp_path)
    assert set(found) == {(None, "Place"), (None, "one sentence"), (None, "%(n)s place"), ("month", "May")}
    assert found[None, "%(n)s place"].plural == "%(n)s places"
    assert found[None, "Place"].paths == {"src/ortsdialog/ground/places/models.py"}


def test_template_messages_are_found_wherever_they_stand(write: Write, tmp_path: Path) -> None:
    write(
        "templates/capture/table.html",
        """
        {% extends "layouts/table.html" %}
          {# Translators: on the button #}
              <c-button label="{% translate "Send" %}" hint='{% translate "Really?" %}' />
          {% translate "Tables" as heading %}
          {{ _("In a variable") }}
            <p>{% blocktranslate count n=tables|length trimmed %}
               One table {{ n }}
            {% plural %}
               {{ n }} tables
            {% endblocktranslate %}</p>
          {% translate "May" context "month" %}
          <p>It's "quoted" text, 5 % of it</p>
        """,
    )
    found = catalogues.extract(tmp_path)
    assert set(found) == {
        (None, "Send"),
        (None, "Really?"),
        (None, "Tables"),
        (None, "In a variable"),
        (None, "One table %(n)s"),
        ("month", "May"),
    }
    assert found[None, "One table %(n)s"].plural == "%(n)s tables"


def test_text_hidden_in_a_dynamic_attribute_is_refused(write: Write, tmp_path: Path) -> None:
    write("templates/capture/table.html", """<c-button :label="_('Send')" />""")
    with pytest.raises(catalogues.SourceError, match="dynamic attribute"):
        catalogues.extract(tmp_path)


def test_tests_and_migrations_are_no_sources(write: Write, tmp_path: Path) -> None:
    for name in ("ground/places/tests/test_x.py", "ground/places/migrations/0001_initial.py"):
        write(name, '_("Hidden")')
    assert catalogues.extract(tmp_path) == {}


def test_update_keeps_translations_drops_the_obsolete_and_is_calm(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", 'A = _("Place")\nB = _("Town")')
    catalogues.update(tmp_path)
    translate(tmp_path, "de", Place="Ort", Town="Stadt")
    write("ground/a.py", '# one line further down\nA = _("Place")')
    catalogues.update(tmp_path)

    path = catalogues.catalogue_path("de", tmp_path)
    once = path.read_text(encoding="utf-8")
    assert 'msgid "Place"\nmsgstr "Ort"' in once
    assert "Town" not in once
    assert "#: src/ortsdialog/ground/a.py\n" in once
    catalogues.update(tmp_path)
    assert path.read_text(encoding="utf-8") == once


def test_arabic_has_its_six_plural_forms(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", 'ngettext("%(n)s place", "%(n)s places", 2)')
    catalogues.update(tmp_path)
    text = catalogues.catalogue_path("ar", tmp_path).read_text(encoding="utf-8")
    assert "nplurals=6" in text
    assert "msgstr[5]" in text


def test_compiled_english_is_english_and_untranslated_is_left_out(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", '_("Place")\nngettext("%(n)s town", "%(n)s towns", 2)')
    catalogues.update(tmp_path)
    catalogues.compile_all(tmp_path)

    def compiled(name: str) -> gnu.GNUTranslations:
        with catalogues.catalogue_path(name, tmp_path).with_suffix(".mo").open("rb") as file:
            return gnu.GNUTranslations(file)

    assert compiled("en")._catalog["Place"] == "Place"
    assert compiled("en").ngettext("%(n)s town", "%(n)s towns", 2) == "%(n)s towns"
    # Left out, so that plain German falls back to German instead of English.
    assert [key for key in compiled("de_LS")._catalog if key] == []


def test_english_pages_do_not_fall_back_to_the_sites_german(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", '_("Place")')
    catalogues.update(tmp_path)
    translate(tmp_path, "de", Place="Ort")
    catalogues.compile_all(tmp_path)
    from django.utils.translation import trans_real

    with override_settings(LANGUAGE_CODE="de", LOCALE_PATHS=[str(tmp_path / catalogues.LOCALE)]):
        trans_real._translations = {}
        spoken = {}
        for language in ("de", "en", "de-ls"):
            with translation.override(language):
                spoken[language] = translation.gettext("Place")
    trans_real._translations = {}
    assert spoken == {"de": "Ort", "en": "Place", "de-ls": "Ort"}


# ---- The check ----------------------------------------------------------------------------------


def faults(root: Path) -> list[str]:
    return [
        fault.replace("src/ortsdialog/locale/", "").replace("/LC_MESSAGES/django.po", "")
        for fault in catalogues.faults(root)
    ]


def test_check_accepts_what_is_complete(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", '_("Place %(name)s")')
    catalogues.update(tmp_path)
    for name in ("de", "ar"):
        path = catalogues.catalogue_path(name, tmp_path)
        path.write_text(
            path.read_text(encoding="utf-8")
            .replace('msgstr ""\n', 'msgstr "Ort %(name)s"\n')
            .replace('msgid ""\nmsgstr "Ort %(name)s"', 'msgid ""\nmsgstr ""'),
            encoding="utf-8",
        )
    assert faults(tmp_path) == []


def test_check_refuses_an_old_catalogue(write: Write, tmp_path: Path) -> None:
    write("ground/a.py", '_("Place")')
    catalogues.update(tmp_path)
    translate(tmp_path, "de", Place="Ort")
    translate(tmp_path, "ar", Place="مكان")
    assert faults(tmp_path) == []
    write("ground/a.py", '_("Town")')
    assert [fault.split(":")[0] for fault in faults(tmp_path) if "not up to date" in fault] == [
        "de",
        "de_LS",
        "en",
        "ar",
    ]


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("plan/web/public.py", ["de", "ar"]),
        ("plan/web/desk.py", ["de"]),
        ("plan/web/desk_measures.py", ["de"]),
        ("kernel/jobs/management/commands/work.py", ["de"]),
        ("meet/capture/templates/capture/send.html", ["de", "de_LS", "ar"]),
        ("plan/templates/plan/desk/list.html", ["de"]),
    ],
)
def test_check_asks_each_language_for_what_its_readers_see(
    write: Write, tmp_path: Path, source: str, missing: list[str]
) -> None:
    write(source, '{% translate "Send" %}' if source.endswith(".html") else '_("Send")')
    catalogues.update(tmp_path)
    assert [fault.split(":")[0] for fault in faults(tmp_path)] == missing


def test_check_refuses_fuzzy_german(write: Write, tmp_path: Path) -> None:
    write("plan/web/desk.py", '_("Send")')
    catalogues.update(tmp_path)
    translate(tmp_path, "de", Send="Senden")
    path = catalogues.catalogue_path("de", tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgid "Send"', '#, fuzzy\nmsgid "Send"'), encoding="utf-8"
    )
    assert ["fuzzy" in fault for fault in faults(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("source", "target", "fine"),
    [
        ("%(n)s of %(all)s", "%(n)s von %(all)s", True),
        ("%(n)s of %(all)s", "%(all)s: %(n)s", True),
        ("%(n)s of %(all)s", "%(n)s", False),
        ("%(n)s", "%(nn)s", False),
        ("all", "%(n)s", False),
        ("100%% of %(n)s", "%(n)s ganz", True),
        ("{n} tables", "{n} Tische", True),
        ("{n} tables", "{m} Tische", False),
    ],
)
def test_check_compares_placeholders(write: Write, tmp_path: Path, source: str, target: str, fine: bool) -> None:
    write("plan/web/desk.py", f'_("{source}")')
    catalogues.update(tmp_path)
    path = catalogues.catalogue_path("de", tmp_path)
    text = path.read_text(encoding="utf-8").replace(
        f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"'
    )
    path.write_text(text, encoding="utf-8")
    assert ([fault for fault in faults(tmp_path) if "placeholders" in fault] == []) is fine


def test_a_form_for_one_need_not_repeat_the_number(write: Write, tmp_path: Path) -> None:
    write("plan/web/desk.py", 'ngettext("%(n)s table", "%(n)s tables", 2)')
    catalogues.update(tmp_path)
    path = catalogues.catalogue_path("de", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgstr[0] ""', 'msgstr[0] "ein Tisch"').replace('msgstr[1] ""', 'msgstr[1] "%(n)s Tische"'),
        encoding="utf-8",
    )
    assert faults(tmp_path) == []
