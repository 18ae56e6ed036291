"""Addresses made from words in any script."""

import re
import unicodedata

from anyascii import anyascii

MAX_LENGTH = 120
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def slugify(title: str, fallback: str = "story", max_length: int = MAX_LENGTH) -> str:
    """Return an ASCII slug of at most `max_length` characters, cut at a word.

    Letters of other scripts are transliterated ("Москва" -> "moskva", "北京" -> "bei-jing"), so
    that the address survives every mail program and chat. Apostrophes vanish ("Xi's" -> "xis").
    A title without a single letter or digit gives `fallback`.
    """
    latin = anyascii(_APOSTROPHES.sub("", title))
    if not title.isascii():
        # The transliteration writes one capitalised syllable per ideograph: "BeiJing".
        latin = _CAMEL.sub("-", latin) if _has_ideographs(title) else latin
    slug = _NOT_WORD.sub("-", _APOSTROPHES.sub("", latin).lower()).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = cut or slug[:max_length]
    return slug.strip("-") or fallback


def _has_ideographs(text: str) -> bool:
    return any(
        "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff" for char in text
    )


def title_key(title: str) -> str:
    """Return what two spellings of one title have in common: "" for a title with no letters.

    Case, punctuation, quote style, accents' composition and width do not tell titles apart.
    Used to connect a related-news line with the article of that title.
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", _APOSTROPHES.sub("", folded)))[:300]
