"""Places where a value was lost from a sentence ("on , a sequence", "From to , he worked")."""

import re
from dataclasses import dataclass

#: Small words that must be followed by something: nothing but a comma or a stop, set off by a
#: space, follows them where a date, a number or a name was dropped.
_NEEDY = {
    "en": "on in at from to by of since until till for between and with before after during near "
    "about around over under through into than the a an is was were are nearly only over aged",
    "de": "am im um vom bis von zum zur seit in an mit der die das dem den und zwischen auf für "
    "gegen nach vor bei durch aus rund etwa",
    "fr": "le la les du de des en au aux à dans par pour depuis entre et vers avec sur un une",
    "es": "el la los las de del en a al desde hasta por para con entre y un una unos hacia",
    "it": "il la lo gli i di del della dal dalla al alla nel nella da a in per con tra fra e",
    "pt": "o a os as de do da em no na desde até por para com entre e um uma ao à",
    "nl": "op in van tot sinds het de een met voor door en tussen naar aan om bij",
    "pl": "w na z do od po przez dla i o we ze między przed oraz",
    "cs": "v na z do od po pro a o ve ze mezi před při k s",
    "sv": "på i av till från och mellan under för med den det en ett sedan",
    "ru": "в на с от до по к из для и о об между за у во со около более менее",
    "uk": "в у на з від до по і та о об між за із біля понад",
    "tr": "ve ile",
    "ar": "في من إلى على عن منذ حتى بين و مع",
    "he": "ב ל מ של על עם את בין עד מאז ב- ל- מ-",
    "el": "στις στο στη στην από έως με για και του της των το η ο σε μεταξύ",
    "hi": "और",
}
#: A stop or comma with a blank before it: without one there is nothing to look for.
_SET_OFF = re.compile(r"[ \u00a0][,،;.]")
#: In French a blank belongs before a semicolon: only a comma or a stop tells there.
_STOPS = {"fr": ",."}
_BLANK_BEFORE_STOP = {
    language: re.compile(
        rf"(?<![\w'’-])({'|'.join(map(re.escape, words.split()))})[ \u00a0]+"
        # Not the first stop of ". . .", which stands for words left out on purpose.
        rf"[{_STOPS.get(language, ',،;.')}](?=[\s”\"»)]|$)(?! \.)",
        re.IGNORECASE,
    )
    for language, words in _NEEDY.items()
}
#: Words between which a value was lost. "The firm she resigned from and sued", "ties between and
#: within states", "mit Millionen Menschen" are whole: each pattern asks for a neighbour that
#: whole sentences do not have there.
_PAIRS = {
    "en": (
        r"(?<!\bcame )(?<!\bcome )(?<!\bcomes )\bfrom (?:to|until)"
        r"(?=\s*[,.;:)]|\s*$|\s(?:in|at|on|he|she|they|it|we)\b|\s\d)",
        r"\bfrom (?:through|and)(?=\s*[,.;:)]|\s*$)",
        r"\bbetween and"
        r"(?=\s*[,.;:)]|\s*$|\s(?:in|at|on|by|for|as|was|were|he|she|they|it|when|while)\b)",
        r"\b(?:cost|total|worth|sum|price|value|budget|loss|profit|fine|population|average|rate) "
        r"of (?:million|billion|trillion|thousand|percent|per cent)(?![\w-])",
        r"\b(?:an? (?:\w+ )?(?:total|average|population|distance|sum)|population) of (?:euros|"
        r"dollars|pounds|people|kilomet\w+|miles|tonnes|tons|years|days|hours)\b(?!['’])",
        r"\b(?:of|at|to|by|about|nearly|almost|over|than|around|only|cost|costs|rose|fell|worth) "
        r"(?:percent|per cent|%|million|billion|trillion)(?=[\s,.;)])",
        r"\b(?:some|another) (?:percent|per cent|%)(?=[\s,.;)])",
        r"(?<!\bthe )(?<!\bin )(?<!\band )(?<!\bor )(?<![\w(])[$€£]"
        r"(?= (?:million|billion|trillion|in|for|to|and|per|a)\b)",
        r"\bat the age of(?=[,.;]| [,.;]| (?:and|in|he|she|they|after|from)\b)",
        r"\bborn (?:in in|in to|in at|on in|on to|on at)\b(?= (?:[A-Z]|the\b|a\b))",
        r"(?:^|[.!?] )(?:He|She|They|[A-Z]\w+(?: [A-Z]\w+)+) (?:was|were) born (?:in|on) and\b",
        r"\b(?:at|around|before|after|until) [ap]\.m\.",
    ),
    "de": (
        r"\bvom bis\b", r"\bvon bis(?: zu[mr]?)?(?= ?[,.;])", r"\bam um\b",
        r"\bzwischen und\b(?! (?:hinter|unter|über|neben|in|innerhalb|auf|vor|nach|um|mit)\b)",
        r"\b(?:um|auf|rund|etwa|knapp|über) Prozent\b",
        r"\b(?:rund|etwa|knapp) (?:Millionen|Milliarden|Euro)\b",
    ),
    "fr": (
        r"\bdu au\b(?! [A-ZÉ]?\w+ de )", r"\bde à\b",
        r"\bentre et\b(?! (?:au|aux|parmi|avec|dans|sous|sur|autour)\b)",
        r"\b(?:environ|près de|plus de) (?:millions?|milliards?) (?:de\b|d['’])",
        r"\b(?:de|à|environ|près de|plus de) (?:pour cent|%)(?=[\s,.])",
    ),
    "es": (
        r"\bdesde hasta\b", r"\bdel al\b",
        r"\bentre y\b(?! (?:dentro|sobre|bajo|con|para|por)\b)",
        r"\b(?:unos|casi|más de) millones(?=[\s,.])",
        r"\b(?:de|unos|casi|más de) (?:por ciento|%)(?=[\s,.])",
    ),
    "it": (
        r"\bdal al\b", r"\btra e\b(?! (?:dentro|sopra|sotto|con|oltre)\b)",
        r"\bcirca (?:milioni|miliardi)\b", r"\b(?:di|circa) per cento\b",
    ),
    "pt": (
        r"\bentre e\b(?! (?:dentro|sobre|sob|com|para)\b)", r"\bde a ,",
        r"\bcerca de (?:milhões|bilhões)\b", r"\b(?:de|cerca de) por cento\b",
    ),
    "nl": (r"\bvan tot\b(?! [a-z])", r"\btussen en\b(?! (?:onder|achter|binnen|boven|naast)\b)"),
    "ru": (
        r"\bс по(?= [,.])", r"\bс до\b", r"\bмежду и\b",
        r"\b(?:около|более|почти) (?:млн|млрд|процентов)\b",
    ),
    "uk": (r"\bз до\b", r"\bміж та\b", r"\bміж і\b"),
    "zh": (
        # Of the many words that end in these characters (现在, 由于, 甚至) none is here.
        r"(?:出生|成立|创办|毕业|建成|位|始|举行|发生|任职|卒)于(?=[，。])",
        r"(?:^|[，。；])(?:于|在|自|从|至)(?=[，。])",
        r"(?<![\d０-９〇一二三四五六七八九十几多本同当每去今明前后来半近数两上下个全新翌历生])年月日",
        r"(?:于|在|自|至)年月(?=[，。在出])",
        r"(?<![\d岁])月日(?=[，在于的])",
    ),
    "ja": (
        # 年月 (years) and 生年月日 (date of birth) are words.
        r"(?<![\d０-９一二三四五六七八九十生])年月日(?=[に、生])",
        r"(?:[はがも、]|年)月日に",
    ),
    "ko": (r"(?<!\d)년 ?월 ?일,",),
    "ar": (r"\bمن إلى\b", r"\bبين و\s"),
    "he": (r"\bבין ל-?\s", r"\bמ- ?(?:עד|ל-)"),
}  # fmt: skip
_PAIR_PATTERNS = {
    language: re.compile("|".join(f"(?:{pair})" for pair in pairs))
    for language, pairs in _PAIRS.items()
}
#: Two blanks after a word that needs something, and a small word behind them.
_DOUBLE_BLANK = {
    "en": re.compile(
        r"(?<![\w'’-])(?:on|in|at|from|to|by|of|since|until|for|between|with|and|the|about|"
        r"nearly|"
        r"over|worth|aged|named|called|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|President|"
        r"Minister)(?:[ \u00a0]{2,})(?=[a-z])"
    ),
}
#: "(-)" and "(,)" are signs that somebody writes about; "print()" is a name.
_EMPTY_PAIR = re.compile(
    r"(?<![^\s“\"«„])\((?![,;-]\))[\s,;–—-]{0,6}\)|“\s{0,3}”|«\s{0,3}»|„\s{0,3}[“”]|「」|（\s?）"
)
_ANY_COMMA = re.compile(r"(?<=[\w,])[ \u00a0]+,\s?,")
_BORN = re.compile(r"\((?:born|born on|born in|d\.|b\.|geb\.|né le|née le|род\.)\s?[,)]")


