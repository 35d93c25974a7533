"""Names of people. German writes every noun with a capital, so a capital alone says nothing: the words around do."""

from __future__ import annotations

import re

_CAPITAL = r"[A-ZÄÖÜÁÉÇŞİŠŽĆĐ]"
_WORD = rf"{_CAPITAL}[\wäöüßáéçşğıšžćđ'’]{{1,24}}"
_NAME = rf"{_WORD}(?:-{_WORD})?"

# Offices and people in general, whom "Herr" and "Frau" precede without naming anybody.
OFFICES = frozenset(
    [
        "Bürgermeister",
        "Bürgermeisterin",
        "Oberbürgermeister",
        "Oberbürgermeisterin",
        "Landrat",
        "Landrätin",
        "Minister",
        "Ministerin",
        "Präsident",
        "Präsidentin",
        "Doktor",
        "Professor",
        "Professorin",
        "Pfarrer",
        "Pfarrerin",
        "Stadtrat",
        "Stadträtin",
        "Gemeinderat",
        "Ortsvorsteher",
        "Ortsvorsteherin",
        "Vorsitzende",
        "Vorsitzender",
        "Direktor",
        "Direktorin",
        "Rektor",
        "Rektorin",
        "Lehrer",
        "Lehrerin",
        "Nachbar",
        "Nachbarin",
        "Kollege",
        "Kollegin",
        "Moderator",
        "Moderatorin",
        "Kanzler",
        "Kanzlerin",
        "Wirt",
        "Schultes",
        "Amtsleiter",
        "Amtsleiterin",
        "Beigeordnete",
        "Beigeordneter",
        "Abgeordnete",
        "Abgeordneter",
        "Kommandant",
        "Doktorin",
        "Richter",
        "Richterin",
        "Staatssekretär",
        "Imam",
        "Bischof",
        "Holle",
        "Doktorand",
    ]
)
# What follows "heißt", "mein Nachbar" and the like without being a name.
NO_NAMES = frozenset(
    [
        "Der",
        "Die",
        "Das",
        "Ein",
        "Eine",
        "Es",
        "Er",
        "Sie",
        "Wir",
        "Ich",
        "Und",
        "Aber",
        "Nein",
        "Ja",
        "Hier",
        "Dort",
        "Im",
        "Am",
        "In",
        "An",
        "Auf",
        "Mit",
        "Von",
        "Vom",
        "Zum",
        "Zur",
        "Für",
        "Wenn",
        "Weil",
        "Dass",
        "Da",
        "Den",
        "Dem",
        "Des",
        "Haus",
        "Straße",
        "Bus",
        "Auto",
        "Garten",
        "Hund",
        "Deutsch",
        "Deutschland",
        "Arabisch",
        "Ukrainisch",
        "Türkisch",
        "Englisch",
        "Vereine",
        "Verein",
        "Freiheit",
        "Demokratie",
        "Heimat",
        "Zukunft",
        "Integration",
        "Politik",
        "Arbeit",
        "Leben",
        "Teilhabe",
        "Rücksicht",
        "Respekt",
        "Verantwortung",
        "Stillstand",
        "Bürokratie",
        "Warten",
        "Verzicht",
        "Chaos",
        "Leerstand",
        "Parkplatz",
        "Stau",
        "Lärm",
        "Geld",
        "Zeit",
        "Kinder",
        "Schule",
        "Stadt",
        "Dorf",
        "Gemeinde",
        "Menschen",
        "Leute",
        "Frauen",
        "Männer",
        "Jugend",
        "Bahnhof",
        "Markt",
        "Rathaus",
        "Platz",
        "Projekt",
        "Bäcker",
        "Bäckerei",
        "Arzt",
        "Ärztin",
        "Lehrer",
        "Landwirt",
        "Rentner",
        "Feuerwehr",
        "Handwerker",
        "Syrer",
        "Ukrainer",
        "Türke",
        "Familie",
        "Ältere",
        "Junge",
        "Nachbarschaft",
        "Alle",
        "Viele",
        "Manche",
        "Keine",
        "Kein",
        "Mehr",
        "Weniger",
        "Bürger",
        "Bürgerinnen",
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Lindenbronn",
        "Platzmangel",
        "Barrierefreiheit",
        "Miteinander",
        "Wohnraum",
        "Nichts",
        "Neues",
        "Ehrenamt",
        "Fahrrad",
    ]
)
# Given names that are no other word: few, common, of the languages at the tables.
_GIVEN = (
    "Ahmad|Ahmed|Mohammed|Mohamed|Muhammad|Mehmet|Mustafa|Hassan|Hussein|Ibrahim|Khaled|Fatima|Fatma|Aisha|Ayşe|Ayse|"
    "Zeynep|Emine|Yusuf|Omar|Layla|Samir|Nour|Oleksandr|Olena|Oksana|Iryna|Natalia|Natalija|Serhij|Serhiy|Andrij|"
    "Dmytro|Svetlana|Tetiana|Volodymyr|Anna|Maria|Peter|Thomas|Michael|Andreas|Stefan|Christian|Markus|Martin|"
    "Sabine|Petra|Monika|Claudia|Susanne|Ursula|Renate|Brigitte|Heike|Julia|Katharina|Wolfgang|Jürgen|Klaus|Günter|"
    "Günther|Helmut|Manfred|Uwe|Frank|Hans|Karl|Heinz|Gerhard|Dieter|Bernd|Rainer|Werner|Horst|Jens|Sven|Daniel|"
    "Sebastian|Tobias|Florian|Lukas|Jonas|Leon|Laura|Lena|Sarah|Lisa|Sandra|Nicole|Stefanie|Melanie|Anja|Birgit|"
    "Angelika|Ingrid|Gisela|Hannelore|Elke|Erika|John|David|Robert|James|Mary|Jean|Pierre|Marie"
)
_SURNAMES = (
    "Müller|Schmidt|Meier|Meyer|Maier|Mayer|Hoffmann|Schulz|Schulze|Schäfer|Krüger|Lehmann|Schmitt|Schmid|Huber|"
    "Yılmaz|Yilmaz|Kaya|Demir|Öztürk|Shevchenko|Kowalenko|Ivanov|Nowak|Zimmermann|Krause|Neumann|Schröder|Böhm|Wagner"
)
_KIN = (
    r"(?:Nachbarin|Nachbar|Chef|Chefin|Vermieter|Vermieterin|Kollege|Kollegin|Freund|Freundin|Bruder|Schwester|Sohn|"
    r"Tochter|Mann|Frau|Lehrer|Lehrerin|Ärztin|Arzt|Trainer|Trainerin|Kumpel|Mieter|Hausmeister|Sachbearbeiter|"
    r"Sachbearbeiterin|Wirt|Onkel|Tante)"
)

