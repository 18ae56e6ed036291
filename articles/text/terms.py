"""Terms: what two spellings of one word have in common, in any script.

A text is cut into words, a word is folded (case, accents and points tell nothing apart) and
stemmed by the rules of its language (Snowball, https://snowballstem.org). Scripts that put no
spaces between words are cut into overlapping pairs of letters, as search engines have long done
(Lucene's CJK analyser): every word of two letters and more is then a row of pairs.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import snowballstemmer

#: No word is longer; what is longer is no word, and would swell an index.
LONGEST = 48


def _ranges(codes: Iterable[int]) -> str:
    """Return `codes` (ascending) as the inside of a character class."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)


#: Signs that belong to the letter before them, of every script in the first two planes.
_MARKS = _ranges(code for code in range(0x20000) if unicodedata.category(chr(code))[0] == "M")
#: Joiners and soft hyphens stand inside words and say nothing.
_SILENT = "\u00ad\u200c\u200d\u2060\ufeff"
# Thai to Burmese, kana, Han and Hangul. Korean has spaces, but hangs its particles on the word.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_APOSTROPHE = "'’ʼ＇"
_WORD = re.compile(
    rf"(?P<run>(?:(?=\w)[{_UNSPACED}][{_MARKS}{_SILENT}]*)+)"
    # Letters with full stops between them are one word: U.S., z.B.
    rf"|(?P<dotted>(?<!\w)(?:[^\W\d_{_UNSPACED}]\.){{2,}}(?:[^\W\d_{_UNSPACED}](?!\w))?)"
    rf"|(?P<word>(?:(?![{_UNSPACED}])[^\W_])(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}{_SILENT}])*)"
)
_POSSESSIVE = re.compile(rf"(?<=\w)[{_APOSTROPHE}][sS](?!\w)")
_CLUSTER = re.compile(rf".[{_MARKS}]*", re.DOTALL)

# Marks that a reader may leave out: those of Latin, Greek and Cyrillic, Hebrew and Arabic points.
# Marks of Indian and East Asian scripts are letters of their own right.
_OPTIONAL_MARKS = (
    (0x0300, 0x0370), (0x0483, 0x048A), (0x0591, 0x05BE), (0x05BF, 0x05C0), (0x05C1, 0x05C3),
    (0x05C4, 0x05C6), (0x05C7, 0x05C8), (0x0610, 0x061B), (0x064B, 0x0660), (0x0670, 0x0671),
    (0x06D6, 0x06DD), (0x06DF, 0x06E5), (0x06E7, 0x06E9), (0x06EA, 0x06EE), (0x08D3, 0x0900),
    (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xFE00, 0xFE10), (0xFE20, 0xFE30),
)  # fmt: skip
#: Letters that no decomposition takes apart, and letters that keyboards swap.
_PLAIN = str.maketrans(
    {chr(code): None for first, last in _OPTIONAL_MARKS for code in range(first, last)}
    | dict.fromkeys([*_SILENT, *_APOSTROPHE, "\u0640", "\0"])
    | {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n", "ŧ": "t", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ٱ": "ا",
    }
)  # fmt: skip

_ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: Letters that Hebrew writes together with the word behind them: and, the, in, as, to, from, that.
_HEBREW_PREFIXES = "והבכלמש"
_HEBREW = re.compile("[\u05d0-\u05ea]")


class Word(NamedTuple):
    """A word as it stands in a text. start, end: its place; unspaced: a run without spaces."""

    written: str
    start: int
    end: int
    unspaced: bool = False


def fold(text: str) -> str:
    """Return `text` without what tells spellings of one word apart: case, accents, points, width.

    Folding twice is folding once.
    """
    if text.isascii():
        return text.lower().translate(_PLAIN)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", apart.translate(_PLAIN))


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in order, in any script; the English 's is no part of one."""
    text = _POSSESSIVE.sub(lambda found: " " * len(found.group()), text)
    for found in _WORD.finditer(text):
        yield Word(found.group(), found.start(), found.end(), found.lastgroup == "run")


def primary(language: str) -> str:
    """Return the language of a code, without its region or script: "en" of "en-GB"."""
    return language.lower().replace("_", "-").partition("-")[0]


_stemmers = threading.local()


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the folded stem of `word` in `language` (any BCP 47 code); folded only without rules.

    A stem is no word: "universities" gives "universiti".
    """
    plain = fold(word)[:LONGEST]
    algorithm = _ALGORITHMS.get(primary(language))
    if algorithm is None or len(plain) < 3 or any(char.isdecimal() for char in plain):
        return plain
    # A stemmer keeps its word while it works: each thread has its own.
    known = _stemmers.__dict__
    stemmer = known.get(algorithm) or known.setdefault(
        algorithm, snowballstemmer.stemmer(algorithm)
    )
    # Rules are written for accents as the language writes them; they go afterwards.
    whole = unicodedata.normalize("NFKC", word).lower().translate(dict.fromkeys(map(ord, _SILENT)))
    return fold(stemmer.stemWord(whole[:LONGEST])) or plain


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of letters of a run without spaces, its last letter alone too.

    The last letter alone lets one letter be looked for as the beginning of a term.
    """
    letters = _CLUSTER.findall(fold(run))
    return [*(a + b for a, b in pairwise(letters)), *letters[-1:]]


def terms(text: str, language: str) -> list[str]:
    """Return the terms of `text` in order: stems of its words, pairs of letters of its runs."""
    found: list[str] = []
    for word in words(text):
        if word.unspaced:
            found.extend(pairs(word.written))
        elif term := stem(word.written.replace(".", ""), language):
            found.append(term)
    return found


def exact_terms(text: str) -> list[str]:
    """Return the words of `text` in order, folded and not stemmed; runs are left out."""
    found = (
        fold(word.written.replace(".", ""))[:LONGEST] for word in words(text) if not word.unspaced
    )
    return [word for word in found if word]


def spellings(word: str, languages: Iterable[str]) -> list[str]:
    """Return the terms under which texts in `languages` may hold `word`, the likeliest first.

    word: as typed, perhaps without its accents; no run without spaces. Hebrew writes small words
    and the next one as one: "ירושלים" is found in "בירושלים" and the other way round.
    """
    plain = fold(word)[:LONGEST]
    found: dict[str, None] = {}
    for language in languages:
        found[stem(word, language)] = None
        found[stem(plain, language)] = None
    found[plain] = None
    if _HEBREW.match(plain) and len(plain) > 1:
        if plain[0] in _HEBREW_PREFIXES and len(plain) > 3:
            found[plain[1:]] = None
        found.update(dict.fromkeys(prefix + plain for prefix in _HEBREW_PREFIXES))
    return [term for term in found if term]
