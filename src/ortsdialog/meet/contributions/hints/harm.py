"""Threats and insults, in the languages at the tables. Short lists of words that leave little doubt."""

from __future__ import annotations

import re

_YOU = r"(?:dich|euch|ihn|sie|die|den|diese|alle|denen|dir|ihnen|Dich|Euch|Sie|den Bürgermeister|die Bürgermeisterin|dem|der)"


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


THREAT = _all(
    rf"\b(?:bring\w{{0,2}}|mach\w{{0,2}}|schlag\w{{0,2}}|stech\w{{0,2}}|knall\w{{0,2}}|schie(?:ß|ss)\w{{0,2}}|leg\w{{0,2}}) (?:ich |wir )?{_YOU} (?:alle |bald |noch |jetzt )?(?:um|kalt|tot|ab|fertig|zusammen|nieder)\b",
    rf"\b{_YOU} (?:\w{{1,15}} ){{0,3}}(?:umbringen|abknallen|abstechen|erschie(?:ß|ss)en|aufhängen|aufgehängt|totschlagen|kaltmachen|verbrennen|anzünden|abfackeln|vergasen|zusammenschlagen|verprügeln|plattmachen|aufschlitzen)\b",
    r"\b(?:umbringen|umgebracht|abknallen|abgeknallt|abstechen|erschossen werden|aufhängen|aufgehängt|an die wand stellen|an die wand gestellt|vergasen|totgeschlagen|totschlagen|gelyncht|lynchen|am nächsten baum|kopf ab|an den galgen|ins gas)\b",
    r"\b(?:wir|ich) (?:wissen|weiß|weiss|finden?|kriegen?|kommen?),? (?:\w{1,15} ){0,4}(?:wo (?:du|ihr|sie|er) wohn\w{1,3}|dich noch|euch noch|dich schon|euch alle)\b",
    r"\b(?:zünden|zünde|zündet|fackeln|fackel|brennen|brenne) (?:wir |ich )?(?:das|die|den|euch|ihnen|dir|denen|alles) (?:\w{1,20} ){0,4}(?:an|ab|nieder)\b",
    r"\b(?:soll(?:en|te|ten)? |gehör(?:en|t) )(?:\w{1,20} ){0,4}(?:brennen|krepieren|verrecken|sterben|erschossen)\b",
    r"\bdu bist (?:tot|dran|fällig|der nächste)\b|\b(?:verreck\w{0,2}|krepier\w{0,2})\b|\bpass(?:t)? (?:nur |bloß )?auf,? (?:sonst|wenn du|dass dir|auf dich auf, )",
    r"\b(?:eine )?(?:bombe|brandsatz|molotow\w*) (?:ins|in|aufs|auf|werfen|legen)\b|\bkugel (?:in den|durch den) kopf\b",
    r"\b(?:i will|i'll|we will|we'll|gonna|going to) (?:kill|shoot|stab|burn|beat|hurt) |\b(?:kill|shoot|hang) (?:them|you|him|her|all)\b|\bi know where you live\b",
    r"\b(?:je vais|on va) (?:te|le|la|les|vous) (?:tuer|frapper|brûler|buter)\b|\bje sais où tu habites\b",
    r"\b(?:seni|sizi|onu|onları|hepinizi) (?:öldür|vur|yak|gebert|döv)\w*|\bnerede oturduğunu biliyorum\b",
    r"(?:\u0633\u0623\u0642\u062a\u0644|\u0633\u0627\u0642\u062a\u0644|\u0633\u0646\u0642\u062a\u0644|\u0623\u0642\u062a\u0644\u0643|\u0627\u0642\u062a\u0644\u0643|\u0633\u0623\u0630\u0628\u062d|\u0633\u0646\u062d\u0631\u0642|\u0633\u0623\u062d\u0631\u0642|\u0627\u0644\u0645\u0648\u062a \u0644)\w*",
    r"\b(?:\u0432\u0431'?\u044e|\u0443\u0431\u044c\u044e|\u0443\u0431\u044c\u0451\u043c|\u0432\u0431'\u0454\u043c\u043e|\u0437\u0430\u0440\u0456\u0436\u0443|\u0437\u0430\u0440\u0435\u0436\u0443|\u0441\u043f\u0430\u043b\u044e|\u0441\u043f\u0430\u043b\u0438\u043c\u043e|\u0441\u043e\u0436\u0433\u0443|\u043f\u043e\u0432\u0456\u0441\u0438\u0442\u0438|\u0437\u0430\u0441\u0442\u0440\u0435\u043b\u044e)\b",
)

