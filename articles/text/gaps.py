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
_BLANK_BEFORE_STOP = {
    language: re.compile(
        rf"(?<![\w'’-])({'|'.join(map(re.escape, words.split()))})[ \u00a0]+[,،;.](?=[\s”\"»)]|"
        rf"$)",
        re.IGNORECASE,
    )
    for language, words in _NEEDY.items()
}
_PAIRS = {
    "en": (
        r"(?<!\bcame )(?<!\bcome )(?<!\bcomes )\bfrom (?:to|until|through|and)\b(?! from)",
        r"\bbetween and\b",
        r"\b(?:cost|total|worth|sum|price|value|budget|loss|profit|fine|population|average|rate) "
        r"of (?:million|billion|trillion|thousand|percent|per cent|euros|dollars|pounds|people|"
        r"kilomet\w+|miles|tonnes|tons|years|days|hours)\b",
        r"\b(?:of|at|to|by|about|nearly|almost|over|than|around|only|some|another|cost|costs|"
        r"rose|"
        r"fell|worth) (?:percent|per cent|%|million|billion|trillion)(?=[\s,.;)])",
        r"[$€£](?= (?:million|billion|trillion|in|for|to|and|per|a)\b)",
        r"\bat the age of(?=[,.;]| [,.;]| (?:and|in|he|she|they|after|from)\b)",
        r"\bborn (?:in|on) (?:in|and|to|at)\b",
        r"\b(?:at|around|before|after|until) [ap]\.m\.",
    ),
    "de": (
        r"\bvom bis\b", r"\bvon bis (?:zu[mr]? )?(?=[,.\w])", r"\bzwischen und\b", r"\bam um\b",
        r"\b(?:von|mit|auf|um|rund|etwa|über) (?:Prozent|Millionen|Milliarden|Euro)\b",
    ),
    "fr": (
        r"\bdu au\b(?! [A-ZÉ]?\w+ de )", r"\bentre et\b", r"\bde à\b",
        r"\b(?:de|à|environ|près de|plus de) (?:millions?|milliards?|pour cent|%)(?=[\s,.])",
    ),
    "es": (
        r"\bdesde hasta\b", r"\bentre y\b", r"\bdel al\b",
        r"\b(?:de|unos|casi|más de) (?:millones|por ciento|%)(?=[\s,.])",
    ),
    "it": (r"\bdal al\b", r"\btra e\b", r"\b(?:di|circa) (?:milioni|miliardi|per cento)\b"),
    "pt": (r"\bentre e\b", r"\bde a ,", r"\b(?:de|cerca de) (?:milhões|bilhões|por cento)\b"),
    "nl": (r"\bvan tot\b(?! [a-z])", r"\btussen en\b"),
    "ru": (
        r"\bс по(?= [,.])", r"\bс до\b", r"\bмежду и\b",
        r"\b(?:около|более|почти) (?:млн|млрд|процентов)\b",
    ),
    "uk": (r"\bз до\b", r"\bміж та\b", r"\bміж і\b"),
    "zh": (
        r"(?:于|在|自|从|至)(?=[，。])",
        r"(?<![\d０-９〇一二三四五六七八九十几多本同当每去今明前后来半近数两上下个全新翌历])年月日?",
        r"(?<!\d)月日(?=[，在于的])",
    ),
    "ja": (r"(?<![\d０-９一二三四五六七八九十])年月日?", r"(?<![\d０-９毎])月日(?=[、に])"),
    "ko": (r"(?<!\d)년 ?월 ?일",),
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
_EMPTY_PAIR = re.compile(r"\([\s,;–—-]{0,6}\)|“\s{0,3}”|«\s{0,3}»|„\s{0,3}[“”]|「」|（\s?）")
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
    spots: list[int] = []
    patterns = [_EMPTY_PAIR, _ANY_COMMA, _BORN]
    patterns += [
        table[language] for table in (_BLANK_BEFORE_STOP, _PAIR_PATTERNS) if language in table
    ]
    for pattern in patterns:
        spots += [match.start() for match in pattern.finditer(text)]
    for match in re.finditer(_EN_PAIR_TITLE, text) if language == "en" else ():
        spots.append(match.start())
    if raw and language in _DOUBLE_BLANK and len(re.findall(r"\S {2,}\S", raw)) <= 3:
        spots += _double_blanks(text, raw, _DOUBLE_BLANK[language])
    gaps: list[Gap] = []
    for spot in sorted(set(spots)):
        if gaps and spot - gaps[-1].offset < 8:
            continue
        gaps.append(Gap(spot, excerpt(text, spot)))
    return gaps


#: "From to , he worked": the same pair at the start of a sentence.
_EN_PAIR_TITLE = re.compile(r"\b(?:From (?:to|until|through)|Between and)\b(?=[ ,])")


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
