"""Articles for editors: by a few letters of their headline, or by all of their words."""

from django.db.models import Case, F, Q, QuerySet, Value, When

from articles.models import Article
from articles.search.finding import for_desk
from articles.text.slugs import slugify, title_key

#: More words only make a query slower, never better.
MAX_WORDS = 8
MAX_LENGTH = 200


def by_headline(query: str, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return those of `articles` in whose headline every word of `query` begins or stands.

    Best first: headlines that begin with the query, then those with a word that does, then the
    rest; the newest first in each. Case, quotes and punctuation tell nothing apart, in any
    script. A query without a letter finds nothing.
    """
    key = title_key(query[:MAX_LENGTH])
    words = key.split()[:MAX_WORDS]
    if not words:
        return articles.none()
    # On its own this reads the index of headlines, and not the bodies that lie beside them.
    matching = Article.objects.order_by()
    for word in words:
        matching = matching.filter(headline_key__contains=word)
    rank = Case(
        When(headline_key__startswith=key, then=Value(0)),
        When(headline_key__contains=f" {key}", then=Value(1)),
        default=Value(2),
    )
    found = articles.filter(pk__in=matching.values("pk"))
    return found.order_by(rank, F("published_at").desc(nulls_first=True), "-id")


def by_words(query: str, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return those of `articles`, in whatever state, that `query` asks for, as readers ask.

    What readers' search cannot find, because only a part of a word was written, is looked for in
    headlines and addresses. An empty query leaves all.
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
    inside = Article.objects.filter(parts).order_by().values("pk")
    return articles.filter(pk__in=inside)