@dataclass(frozen=True)
class Gap:
    """A place where a value is missing: its offset and the words around it."""

    offset: int
    excerpt: str


def find_gaps(text: str, language: str = "en", raw: str | None = None) -> list[Gap]:
    """Return the gaps of a paragraph, in order.

    `raw` is the paragraph before its white space was folded: two blanks in a row tell a dropped
    word where one does not, unless the text has them everywhere.
    """
    patterns = [_EMPTY_PAIR, _ANY_COMMA, _BORN]
    if language in _BLANK_BEFORE_STOP and _SET_OFF.search(text):
        patterns.append(_BLANK_BEFORE_STOP[language])
    if language in _PAIR_PATTERNS:
        patterns.append(_PAIR_PATTERNS[language])
    if language == "en":
        patterns.append(_EN_PAIR_TITLE)
    spots = [match.start() for pattern in patterns for match in pattern.finditer(text)]
    return _gaps(text, spots + (_blank_spots(text, language, raw) if raw else []))


def find_blanks(text: str, language: str, raw: str) -> list[Gap]:
    """Return the places where two blanks in a row may stand for a dropped word."""
    return _gaps(text, _blank_spots(text, language, raw))


def _blank_spots(text: str, language: str, raw: str) -> list[int]:
    if language not in _DOUBLE_BLANK or len(re.findall(r"\S[ \u00a0]{2,}\S", raw)) > 3:
        return []
    return _double_blanks(text, raw, _DOUBLE_BLANK[language])


