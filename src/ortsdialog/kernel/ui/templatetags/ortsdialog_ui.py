"""How values are said on a page: texts with their language, dates as people say them, protected numbers, icons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext_lazy

from ortsdialog.kernel.access import allowed
from ortsdialog.kernel.access.doors import actor_of
from ortsdialog.kernel.language import (
    INTERFACE_LANGUAGES,
    MultilingualText,
    State,
    Version,
    html_lang,
    language_direction,
    language_name,
)
from ortsdialog.kernel.language.middleware import PARAMETER
from ortsdialog.kernel.registry import Section, navigation_entries
from ortsdialog.kernel.ui.way import SMALLEST_GROUP

register = template.Library()

SECTION_LABELS: dict[Section, Any] = {
    Section.TODAY: pgettext_lazy("desk", "Today"),
    Section.PREPARE: pgettext_lazy("desk", "Prepare"),
    Section.MEET: pgettext_lazy("desk", "Meet"),
    Section.DELIVER: pgettext_lazy("desk", "Carry out"),
    Section.LEARN: pgettext_lazy("desk", "Learn"),
    Section.GROUND: pgettext_lazy("desk", "Town and team"),
}

# A date as people say it, by language; a year is added where it is not the running one.
_DAY = {"de": "l, j. F", "en": "l j F", "ar": "l، j F"}
_SHORT_DAY = {"de": "j. F", "en": "j F", "ar": "j F"}
_YEAR = {"de": " Y", "en": " Y", "ar": " Y"}


# ---- Texts --------------------------------------------------------------------------------------


@register.simple_tag
def page_lang() -> str:
    return html_lang(get_language())


@register.simple_tag
def page_dir() -> str:
    return language_direction(get_language())


@register.filter
def dir_of(language: str) -> str:
    """ "rtl" or "ltr" for a language code."""
    return language_direction(language)


@register.filter
def lang_of(language: str) -> str:
    """The value for `lang="…"`."""
    return html_lang(language)


@register.filter
def language_own_name(language: str) -> str:
    """What its speakers call it: العربية."""
    return language_name(language)


def _state_words(state: str) -> str:
    if state == State.MACHINE:
        return gettext("Machine translation, not checked")
    if state == State.OUT_OF_DATE:
        return gettext("Translation out of date: the original has changed")
    return ""


@register.simple_tag
def state_words(state: str) -> str:
    """How far a version can be trusted, in words; empty where there is nothing to say."""
    return _state_words(state)


@register.simple_tag
def say(text: Any, *, mark: bool = True, lines: bool = False) -> SafeString:
    """Print a text in the reader's language, marked up with its language and direction.

    `mark` adds a small note where the version is machine-made or out of date, or where the text is
    not there in the reader's language; `lines` keeps line breaks. Plain strings and empty values are
    printed as they are.
    """
    if isinstance(text, MultilingualText):
        text = text.in_language()
    if not isinstance(text, Version):
        return conditional_escape("" if text is None else text)
    body = conditional_escape(text.text)
    if lines:
        body = mark_safe("<br>".join(body.splitlines()))  # noqa: S308  body is escaped above
    foreign = html_lang(text.language) != html_lang(get_language())
    words = _state_words(text.state) if mark else ""
    note = format_html(' <small class="text-state">{}</small>', words) if words else ""
    if not foreign:
        # No attributes where they would say what the page says already.
        return format_html("{}{}", body, note)
    if mark and not words:
        name = format_html('<span lang="{}">{}</span>', html_lang(text.language), language_name(text.language))
        note = format_html(' <small class="text-state" dir="auto">{}</small>', name)
    span = format_html('<span lang="{}" dir="{}">{}</span>', html_lang(text.language), text.direction, body)
    return format_html("{}{}", span, note)


@register.simple_tag
def original_of(text: Any) -> Version | None:
    """The words as they were said, where the reader sees a translation of them; else None."""
    if not isinstance(text, MultilingualText) or text.in_language().state == State.ORIGINAL:
        return None
    return text.in_language(text.original)


@register.simple_tag
def versions(text: Any, languages: list[str]) -> list[Version]:
    """The text in each of the languages that it exists in, in this order; the original if in none."""
    if not isinstance(text, MultilingualText):
        return [Version(str(text or ""), get_language() or "de", State.ORIGINAL)]
    found = [text.in_language(code) for code in languages if text.state_of(code) is not None]
    return found or [text.in_language(text.original)]


# ---- Dates and numbers --------------------------------------------------------------------------


def _language() -> str:
    code = html_lang(get_language()).split("-")[0]
    return code if code in _DAY else "en"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day_words(value: date | datetime) -> str:
    language = _language()
    pattern = _DAY[language]
    if value.year != timezone.localdate().year:
        pattern += _YEAR[language]
    return date_format(value, pattern)


def _time_words(value: datetime) -> str:
    clock = date_format(value, "G:i")
    if _language() == "de":
        spoken = date_format(value, "G") if value.minute == 0 else date_format(value, "G.i")
        return f"{spoken} Uhr"
    return clock


def _as_time(value: date | datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def people_date(value: date | datetime | None) -> str:
    """Samstag, 12. März (with the year when it is not the running one)."""
    if not value:
        return ""
    value = _local(value)
    return _as_time(value, _day_words(value))


@register.filter
def short_date(value: date | datetime | None) -> str:
    """12. März, for lines with several dates (with the year when it is not the running one)."""
    if not value:
        return ""
    value = _local(value)
    language = _language()
    pattern = _SHORT_DAY[language]
    if value.year != timezone.localdate().year:
        pattern += _YEAR[language]
    return _as_time(value, date_format(value, pattern))


@register.simple_tag
def date_range(starts_on: date | None, ends_on: date | None) -> str:
    """3.–20. November 2025; 10. Februar – 13. März; ab 20. März; bis 13. März."""
    if not starts_on or not ends_on:
        day = short_date(starts_on or ends_on)
        words = gettext("from %(day)s") if starts_on else gettext("until %(day)s")
        # The translated sentence is ours; the day is marked up by short_date.
        return mark_safe(words % {"day": day}) if day else ""  # noqa: S308  no words from outside
    if starts_on == ends_on:
        return short_date(starts_on)
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        first = f"{starts_on.day}." if _language() == "de" else str(starts_on.day)
        return format_html("{}–{}", first, short_date(ends_on))
    return format_html("{} – {}", short_date(starts_on), short_date(ends_on))


@register.filter
def people_datetime(value: datetime | None) -> str:
    """Samstag, 12. März, 10 Uhr."""
    if not value:
        return ""
    local = _local(value)
    if not isinstance(local, datetime):
        return _as_time(local, _day_words(local))
    comma = "، " if _language() == "ar" else ", "
    return _as_time(local, f"{_day_words(local)}{comma}{_time_words(local)}")


@register.filter
def people_time(value: datetime | None) -> str:
    """10 Uhr."""
    if not value:
        return ""
    local = _local(value)
    return _as_time(local, _time_words(local)) if isinstance(local, datetime) else ""


@register.filter
def protected_count(number: int | None) -> str:
    """A count of people, fit for the public: small groups are not told apart, nor is none."""
    if number is None:
        return gettext("not known")
    if number < SMALLEST_GROUP:
        return gettext("fewer than %(limit)d") % {"limit": SMALLEST_GROUP}
    return str(number)


@register.filter
def code_groups(code: str) -> list[str]:
    """A receipt code in the short groups in which people write it down."""
    return str(code).replace("-", " ").split()


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """Page numbers worth showing around the current one; None stands for a gap."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, page.number - 1, page.number, page.number + 1} & set(range(1, last + 1)))
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