INSULT = _all(
    r"\b(?:arschl\w{1,6}|arschgesicht\w*|wichser\w*|hurens\w{2,5}|fotzen?|schlampen?|missgeburt\w*|drecksack|drecks(?:pack|volk|kerl\w*|schwein\w*|kanake\w*|leute)|scheiß(?:kerl|typ|ausländer|kanake)\w*|kanake\w{0,2}|nigger\w*|neger\w{0,2}|judensau|saujude\w*|zigeuner(?:pack|gesindel)|untermensch\w*|volksverräter\w*|hackfresse\w*|vollidiot\w*|vollpfosten|spast(?:i|is|en)?|mongo|schwuchtel\w*|kümmeltürk\w*|kameltreiber\w*|kopftuchmädchen|abschaum|gesindel|parasiten|schmarotzer\w*|dreckspack|bastard\w*|hurensohn|dummschwätzer\w*|lügenschwein\w*|arsch|nutten?|penner)\b",
    r"\b(?:idiot\w{0,3}|trottel\w?|depp\w{0,3}|lügner\w{0,3}|versager\w{0,3}|dummkopf|dummköpfe|blödmann|blödmänner|verbrecherpack|mistkerl\w?|dreckschwein\w?)\b",
    r"\b(?:du|ihr|seid|sind|bist|ist|so ein|so eine|diese|dieser) (?:(?:alle|alles|doch|nur|einfach|ja|ein|eine|lauter|bloß|blöde\w?|dumme\w?|fette\w?|faule\w?|dreckige\w?|linke\w?|miese\w?) ){1,3}(?:schweine?|sau|säue|ratten?|ungeziefer|dreck|abfall|müll|affen?|hunde?|esel|pack|kuh|kühe|viecher)\b",
    r"\bdu (?:schwein|sau|ratte|affe|hund|esel|opfer|kuh)\b",
    r"\b(?:fuck(?:ing|er|ers)?|bitch(?:es)?|asshole\w*|bastards?|scum|whores?|cunt|motherfucker\w*|idiots?)\b",
    r"\b(?:connards?|salopes?|putains?|enculés?|fils de pute|sale (?:arabe|juif|noir|race))\b",
    r"\b(?:orospu\w*|piç\w{0,4}|şerefsiz\w*|amk|siktir\w*|göt\w{0,3}|it oğlu it|gerizekalı\w*|aptal\w{0,4})\b",
    r"(?<!\w)(?:\u0643\u0644\u0628|\u0643\u0644\u0627\u0628|\u062d\u0645\u0627\u0631|\u062d\u0645\u064a\u0631|\u0642\u062d\u0628\u0629|\u0634\u0631\u0645\u0648\u0637\u0629|\u0627\u0628\u0646 \u0627\u0644\u0643\u0644\u0628|\u062e\u0646\u0632\u064a\u0631|\u062e\u0646\u0627\u0632\u064a\u0631|\u062d\u0642\u064a\u0631|\u0632\u0628\u0627\u0644\u0629)(?!\w)",
    r"\b(?:\u0441\u0443\u043a\u0430|\u0441\u0443\u043a\u0438|\u0431\u043b\u044f\u0434\u044c|\u0431\u043b\u044f\u0442\u044c|\u0445\u0443\u0439\w*|\u043f\u0456\u0434\u0430\u0440\w*|\u043f\u0438\u0434\u043e\u0440\w*|\u0443\u0431\u043b\u044e\u0434\w*|\u0432\u0438\u0440\u043e\u0434\w*|\u043c\u0440\u0430\u0437\u044c|\u043c\u0440\u0430\u0437[\u0438\u0456]|\u0442\u0432\u0430\u0440\u0438|\u0456\u0434\u0456\u043e\u0442\w*|\u0438\u0434\u0438\u043e\u0442\w*|\u0434\u0435\u0431\u0456\u043b\w*|\u0434\u0435\u0431\u0438\u043b\w*)\b",
)
