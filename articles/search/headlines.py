"""Articles for editors: by a few letters of their headline, or by all of their words."""

from django.db.models import Case, F, Q, QuerySet, Subquery, Value, When

from articles.models import Article
from articles.search.finding import for_desk
from articles.text.slugs import slugify, title_key

#: More words only make a query slower, never better.
MAX_WORDS = 8
MAX_LENGTH = 200
#: Articles with a date, and as many without, in which parts of words are looked for: the newest.
NEWEST = 2_000
#: Older ones that are found by a beginning; and by their words, unless so many were found already.
MOST_OLDER, ENOUGH = 50, 10


def by_headline(query: str, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return those of `articles` in whose headline every word of `query` begins or stands.

    Best first: headlines that begin with the query, then those with a word that does, then the
    rest; the newest first in each. Case, quotes and punctuation tell nothing apart, in any
    script. A query without a letter finds nothing. Behind the newest (`NEWEST`), headlines are
    found that begin with the query, and, where these are few, stories that readers' search finds.
    """
    key = title_key(query[:MAX_LENGTH])
    words = key.split()[:MAX_WORDS]
    if not words:
        return articles.none()
    parts = Q(*(Q(headline_key__contains=word) for word in words))
    inside, has_more = _newest_with(parts)
    if has_more:
        begins = Article.objects.filter(headline_key__gte=key, headline_key__lt=f"{key}\uffff")
        older = list(begins.order_by("headline_key").values_list("pk", flat=True)[:MOST_OLDER])
        if len(inside[:ENOUGH]) < ENOUGH:
            older += for_desk(query, articles, MOST_OLDER)
        inside = inside.union(Article.objects.order_by().filter(pk__in=older).values("pk"))
    rank = Case(
        When(headline_key__startswith=key, then=Value(0)),
        When(headline_key__contains=f" {key}", then=Value(1)),
        default=Value(2),
    )
    found = articles.filter(pk__in=inside)
    return found.order_by(rank, F("published_at").desc(nulls_first=True), "-id")


def by_words(query: str, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return those of `articles`, in whatever state, that `query` asks for, as readers ask.

    What readers' search cannot find, because only a part of a word was written, is looked for in
    headlines and addresses of the newest. An empty query leaves all.
    """
    if not query.strip():
        return articles
    keys = for_desk(query, articles)
    if keys:
        return articles.filter(pk__in=keys)
    words = title_key(query[:MAX_LENGTH]).split()[:MAX_WORDS]
    slug = slugify(query[:MAX_LENGTH], fallback="")
    parts = Q(*(Q(headline_key__contains=word) for word in words)) if words else Q(pk__in=())
    if slug:
        parts |= Q(slug__contains=slug)
    inside, _has_more = _newest_with(parts)
    return articles.filter(pk__in=inside)


def _newest_with(parts: Q) -> tuple[QuerySet, bool]:
    """Return the keys of those of the newest articles for which `parts` holds, and whether there
    are older ones.

    parts: of headlines and addresses alone. These lie beside the dates in an index, so that no
    article is read for them; dated ones and those without a date each in a stretch of it.
    """
    every = Article.objects.order_by("-published_at", "-id")
    dated, undated = every.filter(published_at__isnull=False), every.filter(published_at=None)
    behind = slice(NEWEST, NEWEST + 1)
    bounds = Subquery(dated.values("published_at")[behind]), Subquery(undated.values("pk")[behind])
    last, first = every.values_list(*bounds)[:1].first() or (None, None)
    if last is not None:
        dated = dated.filter(published_at__gt=last)
    if first is not None:
        undated = undated.filter(pk__gt=first)
    keys = (some.order_by().filter(parts).values("pk") for some in (dated, undated))
    # As one set: of alternatives PostgreSQL looks through all articles.
    return next(keys).union(next(keys)), last is not None or first is not None
