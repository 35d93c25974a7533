"""Ways to reach somebody: phone, e-mail, address, bank account, number plate."""

from __future__ import annotations

import re

# Bounded on both sides of the sign, so that no long row of letters is read again and again.
EMAIL = (
    re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at ) ?[\w-]{1,63}(?:\.| ?(?:\(dot\)|\(punkt\)) ?| punkt )(?:de|com|net|org|eu|info)\b",
        re.I,
    ),
    re.compile(r"(?<![\w/])@[a-z][a-z0-9_.]{3,29}(?![\w@])"),
)

PHONE = (
    re.compile(r"(?<![\d.,/+])(?:\+|00)[1-9]\d{0,2}(?:[ ./()-]{0,3}\d){6,12}(?!\d)"),
    re.compile(r"(?<![\d.,/+-])\(?0[1-9]\d{1,4}\)?(?:[ ./-]{0,3}\d){4,9}(?!\d)"),
    re.compile(
        r"(?:\b(?:Tel|Telefon|Handy|Mobil|Fon|Nummer|Whats[Aa]pp|Phone|phone|call|Ruf(?:t|en Sie)?|ruf(?:t|en Sie)?)\b[^\d\n]{0,25})(?P<number>\d(?:[ ./-]{0,2}\d){4,11})(?!\d)"
    ),
    re.compile(
        r"(?:\u0647\u0627\u062a\u0641|\u0631\u0642\u0645\u064a|\u062c\u0648\u0627\u0644|\u0442\u0435\u043b\u0435\u0444\u043e\u043d|\u043d\u043e\u043c\u0435\u0440|numaram|telefonum)[^\d\n]{0,15}(?P<number>\d(?:[ ./-]{0,2}\d){4,11})(?!\d)"
    ),
)
_YEARS = re.compile(r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d")


def is_phone(match: re.Match[str]) -> bool:
    """Enough digits, and neither two years nor a date nor an amount."""
    words = match.group(match.lastgroup or 0)
    digits = sum(character.isdigit() for character in words)
    return 5 <= digits <= 15 and not _YEARS.search(words) and not re.match(r"0\d\.\d\d?\.", words)


ACCOUNT = (re.compile(r"\b[A-Z]{2} ?\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b", re.I),)


def is_account(match: re.Match[str]) -> bool:
    """An IBAN has mostly digits; its check digits are not asked for, since people mistype."""
    words = match.group().replace(" ", "")
    return 15 <= len(words) <= 34 and sum(character.isdigit() for character in words) >= 12


_NUMBER = r"\d{1,4} ?[a-hA-H]?(?: ?[-/] ?\d{1,4} ?[a-hA-H]?)?"
_NO_MORE = r"(?![\w%€]|[.,]\d|:\d| ?(?:%|€|Euro\b|Uhr\b|Meter|m\b|km\b|Jahre|Minuten|Leute|Personen|Autos|Bäume|Wohnungen|Mal\b|mal\b|Kinder|Stunden|Tage|Plätze|Parkplätze|Familien|Menschen|Prozent|Unfälle|Häuser))"
_STREET = (
    r"(?:stra(?:ß|ss)e|str\.?|weg|gasse|allee|platz|ring|ufer|damm|pfad|steig|graben|hof|berg|rain|winkel|markt|"
    r"chaussee|promenade|halde|garten|wiese|feld|tal|bogen|stieg|anger)"
)
ADDRESS = (
    # Lindenstr. 5a, Hauptstraße 3-5, Marktplatz 7
    re.compile(
        rf"\b[A-ZÄÖÜ][a-zäöüß]{{1,30}}(?:-[A-ZÄÖÜ][a-zäöüß]{{1,20}}){{0,3}}-?{_STREET} (?:Nr\.? |Nummer |Hausnummer )?{_NUMBER}{_NO_MORE}",
        re.I,
    ),
    # Berliner Straße 12, Am Alten Bach 12, Karl-Marx-Allee 3
    re.compile(
        rf"\b[A-ZÄÖÜ][\wäöüß]{{1,25}}(?:[ -][A-ZÄÖÜ][\wäöüß]{{1,25}}){{0,2}}[ -](?:Stra(?:ß|ss)e|Str\.|Weg|Gasse|Allee|Platz|Ring|Ufer|Damm|Hof|Pfad) (?:Nr\.? |Nummer )?{_NUMBER}{_NO_MORE}"
    ),
    re.compile(
        rf"\b(?:Am|An der|An den|Im|In der|In den|Auf der|Auf dem|Auf den|Zum|Zur|Unter den|Hinter der|Hinter dem|Beim|Vor dem|Obere|Untere|Alte|Neue) [A-ZÄÖÜ][a-zäöüß]{{2,25}}(?: [A-ZÄÖÜ][a-zäöüß]{{2,25}})? (?:Nr\.? |Nummer )?{_NUMBER}{_NO_MORE}"
    ),
    re.compile(r"\b(?:Hausnummer|Haus Nr\.?|Haus Nummer) \d{1,4} ?[a-h]?\b", re.I),
    re.compile(
        r"\b\d{1,4}[a-h]? [A-Z][a-z]{2,20} (?:Street|Road|Avenue|Lane)\b|\b[Rr]ue [\w' -]{3,30},? \d{1,4}\b|\b\d{1,4},? rue [\w' -]{3,30}"
    ),
    re.compile(
        r"(?:\u0432\u0443\u043b(?:\u0438\u0446\u044f|\.)?|\u0443\u043b(?:\u0438\u0446\u0430|\.)?) ?[\w-]{3,30},? ?\d{1,4}|\u0634\u0627\u0631\u0639 [\w ]{2,30} \d{1,4}|\b[\w]{3,25} (?:Sokak|Caddesi|Sokağı) (?:[Nn]o:? ?)?\d{1,4}"
    ),
)

# The letters of districts are many; the form is enough, with a blank or a hyphen between the parts.
PLATE = (
    re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?(?!\w)"),
    re.compile(
        r"(?:[Kk]ennzeichen|[Nn]ummernschild|[Aa]utonummer|[Pp]laka|plate)\b[^\n]{0,20}?(?P<plate>\b[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2} ?\d{1,4}[EH]?)(?!\w)"
    ),
    re.compile(r"(?<![\w-])[A-ZÄÖÜ]{2,3} [A-Z]{2} ?\d{2,4}[EH]?(?!\w)"),
)
