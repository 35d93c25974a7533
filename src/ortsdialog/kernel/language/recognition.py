"""Which of the languages of the tables a text is written in. A guess, to be shown to a person and never to be obeyed.

Two ways. `py3langid` (the extra `languages`) knows all of them but Tigrinya, which its script gives away. Without
it there are scripts, letters and small words alone: the base installation carries no 70 MB of NumPy for a hint,
and recognises fewer texts, not other ones. Where it is not clear, both say nothing: a hint that is wrong
every tenth time is not read any more.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

from ortsdialog.kernel.language import SPOKEN_LANGUAGES

# Fewer letters than these are no sentence: "OK" is a word of half the world.
FEWEST_LETTERS = 8
# By how much the logarithm of the best language's probability must lead. Measured on sentences of one to twelve words:
# below 3 every tenth answer to a lone word is wrong, above 8 every tenth sentence gets none.
LEAD = 4.0
# A text is cut here: a guess needs no more, and the worker's time is everybody's.
MOST_CHARACTERS = 600

_ETHIOPIC = re.compile("[\u1200-\u137f]")
# Signs and words that Tigrinya writes and Amharic does not.
_TIGRINYA = re.compile("[ኣቐቑቒቓቔቕቖኸኹኺኻኼኽኾ]|እዩ|እያ|የለን|ዘይ|ንምን")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-zà-öø-ÿāăąćčĉċđēęěğģıłńňőœřśşșťţțūůűźżžẍ]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# Letters that one language of ours has alone within its script, and small words that are frequent in it. A word that
# two of ours share stands in neither list, or in both and then decides nothing.
_LETTERS: dict[str, str] = {
    "de": "ß",
    "fr": "èàùœ",
    "tr": "ğış",
    "ku": "îûê",
    "sq": "ë",
    "uk": "іїєґ",
    "ru": "ыэъё",
    "fa": "پچژگکی",
    "ar": "ةىيك",
}
# Half a point each: also written elsewhere, but telling where nothing contradicts.
_TENDENCIES: dict[str, str] = {"de": "äöü", "tr": "öüç", "sq": "ç", "fr": "éêçîôû", "ku": "şç"}
_WORDS: dict[str, str] = {
    "de": """der die das und ist nicht ein eine einen einem es wir ich sie zu mit für auf im den dem von auch mehr
        wird werden haben hat kann soll sollte sind bei nach aus noch nur sehr wenn dass uns oder aber keine kein zum
        zur vor mir gibt muss wer wie was viel viele über fehlt fehlen brauchen bitte alle am""",
    "en": """the and is not to of we are for in it have with that this you more there should would can be my our
        they on no please need too but from at who what when where all very was were has had keep""",
    "fr": """de en le les des est pas une un du et pour dans que qui nous avec il elle sont plus sur ce cette au aux on
        ne mais trop très tout fait faut avons être ont mes nos où aussi sans chez je pour""",
    "tr": """ve bir bu için çok daha var yok ama olsun bize biz ben değil gibi kadar ne lazım her da olan bizim
        sonra istiyorum ihtiyacımız icin cok lazim degil nasıl kim hiç herkes yeni olması""",
    "ku": """ji bo li û ku em ez di de jî ne bi ev her gelek me re kî divê hebe hene nîne tune dixwazim dikare min te
        wan hemû piştî ber zarok zarokan heye xwe pir""",
    "so": """waa waxaan iyo oo ka ku in ah aan aad ayaa ma la ay uu loo kuma naga noo leh meel inay waxay badan fadlan
        lama hadda laakiin dhan qof dad dadka baahannahay rabaa rabnaa buu markii haystaan yaa""",
    "sq": """dhe është nuk për një në të me nga që se ka më shumë ne janë edhe por kemi duhet na si kush pas te duam
        mund këtë kjo duhen nje per eshte shume pa mos kur jane""",
    "uk": """і та не в у на що це ми для немає є нам з як але дуже треба потрібен потрібно хто більше після також
        щоб або мені ще нас був була були де""",
    "ru": """и не в на что это мы для нет нам с как но очень надо нужно нужен нужна кто больше после тоже чтобы или мне
        ещё еще нас был была были где бы все""",
    "ar": """في من على إلى لا ما هذا هذه نحن أن التي الذي مع بعد يجب نريد نحتاج كل عند جدا كثيرا ليس هناك عن أيضا
        لنا أكثر""",
    "fa": """و در به از که این است را با برای ما هم نیست باید می من خیلی یک بود باشد هر آن ها همه کم نداریم داریم
        لطفا چه کسی خانه""",
}
_SOMALI, _NOT_SOMALI = re.compile("aa|ee|oo|uu|dh|x[aeiou]"), re.compile("[pvz]")
_ARTICLE = re.compile(r"^(?:و|ب|ل|ف|ك)?ال..")


def recognise(text: str) -> str:
    """The code of the language a text is written in; empty where it cannot be told, or is none of ours."""
    text = text[:MOST_CHARACTERS]
    if sum(character.isalpha() for character in text) < FEWEST_LETTERS:
        return ""
    if _ETHIOPIC.search(text):
        return "ti" if _TIGRINYA.search(text) else ""
    return by_model(text) if find_spec("py3langid") else by_words(text)


def by_model(text: str) -> str:
    """What the statistical model says, where it leads clearly and the language is one of ours."""
    (best, score), (_, second) = _ranked(text)[:2]
    return best if best in SPOKEN_LANGUAGES and score - second >= LEAD else ""


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # an extra; half a second and 100 MB to load

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _ranked(text: str) -> list[tuple[str, float]]:
    ranked: list[tuple[str, float]] = _model().rank(text)
    return ranked


def by_words(text: str) -> str:
    """What scripts, letters and small words say; for installations without the extra."""
    text = text.lower()
    counts = [len(script.findall(text)) for script in (_LATIN, _CYRILLIC, _ARABIC_SCRIPT)]
    known = (("de", "en", "fr", "tr", "ku", "so", "sq"), ("uk", "ru"), ("ar", "fa"))
    candidates = known[counts.index(max(counts))] if max(counts) else ()
    words = _WORD.findall(text)
    points = {code: _points(code, text, words) for code in candidates}
    ranked = sorted(points.items(), key=lambda item: -item[1])
    if len(ranked) < 2 or ranked[0][1] < 2 or ranked[0][1] < 1.5 * ranked[1][1] or 5 * ranked[0][1] < len(words):
        return ""
    return ranked[0][0]


@cache
def _small_words(code: str) -> frozenset[str]:
    return frozenset(_WORDS.get(code, "").split())


def _points(code: str, text: str, words: list[str]) -> float:
    found = sum(1.0 for word in words if word in _small_words(code))
    found += sum(1.5 for letter in _LETTERS.get(code, "") if letter in text)
    found += sum(0.5 for letter in _TENDENCIES.get(code, "") if letter in text)
    if code == "ar":
        found += sum(1.0 for word in words if _ARTICLE.match(word))
    if code == "so":
        # Long vowels and the letter pair "dh" in a language without p, v and z.
        found += sum(
            0.5 for word in words if re.search("aa|ee|oo|uu|dh|x[aeiou]", word) and not re.search("[pvz]", word)
        )
    return found
