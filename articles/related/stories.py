"""Articles as nearness sees them: their words are weighed and kept, and read again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles.models import (
    Article,
    KeyTerm,
    Neighbour,
    StoryTerms,
    TaggedArticle,
    TermCount,
    TermRound,
    Translation,
)
from articles.related.scoring import Story, tag_weight
from articles.text.likeness import sketch
from articles.text.terms import primary
from articles.text.weights import (
    BODY,
    HEADLINE,
    KEYS,
    STANDFIRST,
    Terms,
    frequencies,
    key_of,
    weighed,
)

NAME = "related"
#: Values in one query: databases take only so many at once.
_NAMED = 5_000

Kind = TermCount.Kind


@dataclass(frozen=True)
class Counts:
    """The counts of one round: how many public stories there were, and how many had what."""

    number: int
    stories: int

    def of(self, kind: str, keys: Iterable[int]) -> dict[int, int]:
        """Return how many stories have each of `keys`; what only one has is not in it."""
        wanted, found = sorted(set(keys)), {}
        for start in range(0, len(wanted), _NAMED):
            rows = TermCount.objects.filter(
                number=self.number, kind=kind, key__in=wanted[start : start + _NAMED]
            )
            found |= dict(rows.values_list("key", "stories"))
        return found

    def tag_weights(self, tags: Iterable[int]) -> dict[int, float]:
        """Return the weight of each tag, by its number."""
        tags = set(tags)
        known = self.of(Kind.TAG, tags)
        return {tag: tag_weight(known.get(tag, 1), self.stories) for tag in tags}


def counts_in_force() -> Counts:
    """Return the counts that are in force; round 0 has none."""
    row = TermRound.objects.filter(name=NAME).values_list("number", "stories").first()
    return Counts(*(row or (0, 0)))


def parts_of(article: Any) -> list[tuple[str, float]]:
    """Return the texts of an article (or what is like one) with how much a word of each counts."""
    return [
        (article.headline, HEADLINE),
        (article.standfirst, STANDFIRST),
        (article.body_text, BODY),
    ]


def whole_text(article: Any) -> str:
    """Return all words of an article: two briefs of one sentence differ by their headlines."""
    return "\n".join(text for text, _counts in parts_of(article))


def weigh(articles: Iterable[Any], counts: Counts) -> Iterator[tuple[Any, Terms]]:
    """Yield each article with its weightiest words."""
    found = [(one, *frequencies(parts_of(one), one.language)) for one in articles]
    keys = {
        (primary(one.language), term): key_of(one.language, term)
        for one, often, _written in found
        for term in often
    }
    languages = {language: key_of(language, "") for language, _term in keys}
    known = counts.of(Kind.WORD, keys.values())
    all_stories = counts.of(Kind.LANGUAGE, languages.values())
    for one, often, written in found:
        language = primary(one.language)
        yield (
            one,
            weighed(
                often,
                written,
                {term: known.get(keys[language, term], 1) for term in often},
                all_stories.get(languages.get(language, 0), 1),
            ),
        )


def describe(pks: Iterable[int], counts: Counts) -> set[int]:
    """Weigh the words of these articles and keep them; return which of them are public.

    What is not public has no neighbours any more; what is gone has no words.
    """
    pks = set(pks)
    public = Article.objects.published(found=True).filter(pk__in=pks)
    listed = set(public.values_list("pk", flat=True))
    articles = Article.objects.filter(pk__in=pks).only(
        "headline", "standfirst", "body_text", "language"
    )
    rows, keys = [], {}
    for article, terms in weigh(articles, counts):
        keys[article.pk] = {key_of(article.language, term) for term, *_rest in terms[:KEYS]}
        rows.append(
            StoryTerms(
                article=article,
                language=primary(article.language),
                terms=terms,
                sketch=sketch(whole_text(article)),
                is_listed=article.pk in listed,
                words_round=counts.number,
            )
        )
    names = ("language", "terms", "sketch", "is_listed", "words_round")
    with transaction.atomic():
        StoryTerms.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["article"], update_fields=names
        )
        _keep_keys(pks, keys)
        StoryTerms.objects.filter(article__in=pks - set(keys)).delete()
        Neighbour.objects.filter(article__in=pks - listed).delete()
    return listed


def _keep_keys(pks: set[int], keys: dict[int, set[int]]) -> None:
    had: dict[int, set[int]] = defaultdict(set)
    gone = []
    for row, pk, key in KeyTerm.objects.filter(article__in=pks).values_list(
        "pk", "article_id", "key"
    ):
        had[pk].add(key)
        if key not in keys.get(pk, ()):
            gone.append(row)
    for start in range(0, len(gone), _NAMED):
        KeyTerm.objects.filter(pk__in=gone[start : start + _NAMED]).delete()
    KeyTerm.objects.bulk_create(
        [
            KeyTerm(article_id=pk, key=key)
            for pk, wanted in keys.items()
            for key in sorted(wanted - had[pk])
        ],
        batch_size=2_000,
        ignore_conflicts=True,
    )


def stories_of(pks: Iterable[int], counts: Counts, *, listed: bool = True) -> dict[int, Story]:
    """Return the stories of these numbers, those alone that may stand in lists unless told so."""
    pks = set(pks)
    rows = StoryTerms.objects.filter(article__in=pks)
    if listed:
        rows = rows.filter(is_listed=True)
    facts = list(
        rows.values_list(
            "article_id",
            "language",
            "terms",
            "sketch",
            "article__section_id",
            "article__published_at",
        )
    )
    tags = tags_of(pks)
    weights = counts.tag_weights(tag for ours in tags.values() for tag in ours)
    groups = dict(Translation.objects.filter(article__in=pks).values_list("article_id", "group"))
    return {
        pk: Story(
            pk=pk,
            language=language,
            weights={term: weight for term, weight, _written in terms},
            written={term: written for term, _weight, written in terms},
            sketch=frozenset(hashes),
            tags={tag: weights[tag] for tag in tags.get(pk, ())},
            section=section,
            moment=moment,
            group=str(groups[pk]) if pk in groups else None,
        )
        for pk, language, terms, hashes, section, moment in facts
    }


def tags_of(pks: Iterable[int]) -> dict[int, list[int]]:
    """Return the numbers of each article's tags."""
    found: dict[int, list[int]] = defaultdict(list)
    held = TaggedArticle.objects.filter(content_object__in=set(pks)).order_by()
    for pk, tag in held.values_list("content_object_id", "tag_id"):
        found[pk].append(tag)
    return dict(found)
