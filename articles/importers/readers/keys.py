"""Compare lines with the vocabulary: what a line comes down to, and tables of phrases."""

import re
import unicodedata
from collections.abc import Iterable

from articles.text.numbers import plain_digits

_NOT_WORD = re.compile(r"[^\w#]+|_+")
_NUMBER = re.compile(r"\d[\d.,'’\u00a0\u202f ]*(?<=[\d])(?:\s?[kKmM](?!\w))?")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MARKS = re.compile("[\u064b-\u0652\u0591-\u05c7]")
#: Words that may follow where a phrase ends in "*".
_REST_WORDS = 9
_REST_CJK = 24


def line_key(text: str) -> str:
    """Return what tells lines apart: case, punctuation, symbols and digits do not.

    "12 Comments »" and "3 comments" both give "# comments".
    """
    text = plain_digits(text.replace("’", "'")).replace("İ", "i").casefold()
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFC", text))
    return _NOT_WORD.sub(" ", _NUMBER.sub(" # ", text)).strip()


class Phrases:
    """A table of phrases; `in` tells whether a key is one of them."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.exact: set[str] = set()
        self.prefixes: dict[str, list[tuple[str, str]]] = {}
        for table in tables:
            for entry in table.split("|"):
                self._add(entry.strip())

    def _add(self, entry: str) -> None:
        if not entry:
            return
        # "# comments" is kept as line_key writes it; "*" is no part of a word.
        before, star, after = entry.partition("*")
        before = line_key(before)
        if not before.strip("# "):
            # A number alone names nothing.
            return
        if not star:
            self.exact.add(before)
            return
        self.prefixes.setdefault(before[:2], []).append((before, line_key(after)))

    def __contains__(self, key: str) -> bool:
        if key in self.exact:
            return True
        return any(
            key.startswith(before) and _fits(key[len(before) :], after)
            for before, after in self.prefixes.get(key[:2], ())
        )


def _fits(rest: str, after: str) -> bool:
    """Whether `rest` is a gap of a few words and then `after`."""
    if rest and rest[0] != " " and not _CJK.match(rest[0]):
        return False
    rest = rest.strip()
    if after:
        if not rest.endswith(after):
            return False
        rest = rest[: -len(after)].strip()
    return len(rest) <= _REST_CJK if _CJK.search(rest) else rest.count(" ") < _REST_WORDS


def words_of(text: str) -> int:
    """Return the number of words; two ideographs count as one."""
    ideographs = len(_CJK.findall(text))
    return ideographs // 2 + len(_CJK.sub(" ", text).split())