# ---- Icons --------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """One of KERN's icons. With a label it speaks, without one it is decoration."""
    css = f"kern-icon kern-icon--{name}" + (f" kern-icon--{size}" if size else "")
    words = format_html('<span class="kern-sr-only">{}</span>', label) if label else ""
    return format_html('<span class="{}" aria-hidden="true"></span>{}', css, words)


# ---- Navigation ---------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def language_choices(context: Context) -> list[dict[str, Any]]:
    """The interface languages as links to the same page; none where there is no request."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    current = get_language() or "de"
    choices = []
    for code, name in INTERFACE_LANGUAGES.items():
        query = request.GET.copy()
        query[PARAMETER] = code
        choices.append(
            {
                "code": code,
                "name": name,
                "lang": html_lang(code),
                "dir": language_direction(code),
                "url": f"{request.path}?{query.urlencode()}",
                "current": code == current,
            }
        )
    return choices


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int, name: str = "seite") -> str:
    """This page with another page number; the rest of the query stays."""
    return with_query(context, name, number)


@register.simple_tag(takes_context=True)
def with_query(context: Context, name: str, value: Any) -> str:
    """This page with one part of the query changed; an empty value removes it, and with it the page number."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    if name != "seite":
        query.pop("seite", None)
    if value in ("", None):
        query.pop(name, None)
    else:
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def chosen(context: Context, name: str) -> str:
    """What the query says under `name`; empty for nothing."""
    request: HttpRequest | None = context.get("request")
    return request.GET.get(name, "") if request is not None else ""


@register.inclusion_tag("kernel_ui/desk_navigation.html", takes_context=True)
def desk_navigation(context: Context) -> dict[str, Any]:
    """The desk's navigation in the order of time: what the actor may open in this town."""
    place, request = context.get("place"), context.get("request")
    sections: dict[Section, list[dict[str, Any]]] = {}
    if place is not None and request is not None:
        actor = actor_of(request)
        for entry in navigation_entries():
            if entry.permission and not allowed(actor, entry.permission, place):
                continue
            try:
                url = reverse(entry.url_name, args=[place.slug])
            except NoReverseMatch:
                url = reverse(entry.url_name)
            room = entry.url_name.partition(":")[0]
            sections.setdefault(entry.section, []).append({"label": entry.label, "url": url, "room": room})
        _mark_current(request, [link for links in sections.values() for link in links], context.get("room"))
    return {
        "sections": [
            {"key": section.name.lower(), "label": SECTION_LABELS[section], "links": links}
            for section, links in sections.items()
        ]
    }


def _mark_current(request: HttpRequest, links: list[dict[str, Any]], room: str | None) -> None:
    """Where we are: among the entries of the page's own context the one whose address fits longest.

    A context without a fitting entry is shown by its first one; a page of no context by the address alone.
    `room`: the context that a page names because readers look for it there.
    """
    match = request.resolver_match
    room = room or (match.namespace if match is not None else None)
    own = [link for link in links if link["room"] == room]
    inside = [link for link in own or links if request.path.startswith(link["url"])]
    if inside or own:
        max(inside or own[:1], key=lambda link: len(link["url"]))["current"] = True
