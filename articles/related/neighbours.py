"""Related news: what the desk chose first, then the nearest stories, as they were computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from articles.conf import conf
from articles.models import Article, DroppedNeighbour, Neighbour, RelatedLink
from articles.models.prepared import Given, Prepared


@dataclass(frozen=True)
class RelatedStory:
    """One line of related news; `url` is "" for a story that is not (yet) here."""

    title: str
    url: str
    authors: str
    day: date | None
    views: int | None
    article: Article | None = None


def related_news(article: Article, size: int | None = None) -> list[RelatedStory]:
    """Return at most `size` stories: curated links in their order, then the kept neighbours.

    A link whose target readers may not see shows what its source said of the story, without an
    address. One query beside the links', and nothing is computed.
    """
    size = conf("RELATED_SIZE") if size is None else size
    links = article.curated[:size]
    targets = Article.objects.filter(pk__in=[link.target_id for link in links if link.target_id])
    # A copy that was never saved has no neighbours.
    cards = _cards(timezone.now(), article.pk or 0, targets.order_by().values("pk"), size)
    return _stories(links, cards, size)


def related_to(pk: int) -> list[RelatedStory]:
    """Return the related news of the article with that key; two queries."""
    size = conf("RELATED_SIZE")
    return _stories(
        _links(size).rows(pk=pk), _kept_cards(size).rows(now=timezone.now(), pk=pk), size
    )


@lru_cache(8)
def _links(size: int) -> Prepared:
    return Prepared(lambda pk: RelatedLink.objects.filter(article=pk)[:size], pk=BigIntegerField())


def _stories(links: list[RelatedLink], cards: Iterable[Article], size: int) -> list[RelatedStory]:
    found = {card.pk: card for card in cards}
    stories = [_from_link(link, found.pop(link.target_id or 0, None)) for link in links]
    stories += [_from_article(card) for card in found.values()]
    return stories[:size]


def ranked(pk: Any) -> QuerySet[Neighbour]:
    """Return the neighbours of an article (its key) that readers may get, if they are public."""
    dropped = DroppedNeighbour.objects.filter(article=pk).values("neighbour")
    found = Neighbour.objects.filter(article=pk, rank__isnull=False)
    return found.exclude(neighbour__in=dropped).order_by("rank")


@lru_cache(8)
def _kept_cards(size: int) -> Prepared:
    """`_cards` of an article's own links."""

    def build(now: Given, pk: Given) -> QuerySet[Article]:
        links = RelatedLink.objects.filter(article=pk)
        # Not every engine takes a limit where keys are looked for, but each takes one further in.
        shown = RelatedLink.objects.filter(pk__in=links.values("pk")[:size], target__isnull=False)
        return _cards(now, pk, shown.order_by().values("target"), size)

    return Prepared(build, now=DateTimeField(), pk=BigIntegerField())


def _cards(now: Any, pk: Any, targets: QuerySet, size: int) -> QuerySet[Article]:
    """The stories that an article's links lead to (keys), then its nearest neighbours: as many as
    are shown, since each link that leads to one takes a place of its own."""
    ranks = Neighbour.objects.filter(article=pk, neighbour=OuterRef("pk")).order_by()
    near = ranked(pk).order_by().values("neighbour")
    return (
        Article.objects.published(now, found=True)
        .filter(pk__in=targets.union(near, all=True))
        .exclude(pk=pk)
        .for_related()
        .annotate(
            is_target=ExpressionWrapper(Q(pk__in=targets), output_field=BooleanField()),
            rank=Subquery(ranks.values("rank")),
        )
        .order_by("-is_target", "rank", "-published_at", "-id")[:size]
    )


def _from_article(card: Article) -> RelatedStory:
    return RelatedStory(
        title=card.headline,
        url=card.get_absolute_url(),
        authors=", ".join(card.writers),
        day=timezone.localdate(card.published_at) if card.published_at else None,
        views=card.views,
        article=card,
    )


def _from_link(link: RelatedLink, card: Article | None) -> RelatedStory:
    if card is not None:
        return _from_article(card)
    return RelatedStory(link.title, link.url, link.author, link.date, link.views)
