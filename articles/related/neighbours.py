"""Related news: what the desk chose first, then the nearest stories, as they were computed."""

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
    return _stories(article.pk, article.curated, conf("RELATED_SIZE") if size is None else size)


def related_to(pk: int) -> list[RelatedStory]:
    """Return the related news of the article with that key; two queries."""
    return _stories(pk, _LINKS.rows(pk=pk), conf("RELATED_SIZE"))


_LINKS = Prepared(lambda pk: RelatedLink.objects.filter(article=pk), pk=BigIntegerField())


def _stories(pk: int | None, links: list[RelatedLink], size: int) -> list[RelatedStory]:
    links = links[:size]
    # As many places as there may be links; nothing stands in the others.
    targets = dict.fromkeys(_places(size)) | {
        place: link.target_id for place, link in zip(_places(size), links, strict=False)
    }
    # A copy that was never saved has no neighbours.
    cards = _cards(size).rows(now=timezone.now(), pk=pk or 0, **targets)
    found = {card.pk: card for card in cards}
    stories = [_from_link(link, found.pop(link.target_id or 0, None)) for link in links]
    stories += [_from_article(card) for card in found.values()]
    return stories[:size]


def ranked(pk: Any) -> QuerySet[Neighbour]:
    """Return the neighbours of an article (its key) that readers may get, if they are public."""
    dropped = DroppedNeighbour.objects.filter(article=pk).values("neighbour")
    found = Neighbour.objects.filter(article=pk, rank__isnull=False)
    return found.exclude(neighbour__in=dropped).order_by("rank")


def _places(size: int) -> list[str]:
    return [f"target_{number}" for number in range(size)]


@lru_cache(8)
def _cards(size: int) -> Prepared:
    """The stories that an article's links lead to, then its nearest neighbours."""

    def build(now: Given, pk: Given, **targets: Given) -> QuerySet[Article]:
        ours, is_target = ranked(pk), Q(pk__in=list(targets.values()))
        return (
            Article.objects.published(now, found=True)
            .filter(is_target | Q(pk__in=ours.values("neighbour")))
            .exclude(pk=pk)
            .for_related()
            .annotate(
                is_target=ExpressionWrapper(is_target, output_field=BooleanField()),
                rank=Subquery(ours.filter(neighbour=OuterRef("pk")).values("rank")),
            )
            .order_by("-is_target", "rank", "-published_at", "-id")[: 2 * size]
        )

    keys = {name: BigIntegerField() for name in ("pk", *_places(size))}
    return Prepared(build, now=DateTimeField(), **keys)


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
