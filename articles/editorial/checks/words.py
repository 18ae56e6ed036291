"""Checkers of the words: what was lost from them, left in them, or never written."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.editorial.checks.issue import Issue
from articles.models import Article
from articles.text.bodies import Body, read_body
from articles.text.furniture import is_furniture
from articles.text.gaps import find_blanks, find_gaps
from articles.text.marks import find_marks, is_named

#: Places that one checker quotes; of a text with more faults than these, it tells how many.
MOST_QUOTED = 8
#: Letters of a block of furniture that a message quotes.
_QUOTED_LETTERS = 60


def holes(article: Article, at: datetime) -> Iterator[Issue]:
    """Places where a value was lost: "on , a sequence"."""
    language = _language(article)
    places = [
        (field, excerpt) for field, text in _texts(article) for excerpt in _holes_in(text, language)
    ]
    yield from _quoted(places, _("Something is missing here: “%(place)s”."))


# The gate looks after every save, and most paragraphs are what they were.
@lru_cache(maxsize=2_000)
def _holes_in(text: str, language: str) -> tuple[str, ...]:
    return tuple(gap.excerpt for gap in find_gaps(text, language))


def blanks(article: Article, at: datetime) -> Iterator[Issue]:
    """Two blanks where a word may have been: a slip of the thumb, or a value that was lost."""
    language = _language(article)
    places = [
        ("body", gap.excerpt)
        for block in _read(article).blocks
        for gap in find_blanks(block.text, language, block.raw)
    ]
    yield from _quoted(places, _("Two blanks: is a word missing here? “%(place)s”"))


def marks(article: Article, at: datetime) -> Iterator[Issue]:
    """What a writer left for later: "TK", "[insert name]"."""
    language = _language(article)
    texts = list(_texts(article))
    if article.picture is not None:
        picture = article.picture
        texts += [("picture", text) for text in (picture.alt, picture.caption, picture.credit)]
    named = is_named(text for _field, text in texts)
    places = [
        (field, mark.excerpt)
        for field, text in texts
        for mark in find_marks(text, language, tk_is_a_name=named)
    ]
    yield from _quoted(places, _("Something was left for later here: “%(place)s”."))


def furniture(article: Article, at: datetime) -> Iterator[Issue]:
    """Parts of a web page that are no part of the story: share bars, "Read more"."""
    places = [
        ("body", _shortened(block.text) if block.text else _("an empty item of a list"))
        for block in _read(article).blocks
        if is_furniture(block)
    ]
    yield from _quoted(places, _("This is no part of the story: “%(place)s”."))


def headings(article: Article, at: datetime) -> Iterator[Issue]:
    """Headings are a table of contents: they begin at the second level and leave none out."""
    level = 1
    for heading in _read(article).headings:
        found = int(heading.tag[1])
        if not heading.text:
            yield Issue("body", _("A heading has no words."))
        elif found > level + 1:
            text = _("The heading “%(heading)s” is of level %(found)d, where %(wanted)d follows.")
            words = {"heading": _shortened(heading.text), "found": found, "wanted": level + 1}
            yield Issue("body", text % words, excerpt=_shortened(heading.text))
        level = found


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """Yield every text that readers or search engines get, with the name of its field."""
    for field in ("headline", "standfirst"):
        yield field, getattr(article, field)
    for block in _read(article).blocks:
        yield "body", block.text
    for field in ("seo_title", "seo_description"):
        yield field, getattr(article, field)


def _read(article: Article) -> Body:
    return read_body(article.body)


def _language(article: Article) -> str:
    """The language without its region: "en-gb" and "en_GB" are "en"."""
    return article.language.replace("_", "-").partition("-")[0].lower()


def _quoted(places: list[tuple[str, str]], sentence: str) -> Iterable[Issue]:
    for field, place in places[:MOST_QUOTED]:
        yield Issue(field, sentence % {"place": place}, excerpt=place)
    if more := len(places) - MOST_QUOTED:
        if more < 0:
            return
        text = ngettext(
            "One more place of that kind follows.",
            "%(number)d more places of that kind follow.",
            more,
        )  # fmt: skip
        yield Issue(places[MOST_QUOTED][0], text % {"number": more})


def _shortened(text: str) -> str:
    if len(text) <= _QUOTED_LETTERS:
        return text
    return text[:_QUOTED_LETTERS].rpartition(" ")[0].rstrip(" ,;:") + "…"
