"""Which way a language is written, and which way words are."""

import re

#: Primary subtags of languages written from right to left (CLDR, characterOrder).
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"}
)


def direction(language: str) -> str:
    """Return the `dir` of a BCP 47 language tag: "rtl" or "ltr"."""
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


_LETTER = re.compile(r"[^\W\d_]")
#: Hebrew to Arabic, with the forms that are kept apart for print.
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def has_other_direction(words: str, than: str) -> bool:
    """Whether `words` may have parts that are not written the way of `than`, a `dir`.

    Cheap where it matters: most bodies from left to right hold no other letter.
    """
    return than == "rtl" or _FROM_THE_RIGHT.search(words) is not None


def direction_of(words: str) -> str:
    """Return the `dir` of most letters in `words`; "" without any."""
    letters = len(_LETTER.findall(words))
    if not letters:
        return ""
    return "rtl" if 2 * len(_FROM_THE_RIGHT.findall(words)) > letters else "ltr"