def _gaps(text: str, spots: list[int]) -> list[Gap]:
    gaps: list[Gap] = []
    for spot in sorted(set(spots)):
        if gaps and spot - gaps[-1].offset < 8:
            continue
        gaps.append(Gap(spot, excerpt(text, spot)))
    return gaps


#: "From to , he worked": the same pair at the start of a sentence.
_EN_PAIR_TITLE = re.compile(
    r"\b(?:From (?:to|until|through)|Between and)"
    r"(?= ?[,.]| (?:in|at|on|he|she|they|it|we|the)\b| \d)"
)


def _double_blanks(text: str, raw: str, pattern: re.Pattern[str]) -> list[int]:
    spots = []
    for match in pattern.finditer(raw):
        folded = " ".join(raw[: match.end()].split())
        if text.startswith(folded):
            spots.append(max(0, len(folded) - len(match[0].strip())))
    return spots


def excerpt(text: str, spot: int, before: int = 24, after: int = 32) -> str:
    """Return the words around an offset, cut at words."""
    start = max(0, spot - before)
    if start:
        start = text.find(" ", start, spot) + 1 or start
    end = min(len(text), spot + after)
    if end < len(text):
        end = max(text.rfind(" ", spot + 8, end), spot + 8)
    return text[start:end].strip()
