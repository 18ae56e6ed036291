"""What the index knows of an article: its words by field, as terms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from articles.models import Article, Byline, FormerTagName, TaggedArticle
from articles.text.terms import LONGEST, fold, pairs, stem, words

#: Fields of a document, in the order in which engines keep them.
TEXTS = ("headline", "standfirst", "tags", "byline", "section", "body")
#: Fields whose words say what a story is about.
HEAD = ("headline", "standfirst", "tags", "byline")
#: The term of every document, and of those that readers may see.
EVERY, PUBLIC = "_every", "_public"
#: Stands between the names of a field, so that no phrase reaches from one into the next.
GAP = "_"
_ID_BITS = 30
#: Terms of a body that are kept: a book of 40,000 words is still found by its beginning.
MOST_TERMS = 40_000


@dataclass(frozen=True, slots=True)
class Document:
    """One article. place: its order in time; due: when readers will see it, as a timestamp.

    texts: terms by field, with spaces between; vocabulary: (word, term) -> the word as written.
    """

    place: int
    article: int
    section: int | None
    due: int | None
    is_public: bool
    texts: dict[str, str]
    vocabulary: dict[tuple[str, str], str]

    @property
    def flags(self) -> str:
        return f"{EVERY} {PUBLIC}" if self.is_public else EVERY

    @property
    def packed(self) -> str:
        """Its words with their terms, as `unpacked` reads them."""
        return " ".join(f"{word}:{term}" for word, term in self.vocabulary)


def unpacked(words: str) -> list[tuple[str, str]]:
    """Return the (word, term) pairs of a document whose words were packed."""
    return [(word, term) for word, _sign, term in (pair.partition(":") for pair in words.split())]


def place_of(moment: datetime, key: int = 0) -> int:
    """Return a number that orders articles by time, and by key within a second."""
    return (int(moment.timestamp()) << _ID_BITS) | (key & ((1 << _ID_BITS) - 1))


def moment_of(place: int) -> int:
    """Return the timestamp in a place."""
    return place >> _ID_BITS


def documents(keys: Iterable[int]) -> Iterator[Document]:
    """Yield the documents of those articles that there are; four queries for all of them."""
    keys = list(keys)
    articles = Article.objects.filter(pk__in=keys).select_related("section").order_by("pk")
    names: dict[int, list[str]] = defaultdict(list)
    tags: dict[int, list[int]] = defaultdict(list)
    of_tag: dict[int, list[str]] = defaultdict(list)
    tagged = TaggedArticle.objects.filter(content_object__in=keys).order_by("id")
    for key, tag, name in tagged.values_list("content_object_id", "tag_id", "tag__name"):
        tags[key].append(tag)
        of_tag[tag] = [name]
    former = FormerTagName.objects.filter(tag__in=list(of_tag)).order_by("id")
    for tag, name in former.values_list("tag_id", "name"):
        of_tag[tag].append(name)
    bylines = Byline.objects.filter(article__in=keys).order_by("position", "id")
    for key, name in bylines.values_list("article_id", "author__name"):
        names[key].append(name)
    now = timezone.now()
    wanted = articles.only(
        "status", "headline", "standfirst", "body_text", "language", "published_at", "created_at",
        "embargo_until", "section__name", "section__slug",
    )  # fmt: skip
    for article in wanted.iterator(chunk_size=200):
        topics = [name for tag in tags[article.pk] for name in of_tag[tag]]
        yield document(article, topics, names[article.pk], now)


def document(article: Article, topics: list[str], authors: list[str], now: datetime) -> Document:
    """Return the document of one article. topics: names of its tags, former ones too."""
    section = article.section
    fields = {
        "headline": [article.headline],
        "standfirst": [article.standfirst],
        "tags": topics,
        "byline": authors,
        "section": [section.name, section.slug] if section else [],
        "body": [article.body_text],
    }
    vocabulary: dict[tuple[str, str], str] = {}

    texts = {
        name: f" {GAP} ".join(
            " ".join(_terms(value, article.language, vocabulary)) for value in values
        )
        for name, values in fields.items()
    }
    coming = [
        moment
        for moment in (article.published_at, article.embargo_until)
        if moment and moment > now
    ]
    return Document(
        place=place_of(article.published_at or article.created_at, article.pk),
        article=article.pk,
        section=article.section_id,
        due=int(max(coming).timestamp()) + 1 if coming else None,
        is_public=article.is_public,
        texts=texts,
        vocabulary=vocabulary,
    )


def _terms(text: str, language: str, vocabulary: dict[tuple[str, str], Any]) -> list[str]:
    found: list[str] = []
    for word in words(text):
        if len(found) >= MOST_TERMS:
            break
        if word.unspaced:
            found.extend(pairs(word.written))
            continue
        pair, shown = _forms(word.written, language)
        if pair[1]:
            found.append(pair[1])
            vocabulary.setdefault(pair, shown)
    return found


@lru_cache(maxsize=100_000)
def _forms(written: str, language: str) -> tuple[tuple[str, str], str]:
    """Return the folded word with its term, and the word as it is shown."""
    plain = written.replace(".", "")
    return (fold(plain)[:LONGEST], stem(plain, language)), plain[:LONGEST].lower()
