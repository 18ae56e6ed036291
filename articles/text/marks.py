"""Marks that a writer left for later ("TK", "[insert name]", "XXX") and words that fill a page.

"TK" (to come) is also a company, a health insurer, an airline's code, a currency and somebody's
initials; "XXX" is also a number. Each pattern asks for what tells a mark from those.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.text.gaps import excerpt


@dataclass(frozen=True)
class Mark:
    """A mark left in a text: its offset and the words around it."""

    offset: int
    excerpt: str


#: What every mark has in it: most paragraphs have none of these, and are done.
_SIGNS = ("tk", "xx", "[", "{", "todo", "fixme", "lorem", "dolor sit")
#: Marks in any language.
_ANYWHERE = re.compile(
    r"(?<!\w)(?:TK){2,}(?!\w)"
    r"|(?<!\w)TK(?:[ ,]{1,2}TK){1,20}(?!\w)"
    r"|\[[^\[\]\n]{0,40}(?<!\w)TK(?!\w)[^\[\]\n]{0,40}\]"
    r"|\[\s?(?:x{2,}|\?{1,6}|\.{0,3}\s?to come|to be confirmed|placeholder|todo|fixme"
    r"|citation needed|name|names|date|place|quote|byline|caption"
    r"|(?:insert|add|check|confirm)\b[^\[\]\n]{0,60}"
    r"|Platzhalter|à compléter|por completar|da completare|уточнить)\s?\]"
    r"|\{\{[^{}\n]{0,60}\}\}|\$\{[^{}\n]{0,60}\}"
    r"|\blorem[ \u00a0]ipsum\b|\bdolor sit amet\b",
    re.IGNORECASE,
)
#: Capitals only: "fixme" is no word either, but "xx" and "xxx" are kisses.
_CAPITALS = re.compile(
    r"(?<![\w-])FIXME(?![\w-])|(?<![\w-])TODO:"
    r"|(?<!\w)[$€£]XX+(?!\w)"
    r"|(?<![\w.])XX\.XX\.(?:XX(?:XX)?)?(?!\w)"
    r"|(?<![\w-])XX(?=(?:\s?%|[ \u00a0](?:percent|per cent|million|billion|people|years|euros|"
    r"Prozent|Millionen|Jahre|pour cent|millions|por ciento|millones)\b))"
)
_XXX = re.compile(r"(?<![\w-])XXX+(?![\w-])")
#: What stands beside XXX where it is the number thirty, a rating or an Australian beer.
_NUMBERED = re.compile(
    r"(?:\b(?:Bowl|WrestleMania|Olympiad|Games|Chapter|Psalm|Volume|Vol\.|Act|Article|Part|Book|Canto|"
    r"Section|Title|Band|Kapitel|Artikel|Buch|chapitre|tome|livre|capítulo|tomo|libro|canto|"
    r"Castlemaine|the|rated|Legio|Legion)|глава|том)\s$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"^\s(?:Olympiad|Olympic|Corps|Army|Legion|Ulpia|Congress|International|beer|lager|brewery|"
    r"Gold|Bitter|rated|film|films|movie|movies|cinema|siglo|Armeekorps)\b",
    re.IGNORECASE,
)
#: A mark of its own, in English: no part of a word, a name ("TK Maxx", "TK Oommen"), a flight
#: or a sum ("TK 1923", "500 TK"), an address ("shop.tk"), nor a word in quotes.
_ALONE = re.compile(
    r"(?<![\w.@/#“\"'‘«-])(?<!\d )(?:TK|tk)(?![\w@/”\"'’»-])(?!\.\w)(?!\s?\d)(?! [A-Z])"
)
#: A text that has a TK with a name behind it means that by TK.
_NAME = re.compile(
    r"(?<!\w)TK[ -][A-Z][a-z]|(?<!\w)T\w{1,30}[ -]?[Kk]\w{0,30} \(TK\)"
    r"|(?<!\w)T\w{1,30}(?: \w{1,30})? K\w{1,30} \(TK\)"
)
_BRACKETED = re.compile(r"\(TK\)")


def is_named(texts: Iterable[str]) -> bool:
    """Whether one of the paragraphs of a text says what it calls TK."""
    return any("TK" in text and _NAME.search(text) for text in texts)


def find_marks(text: str, language: str = "en", *, tk_is_a_name: bool = False) -> list[Mark]:
    """Return the marks of a paragraph in order.

    `tk_is_a_name`: the text it belongs to calls something TK (`is_named`).
    """
    small = text.lower()
    if not any(sign in small for sign in _SIGNS):
        return []
    spots = [match.start() for match in _ANYWHERE.finditer(text)]
    spots += [match.start() for match in _CAPITALS.finditer(text)]
    for match in _XXX.finditer(text):
        before, after = text[max(0, match.start() - 16) : match.start()], text[match.end() :][:16]
        if not _NUMBERED.search(before) and not _NUMBERS.match(after):
            spots.append(match.start())
    if language.startswith("en") and not tk_is_a_name and not _NAME.search(text):
        spots += [match.start() for match in _ALONE.finditer(text)]
        spots += [match.start() for match in _BRACKETED.finditer(text)]
    marks: list[Mark] = []
    for spot in sorted(set(spots)):
        if marks and spot - marks[-1].offset < 8:
            continue
        marks.append(Mark(spot, excerpt(text, spot)))
    return marks