NAME = (
    re.compile(
        rf"\b(?:Herrn?|Frau|Fr\.|Hr\.|Fräulein|Familie|Fam\.|Eheleute|Ehepaar) (?:(?:Dr|Prof)\.? (?:med\. )?)*(?:von |van |zu |de |Al-|al-)?(?P<name>{_NAME}(?: {_NAME})?)"
    ),
    re.compile(rf"\b(?:Dr|Prof)\. (?:Dr\. |med\. )*(?P<name>{_NAME})"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Mister|Monsieur|Madame)\.? (?P<name>{_NAME}(?: {_NAME})?)"),
    re.compile(
        rf"\b(?:mein|meine|unser|unsere|der|die|dem|den|sein|seine|ihr|ihre|Mein|Meine|Unser|Unsere|Der|Die) {_KIN} (?:heißt |namens )?(?P<name>{_NAME}(?: {_NAME})?)"
    ),
    re.compile(
        rf"\b(?:[Ii]ch|[Ee]r|[Ss]ie|Kind|Junge|Mädchen|Sohn|Tochter|Mann|Frau) hei(?:ß|ss)[te]?t? (?P<name>{_NAME}(?: {_NAME})?)(?=[\s.,!?;:)]|$)"
    ),
    re.compile(rf"\b[Mm]ein Name ist (?P<name>{_NAME}(?: {_NAME})?)"),
    re.compile(rf"\b(?:namens|[Gg]enannt wird er|[Nn]ame:) (?P<name>{_NAME}(?: {_NAME})?)"),
    re.compile(rf"\b[Mm]y name is (?P<name>{_NAME}(?: {_NAME})?)|\b(?:called|named) (?P<named>{_NAME}(?: {_NAME})?)"),
    re.compile(rf"\b[Jj]e m['’]appelle (?P<name>{_NAME}(?: {_NAME})?)"),
    re.compile(
        rf"\b(?:[Bb]enim )?(?:[Aa]dım|[İI]smim) (?P<name>{_NAME}(?: {_NAME})?)|(?P<bey>{_WORD}) (?:Bey|Hanım|Amca|Abla)\b"
    ),
    re.compile(rf"\b(?P<name>(?:{_GIVEN})(?:-(?:{_GIVEN}))?(?: (?:von|van|el|al|Al|El))?[ -]{_WORD})(?![\w-])"),
    re.compile(rf"\b(?P<name>{_WORD} (?:{_SURNAMES}))\b"),
    # Arabic: "my name is", "Mr", "Mrs", "my neighbour".
    re.compile(
        r"(?:\u0627\u0633\u0645\u064a|\u0627\u0633\u0645\u0647|\u0627\u0633\u0645\u0647\u0627|\u0627\u0644\u0633\u064a\u062f|\u0627\u0644\u0633\u064a\u062f\u0629|\u0627\u0644\u0623\u0633\u062a\u0627\u0630|\u0627\u0644\u062f\u0643\u062a\u0648\u0631) (?P<name>[\u0621-\u064a]{2,15}(?: [\u0621-\u064a]{2,15})?)"
    ),
    # Ukrainian and Russian: "my name is", "Mr", "neighbour".
    re.compile(
        r"(?:[\u041c\u043c]\u0435\u043d\u0435 \u0437\u0432\u0430\u0442\u0438|[\u041c\u043c]\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442|[\u041f\u043f]\u0430\u043d|[\u041f\u043f]\u0430\u043d\u0456|[\u0421\u0441]\u0443\u0441\u0456\u0434|[\u0421\u0441]\u0443\u0441\u0456\u0434\u043a\u0430|[\u0421\u0441]\u043e\u0441\u0435\u0434|[\u0413\u0433]\u043e\u0441\u043f\u043e\u0434\u0438\u043d) (?P<name>[\u0410-\u042f\u0406\u0407\u0404][\u0430-\u044f\u0456\u0457\u0454']{2,20}(?: [\u0410-\u042f\u0406\u0407\u0404][\u0430-\u044f\u0456\u0457\u0454']{2,20})?)"
    ),
)
# What a person is seldom called: such ends make places, things and abstractions.
_THINGS = re.compile(
    r"(?:ung|heit|keit|schaft|tion|straße|strasse|platz|weg|haus|schule|stadt|dorf|verein|amt|bus|bahn|halle|kirche|"
    r"park|garten|markt|zentrum|brücke|raum|räume|kinder|leute|ismus|tät|ments?|Str)$"
)


def is_name(match: re.Match[str]) -> bool:
    """Whether the words can be somebody's; "Herr Bürgermeister" names nobody."""
    words = match.group(match.lastgroup or 0).split()
    first = words[0]
    return first not in OFFICES and first not in NO_NAMES and not _THINGS.search(words[-1])
