"""What a reader may be typing: stories, topics, authors and sections, while they type."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Value

from articles.models import Article, Author, FormerTagName, Listing, Section, Tag
from articles.search import engine
from articles.search.asking import Part, clause
from articles.search.finding import languages_of
from articles.search.ranking import rank, shares
from articles.search.seam import Known, Spelling, Wanted
from articles.text.slugs import slugify
from articles.text.terms import Word, fold, words

#: Characters and words that are read.
LONGEST, MOST_WORDS = 80, 6
#: Lines of stories, and of all else.
STORIES, NAMES = 6, 3
#: Words that a beginning may stand for.
COMPLETIONS = 12
#: Spellings that a word may have been meant to be.
MEANT = 3
#: A beginning of one letter stands for too much.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: story, topic, author or section."""

    kind: str
    title: str
    address: str


def suggest(text: str) -> list[Suggestion]:
    """Return what `text`, whose last word may be unfinished, may lead to; names first.

    Stories are found by their headline, standfirst, topics and authors. Only what readers may see
    is suggested; any text is answered.
    """
    text = text.replace("\0", " ")[:LONGEST]
    typed = list(words(text))[:MOST_WORDS]
    if not typed:
        return []
    is_open = typed[-1].end == len(text)
    if len(typed) == 1 and not typed[0].unspaced and len(fold(typed[0].written)) < SHORTEST:
        return []
    stories = list(_stories(typed, is_open))
    return [*_names(text), *stories]


def _stories(typed: list[Word], is_open: bool) -> Iterator[Suggestion]:
    languages = languages_of(" ".join(word.written for word in typed))
    clauses = [clause(Part(word.written), languages) for word in typed]
    folded = [fold(word.written) for word in typed]
    known = engine().know(sorted(set(folded)), sorted({t for one in clauses for t in one.terms}))
    last = typed[-1]
    if is_open and not last.unspaced:
        found = engine().beginning(folded[-1], COMPLETIONS)
        clauses[-1] = _with(clauses[-1], found, known)
    lost = [
        word
        for word, one in zip(folded, clauses, strict=True)
        if one.word and not any(known.frequency.get(term) for term in one.terms)
    ]
    if lost:
        near = engine().near(lost)
        clauses = [
            _with(one, near.get(word, ())[:MEANT], known)
            for word, one in zip(folded, clauses, strict=True)
        ]
    scope = Article.objects.published(found=True)
    required = tuple(one for one in clauses if one.ways)
    wanted = Wanted(required, shares=shares(required, known))
    candidates = rank(engine().find(wanted, scope, 0), required, (), known)[:STORIES]
    if not candidates:
        return
    order: dict[int, int] = {one.article: place for place, one in enumerate(candidates)}
    stories: Any = scope.filter(pk__in=list(order)).only("headline", "slug", "published_on")
    for story in sorted(stories, key=lambda story: order[story.pk]):
        yield Suggestion("story", story.headline, story.get_absolute_url())


def _with(one: Any, found: Any, known: Known) -> Any:
    spelling: Spelling
    for spelling in found:
        known.frequency[spelling.term] = max(
            known.frequency.get(spelling.term, 0), spelling.stories
        )
    ways = tuple(dict.fromkeys([*one.ways, *((spelling.term,) for spelling in found)]))
    return replace(one, ways=ways, terms=frozenset(term for way in ways for term in way))


def _names(text: str) -> Iterator[Suggestion]:
    """Topics, authors and sections with public stories, a word of whose name begins so."""
    start = slugify(text, fallback="")
    if len(start) < SHORTEST:
        return
    begins = Q(slug__startswith=start) | Q(slug__contains=f"-{start}")
    public = Article.objects.published().order_by()
    listed = Article.objects.published(found=True).order_by()
    listed = listed.filter(listings__owner=OuterRef("pk"))
    queries = []
    for kind, model, stories in (
        ("section", Section, public.filter(section=OuterRef("pk"))),
        ("topic", Tag, listed.filter(listings__kind=Listing.Kind.TAG)),
        ("author", Author, listed.filter(listings__kind=Listing.Kind.AUTHOR)),
    ):
        named = begins
        if model is Tag:
            # By any name it has or had, it is offered once, under the name of today.
            named |= Q(pk__in=FormerTagName.objects.filter(begins).values("tag"))
        rows = model.objects.order_by().filter(named, Exists(stories))
        queries.append(
            rows.annotate(kind=Value(kind, CharField())).values_list("kind", "name", "slug")
        )
    models = {"section": Section, "topic": Tag, "author": Author}
    first, *rest = queries
    for kind, name, slug in first.union(*rest, all=True).order_by("name")[:NAMES]:
        yield Suggestion(kind, name, models[kind](slug=slug).get_absolute_url())
