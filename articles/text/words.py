"""Words of any script, as the steps in which a text is compared."""

import re
import unicodedata

# Scripts that put no spaces between words: each letter, with its marks, is a step of its own.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_MARKS = "".join(
    chr(code)
    for start, end in ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3099, 0x309B))
    for code in range(start, end)
    if unicodedata.category(chr(code)).startswith("M")
)
# Zero-width joiners (U+200C, U+200D) belong to the words that they join.
_POINTS = (
    r"!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965"
    r"\u2000-\u200b\u200e-\u206f\u20a0-\u20cf\u2190-\u23ff\u3000-\u303f\uff01-\uff0f\uff1a-\uff20"
    r"\uff3b-\uff40\uff5b-\uff65"
)
_LETTER = rf"[^\s{_POINTS}{_UNSPACED}]"
#: One step: a word, a number, a letter of a script without spaces, or a point.
TOKEN = re.compile(
    # A word, with an apostrophe in it, or a number with its separators.
    rf"{_LETTER}+(?:['’](?={_LETTER}){_LETTER}+|(?<=\d)[.,](?=\d){_LETTER}+)*"
    rf"|[{_UNSPACED}][{_MARKS}\ufe00-\ufe0f]*"
    r"|\S"
)
#: A step that is such a letter.
UNSPACED = re.compile(rf"[{_UNSPACED}]")


class Words:
    """The words of a text, and the space that stands before each of them and at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.spans: list[tuple[int, int]] = []
        for match in TOKEN.finditer(text):
            self.tokens.append(match.group())
            self.spans.append(match.span())

    def gap(self, place: int) -> str:
        start = self.spans[place - 1][1] if place else 0
        end = self.spans[place][0] if place < len(self.spans) else len(self.text)
        return self.text[start:end]

    def text_between(self, first: int, last: int) -> str:
        """The words from `first` up to `last`, each with the space before it."""
        if first == last:
            return ""
        start = self.spans[first - 1][1] if first else 0
        return self.text[start : self.spans[last - 1][1]]
